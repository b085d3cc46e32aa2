/**
 * The short way for plain lines of line protocol, which nearly all are: no escapes, a measurement with tags that stood in the same
 * text before, numbers of up to 15 digits, one blank between the parts. Hot: such a line costs a hash of its beginning and one pass
 * over its characters, and makes no object.
 *
 * What always holds: a line is read whole and exactly as the general parser reads it, or not at all; what is wrong with a line is
 * only ever said by the general parser. The text is looked at as UTF-16 code units, so that an offset here is an offset there.
 */
import type { Target } from './admission.ts';
import { code, exactDigits, latestMs, powersOfTen } from './line-value.ts';

/** Lines with more fields go the long way, so that looking for a key stays cheap. */
const mostFields = 16;

/** A field key after a known beginning, as it reads without escapes. */
interface Field {
  key: string;
  target: Target;
  /** Start of the last line that had it: a key twice in one line goes the long way. */
  line: number;
}

/** Measurement and tags as they stood in the text, [start, end). */
interface Beginning {
  start: number;
  end: number;
  fields: Field[];
}

export interface PlainLines {
  /** Of the line that was read last: the first `count` entries of `targets` and `values` belong together. */
  count: number;
  readonly targets: Target[];
  readonly values: Float64Array;
  /** Epoch milliseconds; NaN when the line has no timestamp. */
  observedAt: number;
  /** Reads the line that begins at `at`; answers where the next one begins, or -1 when this one must go the long way. */
  read(at: number): number;
  /** Notes, of a good line at `at`, where the readings of its field `key` go. Only good lines teach: nothing is made for a bad one. */
  learn(at: number, key: string, target: Target): void;
}

/** `units` ends with a line feed that is not part of the text; `subDigits`: digits of a timestamp beyond milliseconds. */
export function createPlainLines(units: Uint16Array, subDigits: number): PlainLines {
  const beginnings = new Map<number, Beginning>();
  const lines: PlainLines = {
    count: 0,
    targets: [],
    values: new Float64Array(mostFields),
    observedAt: Number.NaN,
    read(at) {
      const end = beginningEnd(units, at);
      const beginning = end === at || units[end] !== code.space ? undefined : beginnings.get(hashOf(units, at, end));
      if (beginning === undefined || !isSame(units, beginning, { start: at, end })) return -1;
      const fieldsEnd = readFields(units, { lines, beginning, line: at, at: end + 1 });
      if (fieldsEnd < 0) return -1;
      if (units[fieldsEnd] === code.newline) {
        lines.observedAt = Number.NaN;
        return fieldsEnd + 1;
      }
      return readTime(units, { lines, subDigits, first: fieldsEnd + 1 });
    },
    learn(at, key, target) {
      const end = beginningEnd(units, at);
      if (end === at || units[end] !== code.space) return;
      const hash = hashOf(units, at, end);
      const beginning = beginnings.get(hash) ?? { start: at, end, fields: [] };
      beginnings.set(hash, beginning);
      // Of two beginnings with the same hash the later one goes the long way.
      if (!isSame(units, beginning, { start: at, end })) return;
      if (beginning.fields.length < mostFields && !beginning.fields.some((field) => field.key === key)) beginning.fields.push({ key, target, line: -1 });
    },
  };
  return lines;
}

/** Where the run of characters that is neither blank nor control character nor backslash ends. */
function beginningEnd(units: Uint16Array, start: number): number {
  let at = start;
  for (let c = units[at] as number; c > code.space && c !== code.backslash; c = units[at] as number) at += 1;
  return at;
}

/** FNV-1a over code units; a collision costs time, never a mistake. */
function hashOf(units: Uint16Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (units[at] as number), 0x01000193);
  return hash;
}

function isSame(units: Uint16Array, known: { start: number; end: number }, other: { start: number; end: number }): boolean {
  const length = known.end - known.start;
  if (other.end - other.start !== length) return false;
  for (let i = 0; i < length; i += 1) if (units[known.start + i] !== units[other.start + i]) return false;
  return true;
}

/** Reads `key=number` up to the blank before the timestamp or the line feed, and answers where that is; -1 for the long way. */
function readFields(units: Uint16Array, on: { lines: PlainLines; beginning: Beginning; line: number; at: number }): number {
  const { lines, beginning, line } = on;
  let { at } = on;
  for (let count = 0; count < mostFields; count += 1) {
    const start = at;
    for (let c = units[at] as number; c > code.space && c !== code.equals && c !== code.comma && c !== code.backslash; c = units[at] as number) at += 1;
    if (at === start || units[at] !== code.equals) return -1;
    const field = fieldOf(units, beginning.fields, { position: count, start, end: at });
    if (field === undefined || field.line === line) return -1;
    field.line = line;
    at = readNumber(units, { lines, count, start: at + 1 });
    if (at < 0) return -1;
    lines.targets[count] = field.target;
    lines.count = count + 1;
    const c = units[at] as number;
    if (c === code.space || c === code.newline) return at;
    if (c !== code.comma) return -1;
    at += 1;
  }
  return -1;
}

/** The field of the key in [start, end); fields mostly stand in the order of the line before. */
function fieldOf(units: Uint16Array, fields: readonly Field[], key: { position: number; start: number; end: number }): Field | undefined {
  const expected = fields[key.position];
  if (expected !== undefined && isKey(units, expected.key, key)) return expected;
  return fields.find((field) => isKey(units, field.key, key));
}

function isKey(units: Uint16Array, known: string, { start, end }: { start: number; end: number }): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i += 1) if (known.charCodeAt(i) !== units[start + i]) return false;
  return true;
}

/** Reads a decimal, or an integer with the suffix `i`, into `lines.values[count]`; answers where it ends, -1 for the long way. */
function readNumber(units: Uint16Array, { lines, count, start }: { lines: PlainLines; count: number; start: number }): number {
  let at = start;
  const negative = units[at] === code.minus;
  if (negative) at += 1;
  const first = at;
  let sum = 0;
  let c = units[at] as number;
  for (; c >= code.zero && c <= code.nine; c = units[at] as number) {
    sum = sum * 10 + (c - code.zero);
    at += 1;
  }
  const whole = at - first;
  let digits = whole;
  if (c === code.dot) {
    at += 1;
    for (c = units[at] as number; c >= code.zero && c <= code.nine; c = units[at] as number) {
      sum = sum * 10 + (c - code.zero);
      at += 1;
      digits += 1;
    }
  } else if (c === code.i && digits > 0) {
    if (digits > exactDigits) return -1;
    // `|| 0`: -0i is 0
    lines.values[count] = (negative ? -sum : sum) || 0;
    return at + 1;
  }
  if (digits === 0 || digits > exactDigits) return -1;
  const value = sum / (powersOfTen[digits - whole] ?? 1);
  lines.values[count] = negative ? -value : value;
  return at;
}

/** Reads a timestamp that ends the line into `lines.observedAt`; answers where the next line begins, -1 for the long way. */
function readTime(units: Uint16Array, { lines, subDigits, first }: { lines: PlainLines; subDigits: number; first: number }): number {
  let end = first;
  for (let c = units[end] as number; c >= code.zero && c <= code.nine; c = units[end] as number) end += 1;
  if (end === first || units[end] !== code.newline) return -1;
  const cut = Math.max(first, end - Math.max(0, subDigits));
  let ms = 0;
  for (let at = first; at < cut; at += 1) ms = ms * 10 + ((units[at] as number) - code.zero);
  if (subDigits < 0) ms *= 1000;
  if (ms > latestMs) return -1;
  lines.observedAt = ms;
  return end + 1;
}
