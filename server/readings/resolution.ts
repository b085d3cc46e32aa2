/**
 * Which stored form answers a question about the past, and into which buckets: the finest whose points fit. Widths are ones that people
 * know (ten minutes, six hours, a week), so that bars of two charts stand at the same times.
 */
import type { Resolution } from '../contract/index.ts';
import type { Zone } from './zone.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** A quarter of a day, for which rows are kept. */
export const QUARTER_MS = 6 * HOUR_MS;

/** The form that is read, and the width of the buckets that are shown (null: the readings themselves). Days are nominal: the city's days. */
export interface HistoryPlan {
  resolution: Resolution;
  bucketMs: number | null;
}

const widths: readonly { resolution: Resolution; bucketMs: number }[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => ({ resolution: '1m' as const, bucketMs: n * MINUTE_MS })),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => ({ resolution: '1h' as const, bucketMs: n * HOUR_MS })),
  ...[1, 7, 28, 84, 364].map((n) => ({ resolution: '1d' as const, bucketMs: n * DAY_MS })),
];

const order: readonly Resolution[] = ['raw', '1m', '1h', '1d'];

export function isCoarser(a: Resolution, b: Resolution): boolean {
  return order.indexOf(a) > order.indexOf(b);
}

/** Whether a series has minutes of its own; else its readings are its minutes. */
export function keepsMinutes(intervalMs: number): boolean {
  return intervalMs < MINUTE_MS;
}

export interface HistoryRange {
  from: number;
  to: number;
  /** How many points a series may have. */
  points: number;
}

/** `finest`: what is stored of the range (older readings are gone, or only aggregates of it were ever sent). */
export function planHistory(range: HistoryRange, intervalMs: number, finest: Resolution): HistoryPlan {
  const { from, to, points } = range;
  if (finest === 'raw' && (to - from) / intervalMs <= points) return { resolution: 'raw', bucketMs: null };
  return planBuckets(range, intervalMs, finest);
}

/** As `planHistory`, for what must come in buckets: a fold over places whose readings do not share their times. */
export function planBuckets({ from, to, points }: HistoryRange, intervalMs: number, finest: Resolution): HistoryPlan {
  // One more bucket than the range is long may be touched, at its two ends.
  const least = Math.max((to - from) / Math.max(points - 1, 1), Math.min(intervalMs, HOUR_MS));
  const found = widths.find(({ resolution, bucketMs }) => bucketMs >= least && !isCoarser(finest, resolution));
  return found ?? { resolution: '1d', bucketMs: 364 * DAY_MS };
}

/** Longest distance between neighbours of a line that is not a gap. */
export function gapMs(bucketMs: number | null, intervalMs: number, staleAfterMs: number): number {
  return bucketMs === null ? Math.max(intervalMs * 2.5, staleAfterMs) : Math.max(bucketMs, intervalMs) * 2.5;
}

/** A Monday, 1970-01-05, noon in UTC: within that day in most zones, and close enough to be rounded in the others. */
const SOME_MONDAY_MS = 4 * DAY_MS + DAY_MS / 2;

export interface BucketGrid {
  /** Start of the bucket that holds `t`. */
  start(t: number): number;
  /** End of the bucket that begins at `start`. */
  end(start: number): number;
}

/**
 * Where buckets begin: minutes and hours are UTC's, days are the city's. Several hours count from the city's midnight where hours add up
 * to its days (the last bucket of a day on which clocks change is shorter or longer), weeks from Monday.
 */
export function bucketGrid(bucketMs: number, zone: Zone): BucketGrid {
  if (bucketMs <= HOUR_MS || (bucketMs < DAY_MS && !zone.hasWholeHours)) return { start: (t) => Math.floor(t / bucketMs) * bucketMs, end: (start) => start + bucketMs };
  if (bucketMs < DAY_MS) {
    const start = (t: number): number => {
      const day = zone.dayStart(t);
      return day + Math.floor((t - day) / bucketMs) * bucketMs;
    };
    return { start, end: (at) => Math.min(at + bucketMs, zone.nextDay(at)) };
  }
  const days = bucketMs / DAY_MS;
  if (days === 1) return { start: zone.dayStart, end: zone.nextDay };
  const monday = zone.dayStart(SOME_MONDAY_MS);
  const dayAt = (index: number): number => zone.dayStart(monday + index * DAY_MS + DAY_MS / 2);
  // A day of 23 or 25 hours does not move the count, as it is rounded.
  const indexOf = (t: number): number => Math.floor(Math.round((zone.dayStart(t) - monday) / DAY_MS) / days) * days;
  return { start: (t) => dayAt(indexOf(t)), end: (at) => dayAt(indexOf(at) + days) };
}
