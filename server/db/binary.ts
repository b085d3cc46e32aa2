/**
 * Whole columns to and from PostgreSQL in its binary form: an array of a thousand numbers becomes a typed array without a text or an
 * object for each. Layout as in PostgreSQL's source, `array_send`. Hot: history passes every bucket through here.
 *
 * The driver reads every result as UTF-8 text, binary ones too, which spoils them; so a statement answers `array_send(array)`, whose
 * bytes travel as hexadecimal digits.
 */

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_MS = 946_684_800_000;
const INT2 = 21;
const INT4 = 23;
const FLOAT8 = 701;
const TIMESTAMPTZ = 1184;

const HEADER_BYTES = 20;

type Read = (view: DataView, at: number) => number;

const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [INT2, (view, at) => view.getInt16(at)],
  [INT4, (view, at) => view.getInt32(at)],
  [FLOAT8, (view, at) => view.getFloat64(at)],
  [TIMESTAMPTZ, (view, at) => instantAt(view, at)],
]);

/** Epoch ms; two halves instead of a BigInt are exact, as the count stays below 2^53. */
function instantAt(view: DataView, at: number): number {
  return (view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4)) / 1000 + EPOCH_2000_MS;
}

/** What `array_send` made of a one-dimensional array of numbers or instants; instants become epoch ms, a null becomes NaN (no stored number is one). */
export function decodeArray(bytes: Buffer): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0) === 0) return new Float64Array(0);
  const read = readers.get(view.getInt32(8));
  if (read === undefined) throw new TypeError(`no column is read from arrays of type ${view.getInt32(8)}`);
  const length = view.getInt32(12);
  const result = new Float64Array(length);
  let at = HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    const size = view.getInt32(at);
    at += 4;
    if (size < 0) result[i] = Number.NaN;
    else {
      result[i] = read(view, at);
      at += size;
    }
  }
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
