/** One simulated series: its true values by its model, and what its sensor and line make of them. */
import { type FaultClock, fateOf, faultClock, isOrdinary, jitterOf, lateness, spiked } from './faults.ts';
import { createGenerator, type GeneratorInput } from './generate.ts';
import { DAY, type SeriesContext } from './model.ts';
import { between, unit } from './noise.ts';
import { isOnSensor, jump, type Laid, sensorOverlay, trueOverlay } from './occurrences.ts';

/** Readings of one series, ascending by `t`. */
export interface Column {
  t: Float64Array;
  value: Float64Array;
  length: number;
  /** When each is delivered, epoch ms. */
  deliveredAt: Float64Array | null;
}

export interface SeriesPlayer {
  readonly context: SeriesContext;
  /** Interval counts are delivered when their interval is over; this is how long after `t` a punctual reading comes, at least. */
  readonly delayMs: number;
  /** Readings observed in `[from, to)`, epoch ms. */
  readings(from: number, to: number): Column;
  /** The number of the reading observed at `t`, for draws that belong to it. */
  numberOf(t: number): number;
}

/** Slower series report on the clock, faster gauges each at a second of their own. */
const ON_THE_CLOCK_MS = 900_000;
const GAUGE_DELAY: readonly [number, number] = [400, 6_000];
const CLOCK_DELAY: readonly [number, number] = [1_000, 70_000];
const JITTER_MS = 2_000;

/** True values on their way into a column; one for all series, as each is read to its end before the next. */
let buffer = new Float64Array(1_440);

export function createPlayer(input: Omit<GeneratorInput, 'overlay'>, laid: readonly Laid[]): SeriesPlayer {
  const { definition, series, world } = input;
  const { key, intervalMs } = series;
  const generate = createGenerator({ ...input, overlay: trueOverlay(laid) });
  const isCount = definition.kind === 'interval_count';
  const isOnClock = isCount || intervalMs >= ON_THE_CLOCK_MS;
  // Readings stand at whole intervals of the city's time, plus the series' own seconds.
  const origin = world.startOf(0) + (isOnClock ? 0 : 1000 * Math.floor((unit(key, -3) * intervalMs) / 1000));
  const delayMs = (isCount ? intervalMs : 0) + Math.round(between(key, -4, isOnClock ? CLOCK_DELAY : GAUGE_DELAY));
  const numberFrom = (instant: number): number => Math.ceil((instant - origin) / intervalMs);
  const report = sensorOf({ input, laid, numberFrom, origin, generate, delayMs });

  return {
    context: series,
    delayMs,
    numberOf: (t) => Math.round((t - origin) / intervalMs),
    readings(from, to) {
      const first = numberFrom(from);
      const last = numberFrom(to);
      const room = Math.max(0, last - first);
      const column: Column = { t: new Float64Array(room), value: new Float64Array(room), length: 0, deliveredAt: new Float64Array(room) };
      for (let n = first; n < last; ) {
        const at = origin + n * intervalMs;
        const count = Math.min(last, numberFrom(world.startOf(world.dayOf(at)) + DAY)) - n;
        if (buffer.length < count) buffer = new Float64Array(2 * count);
        generate({ from: at, stepMs: intervalMs, count }, buffer);
        report(column, { from: at, first: n, count });
        n += count;
      }
      return column;
    },
  };
}

interface SensorInput {
  input: Omit<GeneratorInput, 'overlay'>;
  laid: readonly Laid[];
  numberFrom(instant: number): number;
  origin: number;
  delayMs: number;
  generate(chunk: { from: number; stepMs: number; count: number }, out: Float64Array): void;
}

/** Makes readings of the true values in the buffer and puts them at the end of a column: some are missing, stuck or wrong. */
function sensorOf(sensor: SensorInput): (column: Column, run: { from: number; first: number; count: number }) => void {
  const { definition, series } = sensor.input;
  const { key, intervalMs } = series;
  const { delayMs } = sensor;
  const faults = faultClock(key, intervalMs);
  const bounds = definition.validRange ?? {};
  const onSensor = sensor.laid.filter(isOnSensor);
  const reported = troubledSensor(sensor, faults, onSensor);

  return (column, { from, first, count }) => {
    const { t, value, deliveredAt } = column;
    const to = from + count * intervalMs;
    const troubled = faults.touches(from, to) || (onSensor.length > 0 && onSensor.some((laidOn) => laidOn.from < to && laidOn.to > from));
    let at = column.length;
    for (let i = 0; i < count; i++) {
      const instant = from + i * intervalMs;
      const truth = buffer[i] as number;
      const said = troubled ? reported(instant, truth, first + i) : truth;
      if (said === null) continue;
      const fate = fateOf(key, first + i);
      const ordinary = isOrdinary(fate);
      t[at] = instant;
      value[at] = ordinary ? said : spiked(fate, said, bounds);
      (deliveredAt as Float64Array)[at] = Math.round(instant + delayMs + (ordinary ? jitterOf(fate) * JITTER_MS : lateness(fate)));
      at++;
    }
    column.length = at;
  };
}

/** What a sensor says that is silent, stuck or noisy at the moment; null when nothing. */
function troubledSensor(
  { input, numberFrom, origin, generate }: SensorInput,
  faults: FaultClock,
  onSensor: readonly Laid[],
): (t: number, truth: number, n: number) => number | null {
  const { key, intervalMs } = input.series;
  const scale = 10 ** input.definition.decimals;
  const one = new Float64Array(1);
  const valueAt = (instant: number): number => {
    generate({ from: origin + numberFrom(instant) * intervalMs, stepMs: intervalMs, count: 1 }, one);
    return one[0] as number;
  };
  return (t, truth, n) => {
    const over = sensorOverlay(onSensor, t);
    if (over.silent || faults.isGap(t)) return null;
    const since = over.stuckSince ?? faults.stuckSince(t);
    const value = since === null ? truth : valueAt(since);
    return over.sd === 0 ? value : Math.round((value + jump(key, n, over.sd)) * scale) / scale;
  };
}
