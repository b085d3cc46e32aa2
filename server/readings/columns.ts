/**
 * A batch of judged readings in columns: made once at the door, sorted by (series, time) so that concurrent transactions
 * lock in one order, repeats inside the batch settled (the last one sent wins, the others become its revisions).
 */

/** Readings in columns; the n-th entry of each belongs to one reading. `observedAt` in epoch ms, `quality` as stored. */
export interface ReadingColumns {
  length: number;
  series: Int32Array;
  observedAt: Float64Array;
  value: Float64Array;
  quality: Int16Array;
}

export interface Batch {
  rows: ReadingColumns;
  /** Readings of this batch that a later one of the same batch replaced by another value. */
  superseded: ReadingColumns;
  /** Readings of this batch that a later one of the same batch repeated exactly. */
  repeats: number;
}

/** Grows while a request is parsed; `finish` sorts and settles. */
export interface BatchBuilder {
  add(reading: { series: number; observedAt: number; value: number; quality: number }): void;
  readonly length: number;
  /** Sorts and settles. `seriesOf` gives the number of a series that was added under a placeholder (below 0). */
  finish(seriesOf: (placeholder: number) => number): Batch;
}

export function emptyColumns(length: number): ReadingColumns {
  return { length, series: new Int32Array(length), observedAt: new Float64Array(length), value: new Float64Array(length), quality: new Int16Array(length) };
}

export function createBatchBuilder(): BatchBuilder {
  const series: number[] = [];
  const observedAt: number[] = [];
  const value: number[] = [];
  const quality: number[] = [];
  return {
    get length() {
      return series.length;
    },
    add(reading) {
      series.push(reading.series);
      observedAt.push(reading.observedAt);
      value.push(reading.value);
      quality.push(reading.quality);
    },
    finish(seriesOf) {
      for (let i = 0; i < series.length; i++) {
        const id = series[i] as number;
        if (id < 0) series[i] = seriesOf(id);
      }
      return settle({ series, observedAt, value, quality });
    },
  };
}

interface Lists {
  series: number[];
  observedAt: number[];
  value: number[];
  quality: number[];
}

function sortedOrder(lists: Lists): Uint32Array {
  const { series, observedAt } = lists;
  const order = new Uint32Array(series.length);
  let sorted = true;
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    if (i > 0 && sorted) {
      const bySeries = (series[i] as number) - (series[i - 1] as number);
      sorted = bySeries > 0 || (bySeries === 0 && (observedAt[i] as number) >= (observedAt[i - 1] as number));
    }
  }
  // Ties keep the order of sending: the last one is the truth.
  if (!sorted) order.sort((a, b) => (series[a] as number) - (series[b] as number) || (observedAt[a] as number) - (observedAt[b] as number) || a - b);
  return order;
}

function settle(lists: Lists): Batch {
  const order = sortedOrder(lists);
  const rows = emptyColumns(order.length);
  const replaced: number[] = [];
  let n = 0;
  let repeats = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k] as number;
    const next = order[k + 1];
    if (next !== undefined && lists.series[next] === lists.series[i] && lists.observedAt[next] === lists.observedAt[i]) {
      if (lists.value[next] === lists.value[i] && lists.quality[next] === lists.quality[i]) repeats++;
      else replaced.push(i);
      continue;
    }
    put(rows, n++, { lists, i });
  }
  const superseded = emptyColumns(replaced.length);
  for (const [at, i] of replaced.entries()) put(superseded, at, { lists, i });
  return { rows: shorten(rows, n), superseded, repeats };
}

function put(columns: ReadingColumns, at: number, { lists, i }: { lists: Lists; i: number }): void {
  columns.series[at] = lists.series[i] as number;
  columns.observedAt[at] = lists.observedAt[i] as number;
  columns.value[at] = lists.value[i] as number;
  columns.quality[at] = lists.quality[i] as number;
}

function shorten(columns: ReadingColumns, length: number): ReadingColumns {
  if (columns.length === length) return columns;
  return {
    length,
    series: columns.series.subarray(0, length),
    observedAt: columns.observedAt.subarray(0, length),
    value: columns.value.subarray(0, length),
    quality: columns.quality.subarray(0, length),
  };
}

/** First and last observation time of each series of a sorted batch. */
export function touchedRanges(rows: ReadingColumns): { series: number[]; first: number[]; last: number[] } {
  const series: number[] = [];
  const first: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const id = rows.series[i] as number;
    const t = rows.observedAt[i] as number;
    if (series[series.length - 1] !== id) {
      series.push(id);
      first.push(t);
      last.push(t);
    } else last[last.length - 1] = t;
  }
  return { series, first, last };
}
