import { describe, expect, it } from 'vitest';
import { type Buckets, emptyBuckets, gather } from './buckets.ts';
import { foldBuckets } from './fold.ts';

const HOUR = 3_600_000;
const hourly = { start: (t: number) => Math.floor(t / HOUR) * HOUR, end: (t: number) => t + HOUR };

/** Buckets from readings (t, value) of good quality. */
function bucketsOf(readings: [number, number][]): Buckets {
  const gathering = gather(hourly);
  gathering.readings({ t: readings.map(([t]) => t), value: readings.map(([, value]) => value), quality: readings.map(() => 0) });
  return gathering.finish();
}

describe('gathering', () => {
  it('adds readings and stored buckets up, whatever their order', () => {
    const gathering = gather(hourly);
    gathering.readings({ t: [HOUR + 5], value: [7], quality: [1] });
    gathering.buckets({ t: [HOUR, 0], count: [2, 1], sum: [10, 3], min: [4, 3], max: [6, 3], last: [6, 3], marked: [HOUR, 0], bad_count: [0, 2], suspect_count: [1, 0] });
    gathering.readings({ t: [10, 20], value: [100, -1], quality: [2, 0] });
    expect(gathering.finish()).toEqual({ t: [0, HOUR], count: [2, 3], sum: [2, 17], min: [-1, 4], max: [3, 7], last: [-1, 7], bad: [3, 0], suspect: [0, 2] });
  });

  it('keeps a bucket of bad readings, without values', () => {
    const gathering = gather(hourly);
    gathering.readings({ t: [1], value: [9], quality: [2] });
    gathering.buckets({ t: [0], count: [0], sum: [0], min: [Number.NaN], max: [Number.NaN], last: [Number.NaN], marked: [0], bad_count: [3], suspect_count: [0] });
    expect(gathering.finish()).toEqual({ t: [0], count: [0], sum: [0], min: [Number.NaN], max: [Number.NaN], last: [Number.NaN], bad: [4], suspect: [0] });
  });

  it('leaves out what another source answers for', () => {
    const gathering = gather(hourly);
    gathering.buckets({ t: [0, HOUR], count: [1, 1], sum: [1, 2], min: [1, 2], max: [1, 2], last: [1, 2], marked: [0], bad_count: [1], suspect_count: [0] }, new Set([0]));
    expect(gathering.finish().t).toEqual([HOUR]);
  });
});

describe('a fold', () => {
  const a = bucketsOf([
    [0, 1],
    [1, 3],
    [HOUR, 10],
  ]);
  const b = bucketsOf([
    [0, 8],
    [2 * HOUR, 5],
  ]);

  it('of mean weighs every reading the same', () => {
    const folded = foldBuckets([a, b], { fold: 'mean', total: 2, coverage: 0 });
    expect(folded).toMatchObject({ t: [0, HOUR, 2 * HOUR], mean: [4, 10, 5], min: [1, 10, 5], max: [8, 10, 5], count: [3, 1, 1], sum: [12, 10, 5], known: [2, 1, 1] });
  });

  it('of sum adds the parts up', () => {
    expect(foldBuckets([a, b], { fold: 'sum', total: 2, coverage: 0 })).toMatchObject({ mean: [10, 10, 5], min: [9, 10, 5], max: [11, 10, 5], last: [11, 10, 5] });
  });

  it('of max and of min show the worst part', () => {
    expect(foldBuckets([a, b], { fold: 'max', total: 2, coverage: 0 })).toMatchObject({ mean: [8, 10, 5], max: [8, 10, 5], last: [8, 10, 5] });
    expect(foldBuckets([a, b], { fold: 'min', total: 2, coverage: 0 })).toMatchObject({ mean: [2, 10, 5], min: [1, 10, 5], last: [3, 10, 5] });
  });

  it('is unknown where too few of its parts are', () => {
    const folded = foldBuckets([a, b, emptyBuckets()], { fold: 'sum', total: 3, coverage: 0.5 });
    expect(folded.known).toEqual([2, 1, 1]);
    expect(folded.mean).toEqual([10, Number.NaN, Number.NaN]);
    expect(folded.max).toEqual([11, Number.NaN, Number.NaN]);
  });
});
