/**
 * Gathers readings and stored buckets into the buckets that are shown, and folds those of several places into one. Pure. Hot: every
 * point of a history answer passes here.
 *
 * Whatever comes in, in whatever order: count, sum, min and max add up, `last` is the one that is latest in time, and a bucket into
 * which nothing came is absent.
 */
import type { BucketGrid } from './resolution.ts';

/** Buckets in columns, oldest first. `count` counts good and suspect readings; with none of them min, max and last are NaN. */
export interface Buckets {
  t: number[];
  count: number[];
  sum: number[];
  min: number[];
  max: number[];
  last: number[];
  bad: number[];
  suspect: number[];
}

interface ReadingsIn {
  t: ArrayLike<number>;
  value: ArrayLike<number>;
  quality: ArrayLike<number>;
}

interface BucketsIn {
  t: ArrayLike<number>;
  count: ArrayLike<number>;
  sum: ArrayLike<number>;
  min: ArrayLike<number>;
  max: ArrayLike<number>;
  last: ArrayLike<number>;
  /** Starts of the buckets with bad or suspect readings, and how many of each. */
  marked: ArrayLike<number>;
  bad_count: ArrayLike<number>;
  suspect_count: ArrayLike<number>;
}

export interface Gathering {
  readings(columns: ReadingsIn): void;
  /** Stored buckets, each inside one bucket of the grid; those whose start `leaveOut` holds are not taken. */
  buckets(columns: BucketsIn, leaveOut?: ReadonlySet<number>): void;
  finish(): Buckets;
}

export function emptyBuckets(): Buckets {
  return { t: [], count: [], sum: [], min: [], max: [], last: [], bad: [], suspect: [] };
}

const BAD = 2;
const SUSPECT = 1;

export function gather(grid: BucketGrid): Gathering {
  const b = emptyBuckets();
  const lastAt: number[] = [];
  const indexes = new Map<number, number>();
  let start = 0;
  let end = 0;
  let index = -1;

  /** Most rows fall into the bucket of the row before. */
  const find = (t: number): number => {
    if (t >= start && t < end) return index;
    start = grid.start(t);
    end = grid.end(start);
    const known = indexes.get(start);
    if (known !== undefined) {
      index = known;
      return index;
    }
    index = b.t.length;
    indexes.set(start, index);
    b.t.push(start);
    for (const column of [b.count, b.sum, b.bad, b.suspect]) column.push(0);
    for (const column of [b.min, b.max, b.last]) column.push(Number.NaN);
    lastAt.push(Number.NEGATIVE_INFINITY);
    return index;
  };
  const widen = (i: number, low: number, high: number): void => {
    // Written so that the NaN of an empty bucket gives way.
    if (!((b.min[i] as number) <= low)) b.min[i] = low;
    if (!((b.max[i] as number) >= high)) b.max[i] = high;
  };

  return {
    readings({ t, value, quality }) {
      for (let k = 0; k < t.length; k++) {
        const at = t[k] as number;
        const i = find(at);
        const verdict = (quality[k] as number) & 3;
        if (verdict === BAD) {
          (b.bad[i] as number)++;
          continue;
        }
        const v = value[k] as number;
        if (verdict === SUSPECT) (b.suspect[i] as number)++;
        (b.count[i] as number)++;
        (b.sum[i] as number) += v;
        widen(i, v, v);
        if (at >= (lastAt[i] as number)) {
          lastAt[i] = at;
          b.last[i] = v;
        }
      }
    },
    buckets(c, leaveOut) {
      for (let k = 0; k < c.t.length; k++) {
        const at = c.t[k] as number;
        if (leaveOut?.has(at)) continue;
        const i = find(at);
        if (c.count[k] === 0) continue;
        (b.count[i] as number) += c.count[k] as number;
        (b.sum[i] as number) += c.sum[k] as number;
        widen(i, c.min[k] as number, c.max[k] as number);
        if (at >= (lastAt[i] as number)) {
          lastAt[i] = at;
          b.last[i] = c.last[k] as number;
        }
      }
      for (let k = 0; k < c.marked.length; k++) {
        const at = c.marked[k] as number;
        if (leaveOut?.has(at)) continue;
        const i = find(at);
        (b.bad[i] as number) += c.bad_count[k] as number;
        (b.suspect[i] as number) += c.suspect_count[k] as number;
      }
    },
    finish: () => inOrder(b),
  };
}

function inOrder(b: Buckets): Buckets {
  const isSorted = b.t.every((t, i) => i === 0 || t > (b.t[i - 1] as number));
  if (isSorted) return b;
  const order = b.t.map((_, i) => i).sort((x, y) => (b.t[x] as number) - (b.t[y] as number));
  const sorted = emptyBuckets();
  for (const key of Object.keys(sorted) as (keyof Buckets)[]) sorted[key] = order.map((i) => b[key][i] as number);
  return sorted;
}
