/**
 * The city's days. An hour or a minute is the same everywhere; a day begins when the city's does, and has 23 or 25 hours where clocks
 * change. Pure; every answer is remembered for as long as its day is asked for, as finding a day's start is slow.
 */
import { DateTime } from 'luxon';

export interface Zone {
  readonly name: string;
  /** Start of the day that holds `at`, epoch ms. */
  dayStart(at: number): number;
  /** Start of the day after the one that holds `at`. */
  nextDay(at: number): number;
  /** True when every day of the city begins on a whole hour of UTC, so that hours add up to days. */
  readonly hasWholeHours: boolean;
}

/** Days of some forty years; a page asks for one range again and again. */
const MAX_REMEMBERED = 15_000;
const HOUR_MS = 3_600_000;

export function createZone(name: string): Zone {
  // Days in order of asking, by the UTC hour that holds the instant: no zone's day begins twice within one.
  const starts = new Map<number, { start: number; next: number }>();
  let last = { start: 0, next: 0 };

  const dayOf = (at: number): { start: number; next: number } => {
    if (at >= last.start && at < last.next) return last;
    const key = Math.floor(at / HOUR_MS);
    let day = starts.get(key);
    if (day === undefined || at < day.start || at >= day.next) {
      const start = DateTime.fromMillis(at, { zone: name }).startOf('day');
      day = { start: start.toMillis(), next: start.plus({ days: 1 }).startOf('day').toMillis() };
      if (starts.size >= MAX_REMEMBERED) starts.clear();
      starts.set(key, day);
    }
    last = day;
    return day;
  };

  return { name, hasWholeHours: hasWholeHours(name), dayStart: (at) => dayOf(at).start, nextDay: (at) => dayOf(at).next };
}

/** Offsets are looked at month by month over the time that readings may have. */
function hasWholeHours(name: string): boolean {
  for (let year = 1990; year <= 2060; year++)
    for (let month = 0; month < 12; month++) if (DateTime.fromMillis(Date.UTC(year, month, 15), { zone: name }).offset % 60 !== 0) return false;
  return true;
}
