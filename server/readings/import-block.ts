/**
 * Imported buckets of one series and resolution, packed into blocks: a row of the store holds those of a fixed span of time. Pure.
 *
 * The packed form begins with one byte, its version:
 *   0  columns side by side as SQL can write them (migration 0008): their number (int4), then of all buckets the start in seconds from the
 *      block's (int4), width in seconds (int4), given (one byte), count (int4), sum, min, max, last (float8; NaN: none), bad, suspect (int4)
 *   1  the columns as below
 *   2  the same, deflated (raw)
 * Versions 1 and 2: the number of buckets (varint), then as columns of whole numbers (packed-columns.ts) the differences of their starts in
 * seconds, widths in seconds, given (1) or summed up (0), count, bad, suspect, shape; then the values, which the shape says: a bucket of one
 * reading, the commonest, costs its one value. Every version is read for ever; what is touched is written in the newest.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type ByteReader, createByteReader, createByteWriter, deltas, readInts, sums, writeInts } from './packed-columns.ts';
import { readValues, shapeOf, writeValues } from './packed-values.ts';
import { DAY_MS } from './resolution.ts';

/** Stored numbers of the resolutions: one minute, one hour, one day of the city. */
export const resolutionNumber = { '1m': 1, '1h': 2, '1d': 3 } as const;
export type ImportResolution = (typeof resolutionNumber)[keyof typeof resolutionNumber];

/** Span of a block, aligned to UTC: some hundred buckets each, so that a year is read from few rows and a late bucket rewrites little. */
export const BLOCK_MS: Readonly<Record<ImportResolution, number>> = { 1: DAY_MS, 2: 8 * DAY_MS, 3: 128 * DAY_MS };

/** Start of the block that holds a bucket which begins at `t`. */
export const blockOf = (resolution: ImportResolution, t: number): number => Math.floor(t / BLOCK_MS[resolution]) * BLOCK_MS[resolution];

/** Buckets in columns, oldest first, each start once. Of a bucket with a count of 0 min, max and last are NaN. */
export interface BlockRows {
  /** Start, epoch ms; a whole second. */
  t: number[];
  /** The time it stands for, seconds: a sender may know only quarters of an hour. */
  width: number[];
  /** 1: sent as it stands; 0: summed up from finer ones. */
  given: number[];
  count: number[];
  sum: number[];
  min: number[];
  max: number[];
  last: number[];
  bad: number[];
  suspect: number[];
}

export function emptyRows(): BlockRows {
  return { t: [], width: [], given: [], count: [], sum: [], min: [], max: [], last: [], bad: [], suspect: [] };
}

const BY_SQL = 0;
const PLAIN = 1;
const DEFLATED = 2;
/** Less than this is not worth the time of packing. */
const DEFLATE_FROM_BYTES = 100;
/** Blocks are small: a small window spares the time in which a large one is made ready. */
const DEFLATE = { level: 6, windowBits: 12, memLevel: 6 } as const;
/** A second each: more cannot be in a block of minutes that was written here. */
const MAX_ROWS = 86_400;

/** `at`: start of the block, epoch ms. */
export function packBlock(rows: BlockRows, at: number): Buffer {
  const to = createByteWriter();
  to.byte(PLAIN);
  to.varint(rows.t.length);
  writeInts(to, deltas(rows.t.map((t) => (t - at) / 1000)));
  for (const key of ['width', 'given', 'count', 'bad', 'suspect'] as const) writeInts(to, rows[key]);
  const shape = shapeOf(rows);
  writeInts(to, shape);
  writeValues(to, rows, shape);
  const plain = to.end();
  if (plain.length >= DEFLATE_FROM_BYTES) {
    const deflated = deflateRawSync(plain.subarray(1), DEFLATE);
    if (deflated.length + 1 < plain.length) return Buffer.concat([Buffer.from([DEFLATED]), deflated]);
  }
  return plain;
}

/** @throws Error for bytes that are no block, RangeError for those of a version that is not known. */
export function unpackBlock(data: Buffer, at: number): BlockRows {
  const version = data[0];
  switch (version) {
    case BY_SQL:
      return readSqlRows(data, at);
    case PLAIN:
      return readRows(createByteReader(data.subarray(1)), at);
    case DEFLATED:
      return readRows(createByteReader(inflateRawSync(data.subarray(1))), at);
    default:
      throw new RangeError(`imported buckets in the form ${version}, which this version does not know`);
  }
}

function readRows(from: ByteReader, at: number): BlockRows {
  const length = from.varint();
  if (length > MAX_ROWS) throw new RangeError(`${length} imported buckets in one block`);
  const t = sums(readInts(from, length)).map((seconds) => at + seconds * 1000);
  const [width, given, count, bad, suspect, shape] = Array.from({ length: 6 }, () => readInts(from, length)) as [number[], number[], number[], number[], number[], number[]];
  return { t, width, given, count, bad, suspect, ...readValues(from, { count, shape }) };
}

function readSqlRows(data: Buffer, at: number): BlockRows {
  const length = data.readInt32BE(1);
  let offset = 5;
  const column = (size: number, read: (at: number) => number): number[] => {
    const start = offset;
    offset += length * size;
    return Array.from({ length }, (_, i) => read(start + i * size));
  };
  const int4 = (): number[] => column(4, (position) => data.readInt32BE(position));
  const float8 = (): number[] => column(8, (position) => data.readDoubleBE(position));
  return {
    t: int4().map((seconds) => at + seconds * 1000),
    width: int4(),
    given: column(1, (position) => data.readUInt8(position)),
    count: int4(),
    sum: float8(),
    min: float8(),
    max: float8(),
    last: float8(),
    bad: int4(),
    suspect: int4(),
  };
}

/**
 * The starts of the given buckets without unpacking: runs of equal steps, each as first, last and step in seconds from the block's start,
 * one after the other. Exactly those: a hole ends a run.
 */
export function givenRuns({ t, given }: Pick<BlockRows, 't' | 'given'>, at: number): number[] {
  const runs: number[] = [];
  // A run of one has no step yet.
  let step = 0;
  for (let i = 0; i < t.length; i++) {
    if (given[i] !== 1) continue;
    const seconds = ((t[i] as number) - at) / 1000;
    const end = runs.length - 2;
    const distance = seconds - (runs[end] ?? 0);
    if (end < 0 || (step !== 0 && distance !== step)) {
      runs.push(seconds, seconds, 1);
      step = 0;
      continue;
    }
    step = distance;
    runs[end] = seconds;
    runs[end + 1] = distance;
  }
  return runs;
}
