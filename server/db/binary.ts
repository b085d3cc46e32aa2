/**
 * Whole columns to and from PostgreSQL in its binary form: a thousand numbers become a typed array without a text or an object for each.
 * Hot: history passes every bucket through here.
 *
 * The driver reads every result as UTF-8 text, binary ones too, which spoils them; so a statement answers the bytes of each value strung
 * together, `string_agg(float8send(x), '')`, which travel as hexadecimal digits. That costs the database a third of arrays.
 */

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_MS = 946_684_800_000;
const INT2 = 21;
const INT4 = 23;
const FLOAT8 = 701;
const BYTEA = 17;
const TIMESTAMPTZ = 1184;

const HEADER_BYTES = 20;

/** How a column's bytes are read. `array`: what `array_send` makes of a stored array; the others are strung together by `…send`. */
export type ColumnType = 'instant' | 'float8' | 'int4' | 'int2' | 'array';
/** By the names of the answer's columns. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

type Read = (view: DataView, at: number) => number;
interface Element {
  size: number;
  read: Read;
}

const elements: Record<Exclude<ColumnType, 'array'>, Element> = {
  instant: { size: 8, read: (view, at) => instantAt(view, at) },
  float8: { size: 8, read: (view, at) => view.getFloat64(at) },
  int4: { size: 4, read: (view, at) => view.getInt32(at) },
  int2: { size: 2, read: (view, at) => view.getInt16(at) },
};
const elementOf: ReadonlyMap<number, Element> = new Map([
  [INT2, elements.int2],
  [INT4, elements.int4],
  [FLOAT8, elements.float8],
  [TIMESTAMPTZ, elements.instant],
]);

/** Epoch ms; two halves instead of a BigInt are exact, as the count stays below 2^53. */
function instantAt(view: DataView, at: number): number {
  return (view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4)) / 1000 + EPOCH_2000_MS;
}

/** A column's bytes as numbers; instants become epoch ms. What the database strung together of nothing is null, and an empty column. */
export function decodeColumn(bytes: Buffer | null, type: ColumnType): Float64Array {
  if (bytes === null) return new Float64Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'array') return decodeArray(view);
  const { size, read } = elements[type];
  const result = new Float64Array(bytes.byteLength / size);
  for (let i = 0; i < result.length; i++) result[i] = read(view, i * size);
  return result;
}

/** One dimension, without nulls: that is what is stored. Layout as in PostgreSQL's source, `array_send`. */
function decodeArray(view: DataView): Float64Array {
  if (view.getInt32(0) === 0) return new Float64Array(0);
  const element = elementOf.get(view.getInt32(8));
  if (element === undefined) throw new TypeError(`no column is read from arrays of type ${view.getInt32(8)}`);
  const { size, read } = element;
  const result = new Float64Array(view.getInt32(12));
  for (let i = 0; i < result.length; i++) result[i] = read(view, HEADER_BYTES + i * (4 + size) + 4);
  return result;
}

/** Columns as binary array parameters: the driver sends a Buffer as it is. */
function encodeArray(length: number, element: { oid: number; size: number }, write: (view: DataView, at: number, i: number) => void): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length * (4 + element.size));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setInt32(0, 1);
  view.setInt32(4, 0);
  view.setInt32(8, element.oid);
  view.setInt32(12, length);
  view.setInt32(16, 1);
  let at = HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    view.setInt32(at, element.size);
    write(view, at + 4, i);
    at += 4 + element.size;
  }
  return bytes;
}

export function int4Array(values: ArrayLike<number>): Buffer {
  return encodeArray(values.length, { oid: INT4, size: 4 }, (view, at, i) => view.setInt32(at, values[i] as number));
}

export function int2Array(values: ArrayLike<number>): Buffer {
  return encodeArray(values.length, { oid: INT2, size: 2 }, (view, at, i) => view.setInt16(at, values[i] as number));
}

export function float8Array(values: ArrayLike<number>): Buffer {
  return encodeArray(values.length, { oid: FLOAT8, size: 8 }, (view, at, i) => view.setFloat64(at, values[i] as number));
}

/** Epoch ms to `timestamptz[]`. */
export function instantArray(values: ArrayLike<number>): Buffer {
  return encodeArray(values.length, { oid: TIMESTAMPTZ, size: 8 }, (view, at, i) => {
    const us = ((values[i] as number) - EPOCH_2000_MS) * 1000;
    const high = Math.floor(us / 4_294_967_296);
    view.setInt32(at, high);
    view.setUint32(at + 4, us - high * 4_294_967_296);
  });
}

/** Byte strings to `bytea[]`. */
export function byteaArray(values: readonly Buffer[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + values.reduce((sum, value) => sum + 4 + value.length, 0));
  for (const [i, field] of [1, 0, BYTEA, values.length, 1].entries()) bytes.writeInt32BE(field, i * 4);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = bytes.writeInt32BE(value.length, at);
    at += value.copy(bytes, at);
  }
  return bytes;
}
