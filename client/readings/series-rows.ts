/**
 * A series' past as the chart draws it: rows in order of time, with what arrived since it was fetched, and its gaps. A gap is
 * a gap: nothing is ever drawn across it. Pure.
 */
import type { HistorySeries, ReadingDelta } from '../../server/contract/index.ts';

/** One reading, or one bucket of them. The values are null where there was nothing but bad readings. */
export interface Row {
  t: number;
  mean: number | null;
  min: number | null;
  max: number | null;
  last: number | null;
  count: number;
  bad: number;
  suspect: number;
}

export interface Gap {
  from: number;
  to: number;
}

type Meta = Pick<HistorySeries, 'bucketMs'>;

/** The columns of the answer as rows. */
export function rowsOf(history: HistorySeries): Row[] {
  return history.t.map((t, i) => ({
    t,
    mean: history.mean[i] ?? null,
    min: history.min[i] ?? null,
    max: history.max[i] ?? null,
    last: history.last[i] ?? null,
    count: history.count[i] ?? 0,
    bad: history.badCount[i] ?? 0,
    suspect: history.suspectCount[i] ?? 0,
  }));
}

function added(row: Row, { value, quality }: ReadingDelta): Row {
  if (quality === 'bad') return { ...row, bad: row.bad + 1 };
  const count = row.count + 1;
  return {
    ...row,
    count,
    mean: ((row.mean ?? 0) * row.count + value) / count,
    min: Math.min(row.min ?? value, value),
    max: Math.max(row.max ?? value, value),
    last: value,
    suspect: row.suspect + (quality === 'suspect' ? 1 : 0),
  };
}

const empty = (t: number): Row => ({ t, mean: null, min: null, max: null, last: null, count: 0, bad: 0, suspect: 0 });

/**
 * `rows` with `readings` (of this series, received after the rows were fetched, in order of arrival) put in: a raw reading
 * at its own time, replacing one it corrects; a reading of a rollup into its bucket. What is older than the newest row of a
 * rollup is left to the next fetch, since its bucket may hold it already.
 */
export function withLive(rows: readonly Row[], { bucketMs }: Meta, readings: readonly ReadingDelta[]): Row[] {
  const next = [...rows];
  const newest = rows.at(-1)?.t ?? null;
  for (const reading of readings) {
    // Counted from the newest bucket: where buckets begin (the city's midnight, a Monday) is the server's to know.
    const from = newest ?? 0;
    const t = bucketMs === null ? reading.observedAt : from + Math.floor((reading.observedAt - from) / bucketMs) * bucketMs;
    if (bucketMs !== null && newest !== null && t < newest) continue;
    let at = next.length;
    while (at > 0 && (next[at - 1] as Row).t > t) at -= 1;
    const before = next[at - 1];
    if (before?.t === t) next[at - 1] = added(bucketMs === null ? empty(t) : before, reading);
    else next.splice(at, 0, added(empty(t), reading));
  }
  return next;
}

/** The gaps between rows further apart than `gapMs`, the one before the first since `from`, and the one that is open at `now`. */
export function gapsOf(rows: readonly Row[], gapMs: number, { from, now }: { from: number; now: number }): Gap[] {
  const gaps: Gap[] = [];
  const first = rows[0]?.t;
  if (first !== undefined && first - from > gapMs) gaps.push({ from, to: first });
  rows.forEach((row, i) => {
    const next = rows[i + 1]?.t ?? now;
    if (next - row.t > gapMs) gaps.push({ from: row.t, to: next });
  });
  return gaps;
}

export interface LineRow {
  t: number;
  mean: number | null;
  min: number | null;
  max: number | null;
}

export interface LineShape {
  /** The length of the interval a value stands for: it is held to its end. Null: values are points in time, joined by lines. */
  holdMs: number | null;
  /** Half a bucket for rollups, so that a bucket's value stands in its middle. */
  shiftMs: number;
}

/** The rows of a line: a null between two that are further apart than `gapMs`, so that no line is drawn across. */
export function lineRows(rows: readonly Row[], gapMs: number, { holdMs, shiftMs }: LineShape): LineRow[] {
  const line: LineRow[] = [];
  rows.forEach((row, i) => {
    const { mean, min, max } = row;
    const t = row.t + shiftMs;
    line.push({ t, mean, min, max });
    const next = rows[i + 1];
    const isLast = next === undefined || next.t - row.t > gapMs;
    // A null ends the line where the row stands: without an end of its own, a value before a bad one would have no width.
    const isHeld = holdMs !== null && mean !== null && (isLast || next.mean === null);
    if (isHeld) line.push({ t: isLast ? t + holdMs : Math.min(t + holdMs, next.t + shiftMs), mean, min, max });
    if (isLast && next !== undefined) line.push({ t: t + (holdMs ?? 0) + 1, mean: null, min: null, max: null });
  });
  return line;
}

/** Rows that stand alone between gaps: a line would not show them. */
export function lonelyRows(rows: readonly Row[], gapMs: number): Row[] {
  const isFar = (a: Row | undefined, b: Row): boolean => a === undefined || a.mean === null || Math.abs(a.t - b.t) > gapMs;
  return rows.filter((row, i) => row.mean !== null && isFar(rows[i - 1], row) && isFar(rows[i + 1], row));
}

export interface Summary {
  min: number;
  max: number;
  last: number;
  lastAt: number;
  bad: number;
  suspect: number;
}

/** Least, greatest and last good value; null when there is none. */
export function summary(rows: readonly Row[]): Summary | null {
  const found: Summary = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, last: 0, lastAt: Number.NEGATIVE_INFINITY, bad: 0, suspect: 0 };
  for (const { t, min, max, last, bad, suspect } of rows) {
    found.bad += bad;
    found.suspect += suspect;
    if (min === null || max === null || last === null) continue;
    found.min = Math.min(found.min, min);
    found.max = Math.max(found.max, max);
    found.last = last;
    found.lastAt = t;
  }
  return Number.isFinite(found.lastAt) ? found : null;
}

/** The row nearest to `t`, by binary search; null when there is none. */
export function nearestRow(rows: readonly Row[], t: number): number | null {
  if (rows.length === 0) return null;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as Row).t < t) low = middle + 1;
    else high = middle;
  }
  const before = rows[low - 1];
  return before !== undefined && t - before.t < Math.abs((rows[low] as Row).t - t) ? low - 1 : low;
}
