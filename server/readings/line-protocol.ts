/**
 * Influx line protocol (version 2) to points. Hot: one body holds up to hundreds of thousands of lines. One pass over the text by
 * character codes; nothing is copied but names and strings. Always: each line that is neither blank nor a comment is either
 * emitted or rejected, once, and a bad line never costs another one. Which indicator and place a point means is not known here.
 */
import type { ErrorCode } from '../contract/index.ts';
import { code, type FieldValue, fail, failWith, isLineEnd, readTime, readValue, type Scanner } from './line-value.ts';

export type LinePrecision = 'ns' | 'us' | 'ms' | 's';

/** A field with its key; booleans are 1 and 0. */
export type LineField = FieldValue & { key: string };

/** One point. The n-th entry of `tagValues` belongs to the n-th of `tagKeys`: two short arrays, as a map per point costs more than it finds. */
export interface LinePoint {
  /** Line of the text that it begins on, counted from 1; blank lines and comments count. */
  line: number;
  measurement: string;
  tagKeys: string[];
  tagValues: string[];
  /** At least one; keys are unique, of a repeated one the last was kept. */
  fields: LineField[];
  /** Epoch milliseconds, rounded down; null when the line has no timestamp. */
  observedAt: number | null;
}

/** Digits of a timestamp beyond milliseconds. */
export const subDigits: Record<LinePrecision, number> = { ns: 6, us: 3, ms: 0, s: -3 };

/** Where the points and the refusals go. */
export interface LineReceiver {
  emit(point: LinePoint): void;
  reject(line: number, code: ErrorCode, message: string): void;
}

/**
 * Parses `text`; calls `to.emit` for each point and `to.reject` for each bad line, in the order of the text. Codes: `malformed_line`,
 * `not_finite` (NaN, infinities, overflow) and `invalid_time`. Messages name the column, counted from 1, and what was expected.
 * Throws nothing of its own.
 */
export function parseLineProtocol(text: string, options: { precision: LinePrecision }, to: LineReceiver): void {
  const s = openScanner(text, options.precision);
  let line = 1;
  while (s.at < s.length) line = readLine(s, line, to);
}

/** A scanner at the beginning of `text`, for `readLine`. */
export function openScanner(text: string, precision: LinePrecision): Scanner {
  return { text, length: text.length, subDigits: subDigits[precision], at: 0, lineStart: 0, innerLines: 0, failCode: 'malformed_line', failMessage: '' };
}

/** Reads the line that begins at `s.at` and goes on to the beginning of the next one, whose number it answers. */
export function readLine(s: Scanner, line: number, to: LineReceiver): number {
  s.lineStart = s.at;
  s.innerLines = 0;
  skipBlanks(s);
  if (s.text.charCodeAt(s.at) !== code.hash && !isLineEnd(s, s.at)) {
    const point = readPoint(s, line);
    if (point === null) to.reject(line, s.failCode, s.failMessage);
    else to.emit(point);
  }
  const end = s.text.charCodeAt(s.at) === code.newline ? s.at : s.text.indexOf('\n', s.at);
  s.at = end === -1 ? s.length : end + 1;
  return line + s.innerLines + 1;
}

function readPoint(s: Scanner, line: number): LinePoint | null {
  const measurement = readName(s, false);
  if (measurement === '') return fail(s, s.at, 'a measurement');
  const tagKeys: string[] = [];
  const tagValues: string[] = [];
  while (s.text.charCodeAt(s.at) === code.comma) {
    if (!readTag(s, tagKeys, tagValues)) return null;
  }
  if (s.text.charCodeAt(s.at) !== code.space) return fail(s, s.at, tagKeys.length === 0 ? 'a comma and tags, or a space and fields' : 'a space and fields');
  if (tagKeys.length > 1 && !areUnique(s, tagKeys)) return null;
  skipBlanks(s);
  const fields = readFields(s);
  if (fields === null) return null;
  skipBlanks(s);
  let observedAt: number | null = null;
  if (!isLineEnd(s, s.at)) {
    observedAt = readTime(s);
    if (observedAt === null) return null;
    skipBlanks(s);
    if (!isLineEnd(s, s.at)) return fail(s, s.at, 'the end of the line after the timestamp');
  }
  return { line, measurement, tagKeys, tagValues, fields, observedAt };
}

/** Reads `,key=value`. */
function readTag(s: Scanner, keys: string[], values: string[]): boolean {
  s.at += 1;
  const key = readName(s, true);
  if (key === '') return fail(s, s.at, 'a tag key') !== null;
  if (s.text.charCodeAt(s.at) !== code.equals) return fail(s, s.at, 'an = after the tag key') !== null;
  s.at += 1;
  const value = readName(s, true);
  if (value === '') return fail(s, s.at, 'a tag value') !== null;
  if (s.text.charCodeAt(s.at) === code.equals) return fail(s, s.at, 'a comma or a space after the tag value (an = inside it is written \\=)') !== null;
  keys.push(key);
  values.push(value);
  return true;
}

function readFields(s: Scanner): LineField[] | null {
  const fields: LineField[] = [];
  for (;;) {
    const keyAt = s.at;
    const key = readName(s, true);
    if (key === '') return fail(s, keyAt, 'a field key');
    if (s.text.charCodeAt(s.at) !== code.equals) return fail(s, s.at, 'an = after the field key');
    s.at += 1;
    const value = readValue(s);
    if (value === null) return null;
    // built anew in one shape, so that whoever reads fields sees one shape only
    fields.push(value.kind === 'string' ? { key, kind: value.kind, value: value.value } : { key, kind: value.kind, value: value.value });
    if (s.text.charCodeAt(s.at) !== code.comma) break;
    s.at += 1;
  }
  if (s.text.charCodeAt(s.at) !== code.space && !isLineEnd(s, s.at)) return fail(s, s.at, 'a comma, a space or the end of the line after the value');
  return fields.length === 1 ? fields : lastOfEach(fields);
}

/**
 * Reads a measurement, key or tag value, up to a comma, a space, the end of the line and (but in measurements) an equals sign.
 * A backslash before one of these takes away its meaning; before anything else it is a backslash. Empty when nothing is there.
 */
function readName(s: Scanner, endsAtEquals: boolean): string {
  const { text, length } = s;
  const start = s.at;
  let at = start;
  let escaped = false;
  for (; at < length; at += 1) {
    const c = text.charCodeAt(at);
    // letters, digits and _ come first: of the characters that end a name all but the backslash sort below them
    if (c > code.equals && c !== code.backslash) continue;
    if (c === code.comma || c === code.space || c === code.newline) break;
    if (c === code.equals && endsAtEquals) break;
    if (c === code.return && isLineEnd(s, at)) break;
    if (c === code.backslash) {
      const next = text.charCodeAt(at + 1);
      if (next !== code.comma && next !== code.space && next !== code.equals) continue;
      escaped = true;
      at += 1;
    }
  }
  s.at = at;
  const name = text.slice(start, at);
  return escaped ? name.replace(/\\([, =])/g, '$1') : name;
}

function skipBlanks(s: Scanner): void {
  for (let c = s.text.charCodeAt(s.at); c === code.space || c === code.tab; c = s.text.charCodeAt(s.at)) s.at += 1;
}

/** Up to this many names are compared one with another; above, a set costs less, and a hostile line costs no square of its length. */
const fewNames = 16;

function areUnique(s: Scanner, keys: readonly string[]): boolean {
  const repeated = keys.length > fewNames ? firstRepeated(keys) : keys.find((key, i) => keys.indexOf(key) !== i);
  if (repeated === undefined) return true;
  return failWith(s, 'malformed_line', `column 1: expected each tag once, found ${JSON.stringify(repeated)} twice`) !== null;
}

function firstRepeated(keys: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return keys.find((key) => seen.size === seen.add(key).size);
}

function lastOfEach(fields: LineField[]): LineField[] {
  if (fields.length <= fewNames && !repeatsKey(fields)) return fields;
  return [...new Map(fields.map((field) => [field.key, field])).values()];
}

function repeatsKey(fields: readonly LineField[]): boolean {
  for (let i = 1; i < fields.length; i += 1) {
    for (let j = 0; j < i; j += 1) if (fields[i]?.key === fields[j]?.key) return true;
  }
  return false;
}
