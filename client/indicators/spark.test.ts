import { expect, test } from 'vitest';
import type { HistorySeries } from '../../server/contract/index.ts';
import { aDelta } from '../live/builders.fixture.ts';
import { SPARK_SLOT_MS, SPARK_SPAN_MS, sparkFromHistory, sparkRange, sparkRuns, sparkWith } from './spark.ts';

const SLOT = SPARK_SLOT_MS;

function aHistory(change: Partial<Record<'t' | 'min' | 'max' | 'last', (number | null)[]>> & { bucketMs?: number | null; gapMs?: number }): HistorySeries {
  const t = change.t ?? [];
  const values = change.last ?? t.map(() => 1);
  const zeros = t.map(() => 0);
  return {
    series: 1,
    indicator: 'depth',
    place: 'a',
    facet: null,
    simulated: false,
    resolution: 'raw',
    bucketMs: null,
    gapMs: SLOT,
    min: values,
    max: values,
    mean: values,
    sum: zeros,
    count: zeros,
    last: values,
    badCount: zeros,
    suspectCount: zeros,
    ...change,
  } as HistorySeries;
}

test('a peak of one reading survives being put into its quarter of an hour', () => {
  const spark = sparkFromHistory(aHistory({ t: [0, 60_000, 120_000], last: [1, 40, 2] }));
  expect(spark.points).toEqual([{ t: 120_000, min: 1, max: 40, last: 2 }]);
});

test('a rollup’s least and greatest are kept, and its point stands in the middle of its bucket', () => {
  const spark = sparkFromHistory(aHistory({ t: [0], min: [1], max: [9], last: [4], bucketMs: 3_600_000 }));
  expect(spark.points).toEqual([{ t: 1_800_000, min: 1, max: 9, last: 4 }]);
});

test('a bucket that holds only bad readings leaves a hole', () => {
  expect(sparkFromHistory(aHistory({ t: [0, SLOT], min: [null, 1], max: [null, 1], last: [null, 1] })).points).toHaveLength(1);
});

test('a live reading goes to the end or into the open slot, a late one to its place, a bad one nowhere', () => {
  const start = sparkFromHistory(aHistory({ t: [0, 2 * SLOT], last: [1, 3] }));
  const later = sparkWith(start, aDelta({ observedAt: 2 * SLOT + 1000, value: 7 }), 3 * SLOT);
  expect(later.points.at(-1)).toEqual({ t: 2 * SLOT + 1000, min: 3, max: 7, last: 7 });
  expect(sparkWith(start, aDelta({ observedAt: SLOT, value: 2 }), 3 * SLOT).points.map((one) => one.last)).toEqual([1, 2, 3]);
  expect(sparkWith(start, aDelta({ observedAt: 3 * SLOT, value: 99, quality: 'bad' }), 3 * SLOT)).toBe(start);
  expect(start.points).toHaveLength(2);
});

test('a day and a second later the first point has left', () => {
  const start = sparkFromHistory(aHistory({ t: [0], last: [1] }));
  const now = SPARK_SPAN_MS + 1000;
  expect(sparkWith(start, aDelta({ observedAt: now, value: 2 }), now).points.map((one) => one.last)).toEqual([2]);
});

test('a gap is a gap: the line is broken where neighbours are too far apart', () => {
  const spark = sparkFromHistory(aHistory({ t: [0, SLOT, 9 * SLOT], last: [1, 2, 3] }));
  expect(sparkRuns(spark, 0).map((run) => run.map((one) => one.last))).toEqual([[1, 2], [3]]);
  expect(sparkRuns(spark, SLOT).map((run) => run.length)).toEqual([1, 1]);
});

test('the range is that of what is drawn', () => {
  const spark = sparkFromHistory(aHistory({ t: [0, 4 * SLOT], last: [-5, 3] }));
  expect([sparkRange(spark, 0), sparkRange(spark, SLOT), sparkRange(spark, 9 * SLOT)]).toEqual([{ min: -5, max: 3 }, { min: 3, max: 3 }, null]);
});
