/** All that the chart's parts share, worked out once from rows, rules and size: frame, line, gaps, limits, marks. Pure. */
import type { HistorySeries, Indicator, RuleSummary } from '../../server/contract/index.ts';
import { type Frame, MARGIN, yOf } from './chart-option.ts';
import type { TimeRange } from './chart-window.ts';
import { type Gap, gapsOf, type LineRow, lineRows, lonelyRows, type Row, type Summary, summary } from './series-rows.ts';
import { type TimeTick, timeTicks } from './time-ticks.ts';
import type { Size } from './use-echart.ts';
import { type ChartLimit, limitsFor, splitLimits, spread, startsAtZero, valueScale } from './value-scale.ts';

export interface ModelInput {
  history: HistorySeries;
  rows: readonly Row[];
  indicator: Indicator;
  rules: readonly RuleSummary[];
  /** The place and all it lies in. */
  places: readonly string[];
  zone: string;
  /** Server time. */
  now: number;
  /** From when to when the picture goes. */
  range: TimeRange;
  size: Size;
}

export interface LimitLabel {
  limit: ChartLimit;
  /** Where the label stands, pixels from the top; null for one outside the picture. */
  y: number | null;
  outside: 'above' | 'below' | null;
}

export interface ChartModel {
  frame: Frame;
  /** Rows inside the picture. */
  rows: readonly Row[];
  line: LineRow[];
  hasEnvelope: boolean;
  isStepped: boolean;
  shiftMs: number;
  lonely: Row[];
  suspect: Row[];
  bad: Row[];
  gaps: Gap[];
  limits: ChartLimit[];
  labels: LimitLabel[];
  ticks: TimeTick[];
  summary: Summary | null;
  /** Top of the newest value's label, pixels; null without a value. */
  newestTop: number | null;
  /** Decimals of the value axis. */
  axisDecimals: number;
}

/** A time label and the room around it, CSS pixels. */
const TICK_PX = 62;
/** From one value tick to the next, CSS pixels. */
const VALUE_TICK_PX = 42;
/** Height of a limit's label, CSS pixels. */
const LABEL_PX = 16;

const decimalsOf = (ticks: readonly number[]): number => Math.min(6, Math.max(0, ...ticks.map((tick) => (String(tick).split('.')[1] ?? '').length)));

function limitLabels(split: ReturnType<typeof splitLimits>, frame: Frame): LimitLabel[] {
  const inside = split.drawn.map((limit) => yOf(limit.value, frame));
  const bottom = frame.height - MARGIN.bottom;
  const edges = [...split.above.map(() => 0), ...split.below.map(() => bottom)];
  // All labels make room for each other; those outside keep to their edge, the highest on top.
  const placed = spread([...inside, ...edges], LABEL_PX, bottom);
  const all = [...split.drawn, ...[...split.above].reverse(), ...[...split.below].reverse()];
  return all.map((limit, i) => ({
    limit,
    y: placed[i] ?? null,
    outside: i < split.drawn.length ? null : i < split.drawn.length + split.above.length ? 'above' : 'below',
  }));
}

/** Width and height of the newest value's label, CSS pixels. */
const NEWEST = { width: 64, height: 24 } as const;

/** Where the newest value is written, left of its point: above whatever the line does there, or below it where there is no room. */
function newestTop(rows: readonly Row[], found: Summary | null, frame: Frame): number | null {
  if (found === null) return null;
  const since = found.lastAt - (NEWEST.width / (frame.width - MARGIN.left - MARGIN.right)) * (frame.to - frame.from);
  const near = rows.filter((row) => row.t >= since && row.mean !== null).flatMap((row) => [row.max ?? found.last, row.min ?? found.last]);
  const above = yOf(Math.max(found.last, ...near), frame) - NEWEST.height - 4;
  return above >= 0 ? above : Math.min(yOf(Math.min(found.last, ...near), frame) + 6, frame.height - MARGIN.bottom - NEWEST.height);
}

export function chartModel(input: ModelInput): ChartModel {
  const { history, indicator, size } = input;
  const { from, to } = input.range;
  // A picture of the past ends before now, and so does all that is open in it.
  const now = Math.min(input.now, to);
  const isStepped = indicator.kind === 'interval_count';
  const bucketMs = history.bucketMs;
  const hasEnvelope = bucketMs !== null;
  const holdMs = isStepped ? (bucketMs ?? indicator.intervalMs) : null;
  const shiftMs = bucketMs !== null && !isStepped ? bucketMs / 2 : 0;
  const rows = input.rows.filter((row) => row.t >= from - (bucketMs ?? 0) && row.t <= to);
  const found = summary(rows);
  const all = limitsFor(input.rules, indicator.id, input.places);
  const [low, high] = [found?.min ?? 0, found?.max ?? 0];
  const isZeroBased = startsAtZero(indicator) && low >= 0;
  // An axis that starts at zero holds every limit between zero and the data.
  const split = splitLimits(all, isZeroBased ? 0 : low, high);
  const drawn = split.drawn.map((limit) => limit.value);
  const scale = valueScale({
    low: Math.min(low, ...drawn),
    high: Math.max(high, ...drawn),
    isZeroBased,
    minStep: 10 ** -indicator.decimals,
    count: Math.max(2, Math.floor((size.height - MARGIN.top - MARGIN.bottom) / VALUE_TICK_PX)),
  });
  const frame: Frame = { ...size, from, to, scale };
  return {
    frame,
    rows,
    line: lineRows(rows, history.gapMs, { holdMs, shiftMs }),
    hasEnvelope,
    isStepped,
    shiftMs,
    lonely: isStepped ? [] : lonelyRows(rows, history.gapMs),
    suspect: rows.filter((row) => row.suspect > 0 && row.mean !== null),
    bad: rows.filter((row) => row.bad > 0),
    gaps: gapsOf(rows, history.gapMs, { from, now }).map((gap) => ({
      from: gap.to === rows[0]?.t ? gap.from : gap.from + (holdMs ?? shiftMs),
      to: Math.min(gap.to + shiftMs, now),
    })),
    limits: split.drawn,
    labels: limitLabels(split, frame),
    ticks: timeTicks(from, to, { zone: input.zone, count: (size.width - MARGIN.left - MARGIN.right) / TICK_PX }),
    summary: found,
    newestTop: newestTop(rows, found, frame),
    axisDecimals: decimalsOf(scale.ticks),
  };
}
