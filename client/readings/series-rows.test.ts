import { describe, expect, test } from 'vitest';
import type { HistorySeries, ReadingDelta } from '../../server/contract/index.ts';
import { gapsOf, lineRows, lonelyRows, nearestRow, type Row, rowsOf, summary, withLive } from './series-rows.ts';

const aRow = (t: number, mean: number | null, more: Partial<Row> = {}): Row => ({
  t,
  mean,
  min: mean,
  max: mean,
  last: mean,
  count: mean === null ? 0 : 1,
  bad: mean === null ? 1 : 0,
  suspect: 0,
  ...more,
});
const aReading = (observedAt: number, value: number, quality: 'good' | 'suspect' | 'bad' = 'good'): ReadingDelta => ({ observedAt, value, quality }) as ReadingDelta;
const raw = { bucketMs: null };
const hourly = { bucketMs: 100 };
const shape = { holdMs: null, shiftMs: 0 };

describe('rows of a chart', () => {
  test('columns become rows, one for each bucket', () => {
    const history = {
      t: [1, 2],
      mean: [5, null],
      min: [4, null],
      max: [6, null],
      last: [5, null],
      count: [3, 0],
      badCount: [0, 2],
      suspectCount: [1, 0],
    } as unknown as HistorySeries;
    expect(rowsOf(history)).toEqual([
      { t: 1, mean: 5, min: 4, max: 6, last: 5, count: 3, bad: 0, suspect: 1 },
      { t: 2, mean: null, min: null, max: null, last: null, count: 0, bad: 2, suspect: 0 },
    ]);
  });

  test('a raw reading comes at its own time, also a late one, and a correction replaces', () => {
    const rows = withLive([aRow(10, 1), aRow(30, 3)], raw, [aReading(40, 4), aReading(20, 2), aReading(30, 9)]);
    expect(rows.map((row) => [row.t, row.mean])).toEqual([
      [10, 1],
      [20, 2],
      [30, 9],
      [40, 4],
    ]);
  });

  test('a reading of a rollup widens its bucket, and one of an older bucket is left to the next fetch', () => {
    const rows = withLive([aRow(0, 5), aRow(100, 10, { count: 1 })], hourly, [aReading(150, 20), aReading(20, 99), aReading(210, 7)]);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual(aRow(0, 5));
    expect(rows[1]).toMatchObject({ mean: 15, min: 10, max: 20, last: 20, count: 2 });
    expect(rows[2]).toMatchObject({ t: 200, mean: 7, count: 1 });
  });

  test('a bad reading is counted and draws nothing', () => {
    expect(withLive([], raw, [aReading(10, 99, 'bad')])).toEqual([aRow(10, null)]);
    expect(withLive([], raw, [aReading(10, 9, 'suspect')])[0]).toMatchObject({ mean: 9, suspect: 1 });
  });

  test('a bad reading of a rollup leaves its figures alone', () => {
    expect(withLive([aRow(100, 10)], hourly, [aReading(150, 999, 'bad')])).toEqual([aRow(100, 10, { bad: 1 })]);
  });

  test('a correction that calls a raw reading bad takes its value away', () => {
    expect(withLive([aRow(10, 5)], raw, [aReading(10, 5, 'bad')])).toEqual([aRow(10, null)]);
  });

  test('the given rows stay as they are', () => {
    const rows = [aRow(10, 1)];
    withLive(rows, raw, [aReading(10, 2), aReading(5, 1)]);
    expect(rows).toEqual([aRow(10, 1)]);
  });
});

describe('gaps', () => {
  test('what lies further apart than allowed is a gap, also up to now', () => {
    expect(gapsOf([aRow(0, 1), aRow(10, 1), aRow(50, 1)], 20, { from: 0, now: 100 })).toEqual([
      { from: 10, to: 50 },
      { from: 50, to: 100 },
    ]);
    expect(gapsOf([aRow(0, 1)], 20, { from: 0, now: 20 })).toEqual([]);
  });

  test('no line is drawn across a gap', () => {
    expect(lineRows([aRow(0, 1), aRow(10, 2), aRow(50, 3)], 20, shape).map((row) => row.mean)).toEqual([1, 2, null, 3]);
  });

  test('nor across a bucket of bad readings alone', () => {
    expect(lineRows([aRow(0, 1), aRow(10, null), aRow(20, 3)], 20, shape).map((row) => row.mean)).toEqual([1, null, 3]);
  });

  test('a value of an interval is held to its end, before a gap and at the end', () => {
    const line = lineRows([aRow(0, 1), aRow(10, 2), aRow(50, 3)], 20, { holdMs: 10, shiftMs: 0 });
    expect(line.map((row) => [row.t, row.mean])).toEqual([
      [0, 1],
      [10, 2],
      [20, 2],
      [21, null],
      [50, 3],
      [60, 3],
    ]);
  });

  test('a value of an interval is held to its end before a bad one too, and the bad one is not held', () => {
    const line = lineRows([aRow(0, 1), aRow(10, null), aRow(20, 3), aRow(25, null)], 20, { holdMs: 10, shiftMs: 0 });
    expect(line.map((row) => [row.t, row.mean])).toEqual([
      [0, 1],
      [10, 1],
      [10, null],
      [20, 3],
      [25, 3],
      [25, null],
    ]);
  });

  test('neighbours exactly as far apart as allowed are joined', () => {
    expect(gapsOf([aRow(0, 1), aRow(20, 1)], 20, { from: 0, now: 40 })).toEqual([]);
    expect(lineRows([aRow(0, 1), aRow(20, 2)], 20, shape).map((row) => row.mean)).toEqual([1, 2]);
  });

  test('no rows are no gap and no line', () => {
    expect([gapsOf([], 20, { from: 0, now: 100 }), lineRows([], 20, shape)]).toEqual([[], []]);
  });

  test('a rollup stands in the middle of its bucket', () => {
    expect(lineRows([aRow(0, 1)], 20, { holdMs: null, shiftMs: 5 })[0]?.t).toBe(5);
  });

  test('a reading alone between gaps or bad neighbours is found', () => {
    expect(lonelyRows([aRow(0, 1), aRow(10, 2), aRow(50, 3), aRow(60, null), aRow(70, 4)], 20).map((row) => row.t)).toEqual([50, 70]);
  });
});

describe('figures', () => {
  test('least and greatest come from the extremes, not from the means', () => {
    expect(summary([aRow(0, 5, { min: 1, max: 30, last: 6 }), aRow(10, null), aRow(20, 7, { suspect: 2 })])).toEqual({ min: 1, max: 30, last: 7, lastAt: 20, bad: 1, suspect: 2 });
  });

  test('bad readings alone give no figures', () => {
    expect(summary([aRow(0, null)])).toBeNull();
    expect(summary([])).toBeNull();
  });

  test('the nearest row is found on both sides and beyond the ends', () => {
    const rows = [aRow(0, 1), aRow(10, 1), aRow(30, 1)];
    expect([-5, 4, 6, 19, 21, 99].map((t) => nearestRow(rows, t))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(nearestRow([], 5)).toBeNull();
  });
});
