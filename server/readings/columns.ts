/**
 * A batch of judged readings in columns: made once at the door, sorted by (series, time) so that concurrent transactions
 * lock in one order, repeats inside the batch settled (the last one sent wins, the others become its revisions).
 */
import { sortedOrder } from './column-order.ts';

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

/** Room at first; most requests hold fewer readings. */
const FIRST_ROOM = 64;
/** Columns of former batches, for the next ones: fresh memory costs more than filling it. Four senders at work need no more. */
const spare: ReadingColumns[] = [];
const MOST_SPARE = 4;
const MOST_SPARE_ROOM = 32_768;

function widened(columns: ReadingColumns): ReadingColumns {
  const wider = emptyColumns(Math.max(FIRST_ROOM, columns.series.length * 2));
  wider.series.set(columns.series);
  wider.observedAt.set(columns.observedAt);
  wider.value.set(columns.value);
  wider.quality.set(columns.quality);
  wider.length = columns.length;
  return wider;
}

function giveBack(columns: ReadingColumns): void {
  if (columns.series.length > MOST_SPARE_ROOM || columns.series.length === 0) return;
  if (spare.length < MOST_SPARE) spare.push({ ...columns, length: 0 });
}

export function createBatchBuilder(): BatchBuilder {
  // Doubled when full, so that adding a reading costs four stores and no object.
  let columns = emptyColumns(0);
  return {
    get length() {
      return columns.length;
    },
    add(reading) {
      if (columns.length === columns.series.length) columns = columns.length === 0 ? (spare.pop() ?? widened(columns)) : widened(columns);
      const at = columns.length++;
      columns.series[at] = reading.series;
      columns.observedAt[at] = reading.observedAt;
      columns.value[at] = reading.value;
      columns.quality[at] = reading.quality;
    },
    finish(seriesOf) {
      for (let i = 0; i < columns.length; i++) {
        const id = columns.series[i] as number;
        if (id < 0) columns.series[i] = seriesOf(id);
      }
      const batch = settle(columns);
      giveBack(columns);
      columns = emptyColumns(0);
      return batch;
    },
  };
}

function settle(sent: ReadingColumns): Batch {
  const order = sortedOrder(sent);
  const rows = emptyColumns(sent.length);
  const replaced: number[] = [];
  let n = 0;
  let repeats = 0;
  for (let k = 0; k < sent.length; k++) {
    const i = order === null ? k : (order[k] as number);
    if (k + 1 < sent.length) {
      const next = order === null ? k + 1 : (order[k + 1] as number);
      if (sent.series[next] === sent.series[i] && sent.observedAt[next] === sent.observedAt[i]) {
        if (sent.value[next] === sent.value[i] && sent.quality[next] === sent.quality[i]) repeats++;
        else replaced.push(i);
        continue;
      }
    }
    put(rows, n++, { sent, i });
  }
  const superseded = emptyColumns(replaced.length);
  for (const [at, i] of replaced.entries()) put(superseded, at, { sent, i });
  return { rows: shorten(rows, n), superseded, repeats };
}

function put(columns: ReadingColumns, at: number, { sent, i }: { sent: ReadingColumns; i: number }): void {
  columns.series[at] = sent.series[i] as number;
  columns.observedAt[at] = sent.observedAt[i] as number;
  columns.value[at] = sent.value[i] as number;
  columns.quality[at] = sent.quality[i] as number;
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

/** Spans of readings in columns, epoch ms. */
export interface Spans {
  series: number[];
  first: number[];
  last: number[];
}

const MINUTE_MS = 60_000;

/**
 * The spans of a sorted batch: within one, every minute between its first and last reading has a reading. So a span says exactly which
 * buckets were touched, and a steady backfill is still one span and not a thousand.
 */
export function touchedSpans(rows: ReadingColumns): Spans {
  const spans: Spans = { series: [], first: [], last: [] };
  let id = 0;
  let minute = 0;
  for (let i = 0; i < rows.length; i++) {
    const t = rows.observedAt[i] as number;
    const itsMinute = Math.floor(t / MINUTE_MS);
    if (rows.series[i] === id && itsMinute <= minute + 1) spans.last[spans.last.length - 1] = t;
    else {
      id = rows.series[i] as number;
      spans.series.push(id);
      spans.first.push(t);
      spans.last.push(t);
    }
    minute = itsMinute;
  }
  return spans;
}
