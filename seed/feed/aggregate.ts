/** Readings to aggregates, as the bulk door takes them. Pure. What is outside the physically possible is counted as bad and left out, as the door does. */
import type { RollupInput } from '../../server/contract/index.ts';
import type { Segment } from './plan.ts';

export interface Range {
  min?: number | undefined;
  max?: number | undefined;
}

export type Columns = Pick<RollupInput, 't' | 'count' | 'sum' | 'min' | 'max' | 'last' | 'badCount'> & { last: (number | null)[]; badCount: number[] };

/**
 * @param readings ascending in time
 * @param starts the first instant of the bucket that holds an instant: the city's days are not all equally long
 */
export function aggregate(readings: { t: Float64Array; value: Float64Array; length: number }, starts: (instant: number) => number, valid: Range): Columns {
  const columns: Columns = { t: [], count: [], sum: [], min: [], max: [], last: [], badCount: [] };
  const { min: least = Number.NEGATIVE_INFINITY, max: most = Number.POSITIVE_INFINITY } = valid;
  let start = Number.NaN;
  let at = -1;
  for (let i = 0; i < readings.length; i++) {
    const own = starts(readings.t[i] as number);
    if (own !== start) {
      start = own;
      at = columns.t.push(own) - 1;
      columns.count.push(0);
      columns.sum.push(0);
      columns.min.push(null);
      columns.max.push(null);
      columns.last.push(null);
      columns.badCount.push(0);
    }
    const value = readings.value[i] as number;
    if (!(value >= least && value <= most)) {
      (columns.badCount[at] as number)++;
      continue;
    }
    const count = columns.count[at] as number;
    columns.count[at] = count + 1;
    (columns.sum[at] as number) += value;
    columns.min[at] = count === 0 ? value : Math.min(columns.min[at] as number, value);
    columns.max[at] = count === 0 ? value : Math.max(columns.max[at] as number, value);
    columns.last[at] = value;
  }
  return columns;
}

/** Starts of a segment's buckets. */
export function startsOf({ resolution, widthMs }: Segment, dayStart: (instant: number) => number): (instant: number) => number {
  if (resolution !== '1d') return (instant) => Math.floor(instant / widthMs) * widthMs;
  let from = Number.NaN;
  let to = Number.NaN;
  return (instant) => {
    if (!(instant >= from && instant < to)) {
      from = dayStart(instant);
      to = dayStart(from + 26 * 3_600_000);
    }
    return from;
  };
}
