/**
 * The measured values of imported buckets in few bytes: sum, min, max and last of each, which say much the same. Pure. Bit for bit what was
 * given, except that a negative zero may become zero.
 *
 * Each bucket has a shape; of the shape's values, min comes as the difference from the bucket before, max and last as that from min, and the
 * sum as that from count × min. A sum that was added up in floating point is a few last bits off its decimals: these are written beside it.
 */
import {
  addLastBits,
  type ByteReader,
  type ByteWriter,
  decimalsOf,
  deltas,
  lastBitsBetween,
  MAX_INT,
  readFloats,
  readInts,
  SCALES,
  sums,
  writeFloats,
  writeInts,
} from './packed-columns.ts';

interface Values {
  sum: number[];
  min: number[];
  max: number[];
  last: number[];
}
type ValueRows = Values & { count: number[] };

/** Nothing good was measured: sum 0, the others NaN. */
const EMPTY = 0;
/** One value, which min, max and last are, and count × it is the sum. */
const FLAT = 1;
const FULL = 2;
/** As full; the last value is sum ÷ count, because the sender knew none. */
const WITHOUT_LAST = 3;

/** What of each bucket has to be written. */
export function shapeOf({ count, sum, min, max, last }: ValueRows): number[] {
  const shapes: number[] = [];
  for (let i = 0; i < count.length; i++) {
    const [n, s, low, high, l] = [count[i] as number, sum[i] as number, min[i] as number, max[i] as number, last[i] as number];
    if (n === 0 && s === 0 && Number.isNaN(low) && Number.isNaN(high) && Number.isNaN(l)) shapes.push(EMPTY);
    else if (low === high && low === l && s === low * n) shapes.push(FLAT);
    else shapes.push(n > 0 && l === s / n ? WITHOUT_LAST : FULL);
  }
  return shapes;
}

/** Stands for a number of decimals. */
const RAW_VALUES = 255;
const RAW_SUMS = 0;
const DECIMAL_SUMS = 1;
/** More last bits than adding ever loses: such a sum is no decimal of this scale. */
const MAX_LAST_BITS = 2 ** 31;

const scaledBy = (values: readonly number[], scale: number): number[] => values.map((value) => Math.round(value * scale));
const minus = (values: readonly number[], less: readonly number[]): number[] => values.map((value, i) => value - (less[i] as number));

export function writeValues(to: ByteWriter, rows: ValueRows, shape: readonly number[]): void {
  const of = (values: readonly number[], isOf: (kind: number) => boolean): number[] => values.filter((_, i) => isOf(shape[i] as number));
  const isFull = (kind: number): boolean => kind === FULL || kind === WITHOUT_LAST;
  const min = of(rows.min, (kind) => kind !== EMPTY);
  const max = of(rows.max, isFull);
  const last = of(rows.last, (kind) => kind === FULL);
  const sum = of(rows.sum, isFull);
  const decimals = decimalsOf(min, max, last);
  if (decimals === null) {
    to.byte(RAW_VALUES);
    for (const column of [min, max, last, sum]) writeFloats(to, column);
    return;
  }
  const scale = SCALES[decimals] as number;
  to.byte(decimals);
  writeInts(to, deltas(scaledBy(min, scale)));
  const low = scaledBy(of(rows.min, isFull), scale);
  writeInts(to, minus(scaledBy(max, scale), low));
  writeInts(
    to,
    minus(
      scaledBy(last, scale),
      scaledBy(
        of(rows.min, (kind) => kind === FULL),
        scale,
      ),
    ),
  );
  writeSums(to, { sum, count: of(rows.count, isFull), low, scale });
}

function writeSums(to: ByteWriter, { sum, count, low, scale }: { sum: readonly number[]; count: readonly number[]; low: readonly number[]; scale: number }): void {
  const above: number[] = [];
  const lastBits: number[] = [];
  for (let i = 0; i < sum.length; i++) {
    const value = sum[i] as number;
    const scaled = Math.round(value * scale);
    const base = (count[i] as number) * (low[i] as number);
    const rest = lastBitsBetween(scaled / scale, value);
    if (!(Math.abs(scaled) <= MAX_INT && Math.abs(base) <= MAX_INT && Math.abs(rest) < MAX_LAST_BITS)) {
      to.byte(RAW_SUMS);
      writeFloats(to, sum);
      return;
    }
    above.push(scaled - base);
    lastBits.push(rest);
  }
  to.byte(DECIMAL_SUMS);
  writeInts(to, above);
  writeInts(to, lastBits);
}

/** @throws RangeError for bytes that `writeValues` did not write of such shapes. */
export function readValues(from: ByteReader, { count, shape }: { count: readonly number[]; shape: readonly number[] }): Values {
  const read = readWritten(from, { count, shape });
  const values: Values = { sum: [], min: [], max: [], last: [] };
  let [nextMin, nextFull, nextLast] = [0, 0, 0];
  for (let i = 0; i < shape.length; i++) {
    const kind = shape[i];
    const n = count[i] as number;
    if (kind === EMPTY || kind === FLAT) {
      const value = kind === EMPTY ? Number.NaN : (read.min[nextMin++] as number);
      for (const column of [values.min, values.max, values.last]) column.push(value);
      values.sum.push(kind === EMPTY ? 0 : value * n);
      continue;
    }
    const sum = read.sum[nextFull] as number;
    values.min.push(read.min[nextMin++] as number);
    values.max.push(read.max[nextFull++] as number);
    values.sum.push(sum);
    values.last.push(kind === FULL ? (read.last[nextLast++] as number) : sum / n);
  }
  return values;
}

/** The columns as they were written: each without the buckets that have nothing of their own there. */
function readWritten(from: ByteReader, { count, shape }: { count: readonly number[]; shape: readonly number[] }): Values {
  const filled = shape.filter((kind) => kind !== EMPTY);
  const isFull = (kind: number | undefined): boolean => kind === FULL || kind === WITHOUT_LAST;
  const full = filled.filter(isFull);
  const withLast = full.filter((kind) => kind === FULL).length;
  const decimals = from.byte();
  if (decimals === RAW_VALUES) {
    const [min, max, last, sum] = [filled.length, full.length, withLast, full.length].map((length) => readFloats(from, length)) as [number[], number[], number[], number[]];
    return { min, max, last, sum };
  }
  const scale = SCALES[decimals];
  if (scale === undefined) throw new RangeError(`imported values with ${decimals} decimals`);
  const unscaled = (values: readonly number[]): number[] => values.map((value) => value / scale);
  const plus = (values: readonly number[], more: readonly number[]): number[] => values.map((value, i) => value + (more[i] as number));
  const min = sums(readInts(from, filled.length));
  const low = min.filter((_, i) => isFull(filled[i]));
  const max = plus(readInts(from, full.length), low);
  const last = plus(
    readInts(from, withLast),
    low.filter((_, i) => full[i] === FULL),
  );
  const counts = count.filter((_, i) => isFull(shape[i]));
  return { min: unscaled(min), max: unscaled(max), last: unscaled(last), sum: readSums(from, { counts, low, scale }) };
}

function readSums(from: ByteReader, { counts, low, scale }: { counts: readonly number[]; low: readonly number[]; scale: number }): number[] {
  if (counts.length === 0) {
    from.byte();
    return [];
  }
  if (from.byte() === RAW_SUMS) return readFloats(from, counts.length);
  const above = readInts(from, counts.length);
  const lastBits = readInts(from, counts.length);
  return above.map((value, i) => addLastBits((value + (counts[i] as number) * (low[i] as number)) / scale, lastBits[i] as number));
}
