/**
 * The value axis. It starts at zero wherever zero means "none", so that twice as high is twice as much; a temperature, a
 * pressure or a stage above a datum has no such zero and keeps to its own range. Limits are in the picture as far as they
 * leave the data room; those that do not fit are named at the edge, not left out. Pure.
 */
import type { Indicator, Level, RuleSummary } from '../../server/contract/index.ts';

export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** Units whose zero is a convention, not an absence. */
const withoutZero: ReadonlySet<string> = new Set(['celsius', 'fahrenheit', 'kelvin', 'hpa', 'kpa', 'mpa', 'foot', 'm']);

export function startsAtZero(indicator: Pick<Indicator, 'unit' | 'kind' | 'mapStyle'>): boolean {
  return indicator.mapStyle === 'column' || indicator.kind === 'interval_count' || !withoutZero.has(indicator.unit);
}

/** 1, 2 or 5 times a power of ten, so that some `count` steps cover `span`. */
function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

export interface ScaleInput {
  /** Least and greatest value drawn; equal ones are fine. */
  low: number;
  high: number;
  isZeroBased: boolean;
  /** Smallest step that the indicator's decimals can show. */
  minStep: number;
  /** About so many ticks. */
  count: number;
}

export function valueScale({ low, high, isZeroBased, minStep, count }: ScaleInput): Scale {
  const bottom = isZeroBased ? Math.min(0, low) : low;
  const top = isZeroBased ? Math.max(0, high) : high;
  const span = top - bottom;
  const padded = span > 0 ? span : Math.max(minStep * count, Math.abs(top) * 0.1);
  const step = Math.max(niceStep(padded * 1.06, count), minStep);
  const min = isZeroBased && low >= 0 ? 0 : Math.floor((bottom - (span > 0 ? span * 0.03 : padded / 2)) / step) * step;
  const max = Math.max(min + step, Math.ceil((top + (span > 0 ? span * 0.06 : padded / 2)) / step) * step);
  const ticks: number[] = [];
  // Counted, not added up: ten times 0.1 is not 1.
  for (let i = 0; i <= Math.round((max - min) / step); i += 1) ticks.push(Number((min + i * step).toPrecision(12)));
  return { min, max, ticks };
}

export interface ChartLimit {
  rule: string;
  level: Level;
  value: number;
}

/** The limits of the active rules that apply to this indicator at this place, lowest first; one for each level and value. */
export function limitsFor(rules: readonly RuleSummary[], indicator: string, placeAndParents: readonly string[]): ChartLimit[] {
  const found = new Map<string, ChartLimit>();
  for (const rule of rules) {
    if (!rule.active || rule.indicator !== indicator || rule.kind !== 'threshold') continue;
    if (rule.places !== null && !rule.places.some((place) => placeAndParents.includes(place))) continue;
    for (const { level, value } of rule.placeLimits[placeAndParents[0] ?? ''] ?? rule.limits) found.set(`${level} ${value}`, { rule: rule.id, level, value });
  }
  return [...found.values()].sort((a, b) => a.value - b.value);
}

/** How much of the picture's height a limit may take from the data: it is drawn when it lies within so many times their span. */
const ROOM = 3;

/** The limits that are drawn, and those above and below the picture. */
export function splitLimits(limits: readonly ChartLimit[], low: number, high: number): { drawn: ChartLimit[]; above: ChartLimit[]; below: ChartLimit[] } {
  const next = limits.find((limit) => limit.value > high)?.value ?? high;
  const previous = limits.findLast((limit) => limit.value < low)?.value ?? low;
  const span = Math.max(high - low, Math.abs(next - high), Number.MIN_VALUE);
  const ceiling = Math.max(next, low + span * ROOM);
  const floor = Math.min(previous, high - span * ROOM);
  return {
    drawn: limits.filter((limit) => limit.value <= ceiling && limit.value >= floor),
    above: limits.filter((limit) => limit.value > ceiling),
    below: limits.filter((limit) => limit.value < floor),
  };
}

/**
 * Where labels stand that would rather stand at `wanted` (pixels from the top, in any order) but need `gap` between them and
 * must stay within 0 and `height`. The order is kept; the answer has the order of the question.
 */
export function spread(wanted: readonly number[], gap: number, height: number): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  const placed: number[] = [];
  for (const { y } of order) placed.push(Math.max(Math.min(Math.max(y, 0), height), placed.length === 0 ? 0 : (placed.at(-1) as number) + gap));
  for (let n = placed.length - 1; n >= 0; n -= 1) {
    const ceiling = n === placed.length - 1 ? height : (placed[n + 1] as number) - gap;
    placed[n] = Math.min(placed[n] as number, ceiling);
  }
  const answer = new Array<number>(wanted.length).fill(0);
  order.forEach(({ i }, n) => {
    answer[i] = placed[n] as number;
  });
  return answer;
}
