import { expect, it } from 'vitest';
import { zoneClock } from '../wall-time.ts';
import { aggregate, startsOf } from './aggregate.ts';
import { dayStart } from './plan.ts';

const column = (...rows: [t: number, value: number][]) => ({ t: Float64Array.from(rows, ([t]) => t), value: Float64Array.from(rows, ([, value]) => value), length: rows.length });
const quarter = startsOf({ from: 0, to: 0, resolution: '1m', widthMs: 900_000 }, () => 0);

it('counts, sums, and keeps the least, the greatest and the last', () => {
  expect(aggregate(column([0, 3], [60_000, 1], [840_000, 2], [900_000, 7]), quarter, {})).toEqual({
    t: [0, 900_000],
    count: [3, 1],
    sum: [6, 7],
    min: [1, 7],
    max: [3, 7],
    last: [2, 7],
    badCount: [0, 0],
  });
});

it('leaves a gap where nothing was observed', () => {
  expect(aggregate(column([0, 1], [2_700_000, 1]), quarter, {}).t).toEqual([0, 2_700_000]);
});

it('counts what is impossible as bad, and takes it for nothing else', () => {
  expect(aggregate(column([0, 5], [1, 900], [2, 6], [900_000, -3]), quarter, { min: 0, max: 100 })).toMatchObject({
    count: [2, 0],
    sum: [11, 0],
    min: [5, null],
    max: [6, null],
    last: [6, null],
    badCount: [1, 1],
  });
});

it('takes the city’s days, also those of 23 and 25 hours', () => {
  const zone = zoneClock('America/New_York');
  const starts = startsOf({ from: 0, to: 0, resolution: '1d', widthMs: 86_400_000 }, (instant) => dayStart(zone, instant));
  const at = (text: string) => starts(Date.parse(text));
  expect(at('2026-03-08T23:59:00-04:00')).toBe(Date.parse('2026-03-08T00:00:00-05:00'));
  expect(at('2026-03-09T00:00:00-04:00')).toBe(Date.parse('2026-03-09T00:00:00-04:00'));
  expect(at('2026-11-01T23:30:00-05:00')).toBe(Date.parse('2026-11-01T00:00:00-04:00'));
  expect(at('2026-11-02T00:30:00-05:00')).toBe(Date.parse('2026-11-02T00:00:00-05:00'));
});
