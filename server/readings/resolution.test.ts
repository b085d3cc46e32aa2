import { expect, it } from 'vitest';
import { chooseResolution, gapMs, HOUR_MS } from './resolution.ts';
import { isStale, latenessMs } from './staleness.ts';

const MINUTE = 60_000;

it.each([
  ['a day of minutes in 1,500 points', 24 * HOUR_MS, MINUTE, 1500, 'raw'],
  ['a day of minutes in 1,440 points', 24 * HOUR_MS, MINUTE, 1440, 'raw'],
  ['a day of minutes in 1,000 points', 24 * HOUR_MS, MINUTE, 1000, '1h'],
  ['a year of hours in 1,000 points: the coarsest there is', 365 * 24 * HOUR_MS, HOUR_MS, 1000, '1h'],
])('%s', (_name, span, interval, points, resolution) => {
  expect(chooseResolution({ from: 0, to: span }, interval, points)).toBe(resolution);
});

it('two neighbours are no gap, a missing one is', () => {
  expect(gapMs('raw', MINUTE, 2 * MINUTE)).toBe(2.5 * MINUTE);
  expect(gapMs('raw', MINUTE, 5 * MINUTE)).toBe(5 * MINUTE);
  expect(gapMs('1h', MINUTE, 5 * MINUTE)).toBe(2.5 * HOUR_MS);
});

it('a reading is stale after its time, not at it', () => {
  expect([isStale(0, 100, 100), isStale(0, 100, 101)]).toEqual([false, true]);
});

it('an interval’s reading, which arrives when it is over, is never too late to be judged', () => {
  expect(latenessMs(HOUR_MS, HOUR_MS)).toBe(2 * HOUR_MS);
  expect(latenessMs(MINUTE, 5 * MINUTE)).toBe(15 * MINUTE);
});
