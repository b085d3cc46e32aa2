/**
 * Columns of numbers in few bytes, and back, bit for bit. Pure. Hot: every imported bucket passes here when it is stored and when it is
 * shown. Whole numbers come as one value, as runs or one by one, whichever is shortest; measured values, which mostly have few decimals,
 * come as whole numbers of their last decimal; what has none such comes as it is, byte by byte of all values, so that it packs well.
 */

export interface ByteWriter {
  byte(value: number): void;
  /** A whole number from 0 to 2^53. */
  varint(value: number): void;
  bytes(value: Uint8Array): void;
  end(): Buffer;
}

export interface ByteReader {
  byte(): number;
  varint(): number;
  bytes(length: number): Uint8Array;
}

const FIRST_BYTES = 2048;
/** A varint of 2^53. */
const VARINT_BYTES = 8;

export function createByteWriter(): ByteWriter {
  let bytes = Buffer.allocUnsafe(FIRST_BYTES);
  let at = 0;
  const need = (room: number): void => {
    if (at + room <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + room));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  };
  return {
    byte(value) {
      need(1);
      bytes[at++] = value;
    },
    varint(value) {
      need(VARINT_BYTES);
      let rest = value;
      for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
      for (; rest >= 128; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
      bytes[at++] = rest;
    },
    bytes(value) {
      need(value.length);
      bytes.set(value, at);
      at += value.length;
    },
    end: () => bytes.subarray(0, at),
  };
}

/** @throws RangeError from any of its calls when the bytes end early. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  let at = 0;
  const next = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new RangeError('a packed column ends early');
    return value;
  };
  return {
    byte: next,
    varint() {
      let value = 0;
      let scale = 1;
      for (;;) {
        const part = next();
        value += (part & 127) * scale;
        if (part < 128) return value;
        scale *= 128;
      }
    },
    bytes(length) {
      const part = bytes.subarray(at, at + length);
      if (part.length < length) throw new RangeError('a packed column ends early');
      at += length;
      return part;
    },
  };
}

/** Small magnitudes become small numbers, whatever their sign. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

const ONE = 0;
const RUNS = 1;
const EACH = 2;

/** Whole numbers of at most 2^52 in magnitude. Their number is not written. */
export function writeInts(to: ByteWriter, values: readonly number[]): void {
  const length = values.length;
  if (length === 0) return;
  let runs = 1;
  for (let i = 1; i < length; i++) if (values[i] !== values[i - 1]) runs++;
  if (runs === 1) {
    to.byte(ONE);
    to.varint(zigzag(values[0] as number));
  } else if (runs * 2 <= length) {
    to.byte(RUNS);
    for (let from = 0; from < length; ) {
      let end = from + 1;
      while (end < length && values[end] === values[from]) end++;
      to.varint(zigzag(values[from] as number));
      to.varint(end - from);
      from = end;
    }
  } else {
    to.byte(EACH);
    for (let i = 0; i < length; i++) to.varint(zigzag(values[i] as number));
  }
}

/** The same number of values as was written. @throws RangeError for bytes that are no such column. */
export function readInts(from: ByteReader, length: number): number[] {
  if (length === 0) return [];
  const mode = from.byte();
  if (mode === ONE) return new Array<number>(length).fill(unzigzag(from.varint()));
  const values: number[] = [];
  if (mode === EACH) for (let i = 0; i < length; i++) values.push(unzigzag(from.varint()));
  else if (mode === RUNS)
    while (values.length < length) {
      const value = unzigzag(from.varint());
      const end = values.length + from.varint();
      if (end > length || end === values.length) throw new RangeError('a packed column has a run that is too long or empty');
      while (values.length < end) values.push(value);
    }
  else throw new RangeError(`a packed column has the unknown mode ${mode}`);
  return values;
}

/** Differences of neighbours; the first from 0. */
export function deltas(values: readonly number[]): number[] {
  return values.map((value, i) => value - (i === 0 ? 0 : (values[i - 1] as number)));
}

export function sums(differences: readonly number[]): number[] {
  let sum = 0;
  return differences.map((difference) => {
    sum += difference;
    return sum;
  });
}

/** Whole numbers beyond this are not written as decimals: sums and differences of two stay exact. */
export const MAX_INT = 2 ** 50;
/** Scales of decimals: 10 to the index. */
export const SCALES: readonly number[] = [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** The least number of decimals (an index of `SCALES`) with which every value is exactly a whole number divided by its scale; null where there is none. */
export function decimalsOf(...columns: readonly (readonly number[])[]): number | null {
  let decimals = 0;
  let most = 0;
  for (const column of columns)
    for (const value of column) {
      for (;;) {
        const scale = SCALES[decimals];
        if (scale === undefined || !Number.isFinite(value)) return null;
        if (Math.round(value * scale) / scale === value) break;
        decimals++;
      }
      most = Math.max(most, Math.abs(value));
    }
  return most * (SCALES[decimals] as number) <= MAX_INT ? decimals : null;
}

/** Any numbers, as they are. */
export function writeFloats(to: ByteWriter, values: readonly number[]): void {
  const view = new DataView(new ArrayBuffer(8));
  const planes = new Uint8Array(values.length * 8);
  for (let i = 0; i < values.length; i++) {
    view.setFloat64(0, values[i] as number);
    for (let plane = 0; plane < 8; plane++) planes[plane * values.length + i] = view.getUint8(plane);
  }
  to.bytes(planes);
}

export function readFloats(from: ByteReader, length: number): number[] {
  const planes = from.bytes(length * 8);
  const view = new DataView(new ArrayBuffer(8));
  const values: number[] = [];
  for (let i = 0; i < length; i++) {
    for (let plane = 0; plane < 8; plane++) view.setUint8(plane, planes[plane * length + i] as number);
    values.push(view.getFloat64(0));
  }
  return values;
}

const TWO_32 = 2 ** 32;
const bits = new DataView(new ArrayBuffer(16));

/** How many steps of the last bit lie between two numbers; exact where it is less than 2^53. */
export function lastBitsBetween(from: number, to: number): number {
  if (from === to) return 0;
  bits.setFloat64(0, from);
  bits.setFloat64(8, to);
  return (bits.getInt32(8) - bits.getInt32(0)) * TWO_32 + (bits.getUint32(12) - bits.getUint32(4));
}

/** The number that lies so many steps of the last bit from `from`. */
export function addLastBits(from: number, steps: number): number {
  if (steps === 0) return from;
  bits.setFloat64(0, from);
  const low = bits.getUint32(4) + steps;
  const carry = Math.floor(low / TWO_32);
  bits.setInt32(0, bits.getInt32(0) + carry);
  bits.setUint32(4, low - carry * TWO_32);
  return bits.getFloat64(0);
}
