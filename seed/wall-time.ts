/**
 * Wall-clock time of a zone and back. A wall time is what a clock on the wall shows, written as milliseconds as if it were UTC:
 * it is no instant, and days can be added to it without a thought about daylight saving. Pure; the zone rules come from Intl.
 */

export const DAY_MS = 86_400_000;

/** Offsets change at whole quarters of an hour at most, so one question to Intl answers for a quarter. */
const QUARTER_MS = 900_000;

/** Quarters remembered for each zone: some three weeks of them. */
const MOST_QUARTERS = 2_000;

export interface ZoneClock {
  /** The wall time at an instant (epoch milliseconds). */
  wallOf(instant: number): number;
  /**
   * The instants at which the wall shows `wall`, earliest first: none in the hour that daylight saving skips, two in the hour
   * that it repeats, else one.
   */
  instantsOf(wall: number): number[];
  /** The first instant whose wall time is `wall` or, in a skipped hour, later. */
  firstInstantFrom(wall: number): number;
}

/** @throws RangeError when `zone` is no IANA time zone. */
export function zoneClock(zone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();

  const offsetAt = (instant: number): number => {
    const quarter = Math.floor(instant / QUARTER_MS);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= MOST_QUARTERS) offsets.clear();
    const start = quarter * QUARTER_MS;
    const parts = Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
    const shown = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0);
    offsets.set(quarter, shown - start);
    return shown - start;
  };

  const instantsOf = (wall: number): number[] => {
    // The offsets a day before and after are those on both sides of any change of the clocks.
    const candidates = new Set([wall - offsetAt(wall - DAY_MS), wall - offsetAt(wall + DAY_MS)]);
    return [...candidates].filter((instant) => instant + offsetAt(instant) === wall).sort((a, b) => a - b);
  };

  return {
    wallOf: (instant) => instant + offsetAt(instant),
    instantsOf,
    firstInstantFrom: (wall) => instantsOf(wall)[0] ?? wall - offsetAt(wall - DAY_MS),
  };
}

/** The number of the day (days since 1970-01-01) in which a wall time lies. */
export const dayOf = (wall: number): number => Math.floor(wall / DAY_MS);

/** The number of a day written as `2023-09-29`. @throws RangeError when it is no date. */
export function dayNumber(date: string): number {
  const wall = parseWall(date);
  if (wall === null || date.length !== 10) throw new RangeError(`not a date such as 2023-09-29: ${JSON.stringify(date)}`);
  return dayOf(wall);
}

const wallPattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;

/** A wall time written as `2023-09-29`, `2016-07-11 17:00:00` or `2015-03-01T00:00`; null when it is none. */
export function parseWall(text: string): number | null {
  const match = wallPattern.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, Number((match[7] ?? '').padEnd(3, '0')));
  const date = new Date(wall);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? wall : null;
}
