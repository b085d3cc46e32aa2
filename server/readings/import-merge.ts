/**
 * What an import does to the imported buckets that are there. Pure; hot. A row sent as it stands rules its bucket. Hours are summed up from
 * minutes, and days of the city from hours, where nobody sent them as they stand, also over the borders of blocks.
 */
import { BLOCK_MS, type BlockRows, blockOf, emptyRows, type ImportResolution } from './import-block.ts';
import type { ImportColumns } from './imports.ts';
import { DAY_MS, HOUR_MS } from './resolution.ts';
import type { Zone } from './zone.ts';

/** One series' aggregates of one resolution, judged; `rows` in order of time, each bucket once, none of which has readings. */
export interface ImportEntry {
  series: number;
  resolution: ImportResolution;
  widthMs: number;
  rows: ImportColumns;
}

export interface ImportedBlock {
  series: number;
  resolution: ImportResolution;
  /** Start, epoch ms. */
  at: number;
  rows: BlockRows;
  /** It differs from what is stored. */
  isChanged: boolean;
}

/** Blocks by `keyOf`: every one that an entry may touch, empty where the store has none. */
export type Blocks = Map<string, ImportedBlock>;

export const keyOf = ({ series, resolution, at }: Pick<ImportedBlock, 'series' | 'resolution' | 'at'>): string => `${series} ${resolution} ${at}`;

/** All blocks, empty, that these entries touch: their own, and those of the hours and days that hold them. */
export function blocksOf(entries: readonly ImportEntry[], zone: Zone): Blocks {
  const blocks: Blocks = new Map();
  const add = (series: number, resolution: ImportResolution, { from, to }: { from: number; to: number }): void => {
    for (let at = blockOf(resolution, from); at <= to; at += BLOCK_MS[resolution]) {
      const block = { series, resolution, at, rows: emptyRows(), isChanged: false };
      const key = keyOf(block);
      if (!blocks.has(key)) blocks.set(key, block);
    }
  };
  for (const { series, resolution, rows } of entries) {
    for (const { from, to } of slicesOf(rows.t, resolution)) {
      const range = { from: rows.t[from] as number, to: rows.t[to - 1] as number };
      add(series, resolution, range);
      if (resolution === 3) continue;
      // A minute's hour may begin in the day before, where days do not begin on whole hours.
      const firstHour = Math.floor(range.from / HOUR_MS) * HOUR_MS;
      const days = { from: zone.dayStart(firstHour), to: zone.dayStart(range.to) };
      add(series, 2, { from: days.from, to: zone.nextDay(range.to) - 1 });
      add(series, 3, days);
    }
  }
  return blocks;
}

/** Parts of ascending starts that lie in one block each, as positions [from, to). */
function* slicesOf(t: readonly number[], resolution: ImportResolution): Generator<{ at: number; from: number; to: number }> {
  for (let from = 0; from < t.length; ) {
    const at = blockOf(resolution, t[from] as number);
    const end = at + BLOCK_MS[resolution];
    let to = from + 1;
    while (to < t.length && (t[to] as number) < end) to++;
    yield { at, from, to };
    from = to;
  }
}

export interface MergeCounts {
  accepted: number;
  duplicates: number;
  revised: number;
}

/** Puts one entry into its blocks, and what follows from it into those of its hours and days. */
export function applyEntry(blocks: Blocks, entry: ImportEntry, zone: Zone): MergeCounts {
  const { series, resolution, widthMs, rows } = entry;
  const counts: MergeCounts = { accepted: 0, duplicates: 0, revised: 0 };
  const hours: number[] = [];
  for (const { at, from, to } of slicesOf(rows.t, resolution)) {
    const block = blockAt(blocks, { series, resolution, at });
    const merged = merge(block, toBlockRows(rows, { from, to, widthMs }));
    counts.accepted += merged.accepted;
    counts.revised += merged.revised;
    counts.duplicates += to - from - merged.accepted - merged.revised;
    if (resolution === 2) for (const t of merged.changed) hours.push(t);
    if (resolution === 1) for (const t of mergeDerived(blocks, series, { resolution: 2, rows: hoursOf(block.rows, merged.changed) })) hours.push(t);
  }
  if (resolution !== 3) mergeDerived(blocks, series, { resolution: 3, rows: daysOf(blocks, { series, hours, zone }) });
  return counts;
}

function blockAt(blocks: Blocks, of: { series: number; resolution: ImportResolution; at: number }): ImportedBlock {
  const block = blocks.get(keyOf(of));
  if (block === undefined) throw new Error(`the block ${keyOf(of)} was not read before it was written`);
  return block;
}

function toBlockRows(rows: ImportColumns, { from, to, widthMs }: { from: number; to: number; widthMs: number }): BlockRows {
  const of = (column: readonly number[]): number[] => column.slice(from, to);
  const all = (value: number): number[] => new Array<number>(to - from).fill(value);
  return {
    t: of(rows.t),
    width: all(widthMs / 1000),
    given: all(1),
    count: of(rows.count),
    sum: of(rows.sum),
    min: of(rows.min),
    max: of(rows.max),
    last: of(rows.last),
    bad: of(rows.bad),
    suspect: of(rows.suspect),
  };
}

/** Sets what was summed up, where nothing was given; starts of the buckets that changed. */
function mergeDerived(blocks: Blocks, series: number, { resolution, rows }: { resolution: 2 | 3; rows: BlockRows }): number[] {
  const changed: number[] = [];
  for (const { at, from, to } of slicesOf(rows.t, resolution)) {
    const part = emptyRows();
    for (let i = from; i < to; i++) copyRow(part, rows, i);
    changed.push(...merge(blockAt(blocks, { series, resolution, at }), part).changed);
  }
  return changed;
}

interface Merged {
  accepted: number;
  revised: number;
  /** Starts of new and changed buckets. */
  changed: number[];
}

/** Two lists in order of time become one. What was summed up gives way to what was given, never the other way. */
function merge(block: ImportedBlock, incoming: BlockRows): Merged {
  const old = block.rows;
  if (old.t.length === 0 && incoming.t.length > 0) {
    block.rows = incoming;
    block.isChanged = true;
    return { accepted: incoming.t.length, revised: 0, changed: incoming.t };
  }
  const merged: Merged = { accepted: 0, revised: 0, changed: [] };
  const rows = emptyRows();
  for (let i = 0, k = 0; i < old.t.length || k < incoming.t.length; ) {
    const before = old.t[i] ?? Number.POSITIVE_INFINITY;
    const next = incoming.t[k] ?? Number.POSITIVE_INFINITY;
    if (before < next || (before === next && (isSame(old, i, { rows: incoming, at: k }) || (old.given[i] as number) > (incoming.given[k] as number)))) {
      copyRow(rows, old, i++);
      if (before === next) k++;
      continue;
    }
    merged[before === next ? 'revised' : 'accepted']++;
    merged.changed.push(next);
    copyRow(rows, incoming, k++);
    if (before === next) i++;
  }
  if (merged.changed.length > 0) {
    block.rows = rows;
    block.isChanged = true;
  }
  return merged;
}

function copyRow(to: BlockRows, from: BlockRows, i: number): void {
  to.t.push(from.t[i] as number);
  to.width.push(from.width[i] as number);
  to.given.push(from.given[i] as number);
  to.count.push(from.count[i] as number);
  to.sum.push(from.sum[i] as number);
  to.min.push(from.min[i] as number);
  to.max.push(from.max[i] as number);
  to.last.push(from.last[i] as number);
  to.bad.push(from.bad[i] as number);
  to.suspect.push(from.suspect[i] as number);
}

const equal = (a: number | undefined, b: number | undefined): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

function isSame(a: BlockRows, i: number, { rows: b, at: k }: { rows: BlockRows; at: number }): boolean {
  return (
    a.width[i] === b.width[k] &&
    a.given[i] === b.given[k] &&
    a.count[i] === b.count[k] &&
    a.sum[i] === b.sum[k] &&
    equal(a.min[i], b.min[k]) &&
    equal(a.max[i], b.max[k]) &&
    equal(a.last[i], b.last[k]) &&
    a.bad[i] === b.bad[k] &&
    a.suspect[i] === b.suspect[k]
  );
}

/** The hours of minutes that changed, from all minutes of each. A block of minutes holds whole hours. */
function hoursOf(minutes: BlockRows, changed: readonly number[]): BlockRows {
  const hours = emptyRows();
  let i = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const t of changed) {
    if (t < end) continue;
    const hour = Math.floor(t / HOUR_MS) * HOUR_MS;
    end = hour + HOUR_MS;
    while ((minutes.t[i] ?? end) < hour) i++;
    i = sumUp(hours, minutes, { at: hour, end, widthMs: HOUR_MS, from: i });
  }
  return hours;
}

/** The city's days of hours that changed, from all hours that begin in each: they may lie in two blocks. */
function daysOf(blocks: Blocks, { series, hours, zone }: { series: number; hours: readonly number[]; zone: Zone }): BlockRows {
  const days = emptyRows();
  let end = Number.NEGATIVE_INFINITY;
  for (const hour of hours) {
    if (hour < end) continue;
    const day = zone.dayStart(hour);
    end = zone.nextDay(hour);
    const within = emptyRows();
    for (let at = blockOf(2, day); at < end; at += BLOCK_MS[2]) {
      const { rows } = blockAt(blocks, { series, resolution: 2, at });
      for (let i = 0; i < rows.t.length; i++) if ((rows.t[i] as number) >= day && (rows.t[i] as number) < end) copyRow(within, rows, i);
    }
    sumUp(days, within, { at: day, end, widthMs: DAY_MS, from: 0 });
  }
  return days;
}

/** Appends the bucket at `at`, made of the rows from position `from` on that begin before `end`, of which there is one; the position after them. */
function sumUp(to: BlockRows, rows: BlockRows, { at, end, widthMs, from }: { at: number; end: number; widthMs: number; from: number }): number {
  let [count, sum, bad, suspect] = [0, 0, 0, 0];
  let [min, max, last] = [Number.NaN, Number.NaN, Number.NaN];
  let i = from;
  for (; i < rows.t.length && (rows.t[i] as number) < end; i++) {
    bad += rows.bad[i] as number;
    suspect += rows.suspect[i] as number;
    if (rows.count[i] === 0) continue;
    count += rows.count[i] as number;
    sum += rows.sum[i] as number;
    // Written so that the NaN of nothing yet gives way.
    if (!(min <= (rows.min[i] as number))) min = rows.min[i] as number;
    if (!(max >= (rows.max[i] as number))) max = rows.max[i] as number;
    last = rows.last[i] as number;
  }
  const made: Record<keyof BlockRows, number> = { t: at, width: widthMs / 1000, given: 0, count, sum, min, max, last, bad, suspect };
  for (const key of Object.keys(made) as (keyof BlockRows)[]) to[key].push(made[key]);
  return i;
}
