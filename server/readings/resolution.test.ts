import { describe, expect, it } from 'vitest';
import { bucketGrid, DAY_MS, gapMs, HOUR_MS, MINUTE_MS, planBuckets, planHistory } from './resolution.ts';
import { isStale, latenessMs } from './staleness.ts';
import { createZone } from './zone.ts';

describe('the form that answers', () => {
  it.each([
    ['a day of minutes in 1,440 points', DAY_MS, MINUTE_MS, 1440, 'raw', 'raw', null],
    ['a day of minutes in 1,000 points', DAY_MS, MINUTE_MS, 1000, 'raw', '1m', 2 * MINUTE_MS],
    ['a week of minutes in 1,440 points', 7 * DAY_MS, MINUTE_MS, 1440, 'raw', '1m', 10 * MINUTE_MS],
    ['a year of minutes in 1,500 points', 365 * DAY_MS, MINUTE_MS, 1500, 'raw', '1h', 6 * HOUR_MS],
    ['a year of minutes in 400 points', 365 * DAY_MS, MINUTE_MS, 400, 'raw', '1d', DAY_MS],
    ['five years in 1,000 points', 5 * 365 * DAY_MS, MINUTE_MS, 1000, 'raw', '1d', 7 * DAY_MS],
    ['a year of hours in 10,000 points', 365 * DAY_MS, HOUR_MS, 10_000, 'raw', 'raw', null],
    ['what is longer than anything', 100 * 365 * DAY_MS, MINUTE_MS, 10, 'raw', '1d', 364 * DAY_MS],
    ['an hour whose readings are gone', HOUR_MS, MINUTE_MS, 1000, '1h', '1h', HOUR_MS],
    ['an hour of which only days were kept', HOUR_MS, MINUTE_MS, 1000, '1d', '1d', DAY_MS],
  ] as const)('%s', (_name, span, interval, points, finest, resolution, bucketMs) => {
    expect(planHistory({ from: 0, to: span, points }, interval, finest)).toEqual({ resolution, bucketMs });
  });

  it('never gives more buckets than points, wherever the range begins', () => {
    for (const days of [1, 7, 30, 365]) {
      for (const points of [10, 100, 500, 1500]) {
        const range = { from: 12_345, to: 12_345 + days * DAY_MS, points };
        const { bucketMs } = planBuckets(range, MINUTE_MS, 'raw');
        const grid = bucketGrid(bucketMs ?? 0, createZone('Asia/Shanghai'));
        let count = 0;
        for (let t = grid.start(range.from); t < range.to; t = grid.end(t)) count++;
        expect(count).toBeLessThanOrEqual(points);
      }
    }
  });
});

describe('where buckets begin', () => {
  const shanghai = createZone('Asia/Shanghai');
  const newYork = createZone('America/New_York');
  const at = (iso: string): number => Date.parse(iso);

  it('minutes and hours are those of UTC, six hours count from the city’s midnight', () => {
    expect(bucketGrid(10 * MINUTE_MS, shanghai).start(at('2026-03-01T10:19:59Z'))).toBe(at('2026-03-01T10:10:00Z'));
    expect(bucketGrid(6 * HOUR_MS, shanghai).start(at('2026-03-01T10:19:59Z'))).toBe(at('2026-03-01T18:00:00+08:00'));
  });

  it('a day is the city’s, also of 23 and 25 hours', () => {
    const grid = bucketGrid(DAY_MS, newYork);
    expect(grid.end(at('2026-03-08T00:00:00-05:00')) - at('2026-03-08T00:00:00-05:00')).toBe(23 * HOUR_MS);
    expect(grid.end(at('2026-11-01T00:00:00-04:00')) - at('2026-11-01T00:00:00-04:00')).toBe(25 * HOUR_MS);
    expect(grid.start(at('2026-11-01T23:30:00-05:00'))).toBe(at('2026-11-01T00:00:00-04:00'));
  });

  it('the last six hours of a day on which clocks change are shorter or longer', () => {
    const grid = bucketGrid(6 * HOUR_MS, newYork);
    const ends = (day: string): number[] => {
      const hours: number[] = [];
      for (let t = at(day); t < newYork.nextDay(at(day)); t = grid.end(t)) hours.push((grid.end(t) - t) / HOUR_MS);
      return hours;
    };
    expect(ends('2026-03-08T00:00:00-05:00')).toEqual([6, 6, 6, 5]);
    expect(ends('2026-11-01T00:00:00-04:00')).toEqual([6, 6, 6, 6, 1]);
  });

  it('a week begins on Monday, in summer and in winter', () => {
    const grid = bucketGrid(7 * DAY_MS, newYork);
    expect(grid.start(at('2026-07-05T12:00:00-04:00'))).toBe(at('2026-06-29T00:00:00-04:00'));
    expect(grid.start(at('2026-11-01T23:00:00-05:00'))).toBe(at('2026-10-26T00:00:00-04:00'));
    expect(grid.end(at('2026-10-26T00:00:00-04:00'))).toBe(at('2026-11-02T00:00:00-05:00'));
  });

  it('hours of a zone that is off by half an hour do not add up to days, and stay those of UTC', () => {
    const kolkata = createZone('Asia/Kolkata');
    expect([kolkata.hasWholeHours, shanghai.hasWholeHours, newYork.hasWholeHours]).toEqual([false, true, true]);
    expect(bucketGrid(6 * HOUR_MS, kolkata).start(at('2026-03-01T10:00:00Z'))).toBe(at('2026-03-01T06:00:00Z'));
    expect(bucketGrid(DAY_MS, kolkata).start(at('2026-03-01T10:00:00Z'))).toBe(at('2026-02-28T18:30:00Z'));
  });
});

it('two neighbours are no gap, a missing one is', () => {
  expect(gapMs(null, MINUTE_MS, 2 * MINUTE_MS)).toBe(2.5 * MINUTE_MS);
  expect(gapMs(null, MINUTE_MS, 5 * MINUTE_MS)).toBe(5 * MINUTE_MS);
  expect(gapMs(HOUR_MS, MINUTE_MS, 5 * MINUTE_MS)).toBe(2.5 * HOUR_MS);
});

it('a reading is stale after its time, not at it', () => {
  expect([isStale(0, 100, 100), isStale(0, 100, 101)]).toEqual([false, true]);
});

it('an interval’s reading, which arrives when it is over, is never too late to be judged', () => {
  expect(latenessMs(HOUR_MS, HOUR_MS)).toBe(2 * HOUR_MS);
  expect(latenessMs(MINUTE_MS, 5 * MINUTE_MS)).toBe(15 * MINUTE_MS);
});
