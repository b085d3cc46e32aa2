/**
 * Several places as one larger place, by the indicator's rule. Pure. Each bucket says how many of its parts were known; below the
 * declared coverage it is unknown, never a smaller number that looks like a calm one.
 *
 * What is shown, by rule: `mean` weighs every reading the same; `sum` adds the parts up, so its min and max are bounds that the true
 * ones cannot leave; `max` and `min` show the worst part at each statistic. `sum` and `count` are those of all readings.
 */
import type { Indicator } from '../contract/index.ts';
import type { Buckets } from './buckets.ts';

export interface FoldedBuckets {
  t: number[];
  /** NaN where the fold is unknown. */
  mean: number[];
  min: number[];
  max: number[];
  last: number[];
  sum: number[];
  count: number[];
  bad: number[];
  suspect: number[];
  /** Parts with a value in the bucket. */
  known: number[];
}

export type Fold = Exclude<Indicator['fold'], 'none'>;

interface Cell {
  known: number;
  count: number;
  sum: number;
  bad: number;
  suspect: number;
  mean: number;
  min: number;
  max: number;
  last: number;
}

type Combine = (a: number, b: number) => number;
const add: Combine = (a, b) => a + b;

/** How each statistic of two parts becomes one; the mean of `mean` comes from sum and count in the end. */
const combine: Record<Fold, { mean: Combine; min: Combine; max: Combine; last: Combine }> = {
  sum: { mean: add, min: add, max: add, last: add },
  mean: { mean: add, min: Math.min, max: Math.max, last: add },
  max: { mean: Math.max, min: Math.max, max: Math.max, last: Math.max },
  min: { mean: Math.min, min: Math.min, max: Math.min, last: Math.min },
};

/** `total`: how many parts there should be; `coverage`: the share of them (0 to 1) that must be known. */
export function foldBuckets(parts: readonly Buckets[], by: { fold: Fold; total: number; coverage: number }): FoldedBuckets {
  const rule = combine[by.fold];
  const cells = new Map<number, Cell>();
  for (const part of parts) {
    for (let i = 0; i < part.t.length; i++) {
      const t = part.t[i] as number;
      let cell = cells.get(t);
      if (cell === undefined) {
        cell = { known: 0, count: 0, sum: 0, bad: 0, suspect: 0, mean: 0, min: 0, max: 0, last: 0 };
        cells.set(t, cell);
      }
      cell.bad += part.bad[i] as number;
      const count = part.count[i] as number;
      if (count === 0) continue;
      const own = { mean: (part.sum[i] as number) / count, min: part.min[i] as number, max: part.max[i] as number, last: part.last[i] as number };
      for (const key of ['mean', 'min', 'max', 'last'] as const) cell[key] = cell.known === 0 ? own[key] : rule[key](cell[key], own[key]);
      cell.known++;
      cell.count += count;
      cell.sum += part.sum[i] as number;
      cell.suspect += part.suspect[i] as number;
    }
  }
  return toColumns(cells, by);
}

function toColumns(cells: ReadonlyMap<number, Cell>, { fold, total, coverage }: { fold: Fold; total: number; coverage: number }): FoldedBuckets {
  const folded: FoldedBuckets = { t: [], mean: [], min: [], max: [], last: [], sum: [], count: [], bad: [], suspect: [], known: [] };
  for (const [t, cell] of [...cells].sort(([a], [b]) => a - b)) {
    const isKnown = cell.known > 0 && cell.known >= coverage * total;
    folded.t.push(t);
    folded.mean.push(!isKnown ? Number.NaN : fold === 'mean' ? cell.sum / cell.count : cell.mean);
    folded.min.push(isKnown ? cell.min : Number.NaN);
    folded.max.push(isKnown ? cell.max : Number.NaN);
    folded.last.push(!isKnown ? Number.NaN : fold === 'mean' ? cell.last / cell.known : cell.last);
    folded.sum.push(cell.sum);
    folded.count.push(cell.count);
    folded.bad.push(cell.bad);
    folded.suspect.push(cell.suspect);
    folded.known.push(cell.known);
  }
  return folded;
}
