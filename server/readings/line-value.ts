/**
 * The values of Influx line protocol: numbers, booleans, quoted strings and timestamps. Hot: every field of every line passes here,
 * so characters are compared by code, and numbers of up to 15 digits are added up without cutting a piece out of the text.
 * Always: a function that fails leaves its reason in the scanner and consumes nothing that a later line may need.
 */
import type { ErrorCode } from '../contract/index.ts';

export const code = {
  tab: 9,
  newline: 10,
  return: 13,
  space: 32,
  quote: 34,
  hash: 35,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  zero: 48,
  nine: 57,
  equals: 61,
  upperE: 69,
  backslash: 92,
  e: 101,
  i: 105,
  u: 117,
} as const;

/** `number` for every kind but string; a boolean is 1 or 0. Integers beyond 2^53 are rounded to the nearest double. */
export type FieldValue = { kind: 'float' | 'integer' | 'unsigned' | 'boolean'; value: number } | { kind: 'string'; value: string };

/** Where the parser is in the text, and why it could not go on. */
export interface Scanner {
  readonly text: string;
  readonly length: number;
  /** Digits of a timestamp beyond milliseconds: 6 for ns, 3 for us, 0 for ms, -3 for s. */
  readonly subDigits: number;
  at: number;
  /** Start of the line, for columns. */
  lineStart: number;
  /** Line ends inside quoted strings of this line, so that the next line has its true number. */
  innerLines: number;
  failCode: ErrorCode;
  failMessage: string;
}

/** True at the end of a line: a line feed, CR LF, or the end of the text. */
export function isLineEnd(s: Scanner, at: number): boolean {
  if (at >= s.length) return true;
  const c = s.text.charCodeAt(at);
  return c === code.newline || (c === code.return && (at + 1 >= s.length || s.text.charCodeAt(at + 1) === code.newline));
}

/** Notes what was expected at `at` (columns count from 1) and what is there instead. */
export function fail(s: Scanner, at: number, expected: string): null {
  const found = isLineEnd(s, at) ? 'the end of the line' : JSON.stringify(String.fromCodePoint(s.text.codePointAt(at) ?? 0));
  return failWith(s, 'malformed_line', `column ${at - s.lineStart + 1}: expected ${expected}, found ${found}`);
}

export function failWith(s: Scanner, failCode: ErrorCode, message: string): null {
  s.failCode = failCode;
  s.failMessage = message;
  return null;
}

/** Reads one field value; leaves `s.at` behind it, or returns null with the reason. */
export function readValue(s: Scanner): FieldValue | null {
  const c = s.text.charCodeAt(s.at);
  if ((c >= code.zero && c <= code.nine) || c === code.minus || c === code.dot) return readNumber(s);
  return c === code.quote ? readString(s) : readWord(s);
}

const truths: ReadonlyMap<string, number> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((word): [string, number] => [word, 1]),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((word): [string, number] => [word, 0]),
]);
const notFinite = /^[+-]?(?:nan|inf|infinity)$/i;
const longestWord = 20;

/** A boolean, or a word that is no value; NaN and infinities have an answer of their own. */
function readWord(s: Scanner): FieldValue | null {
  const start = s.at;
  const word = s.text.slice(start, Math.min(tokenEnd(s, start), start + longestWord));
  const truth = truths.get(word);
  if (truth !== undefined) {
    s.at = start + word.length;
    return { kind: 'boolean', value: truth };
  }
  if (notFinite.test(word)) return failWith(s, 'not_finite', `column ${start - s.lineStart + 1}: expected a finite number, found ${word}`);
  return fail(s, start, 'a field value: a number, true, false or a "quoted string"');
}

function tokenEnd(s: Scanner, start: number): number {
  let at = start;
  while (!isLineEnd(s, at)) {
    const c = s.text.charCodeAt(at);
    if (c === code.comma || c === code.space) break;
    at += 1;
  }
  return at;
}

/** A double holds every integer of 15 digits, and every power of ten up to 22, exactly: one division rounds correctly. */
export const exactDigits = 15;
export const powersOfTen: readonly number[] = Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power);

function readNumber(s: Scanner): FieldValue | null {
  const { text } = s;
  const start = s.at;
  const negative = text.charCodeAt(start) === code.minus;
  const first = negative ? start + 1 : start;
  let at = first;
  let sum = 0;
  let c = text.charCodeAt(at);
  for (; c >= code.zero && c <= code.nine; c = text.charCodeAt(at)) {
    sum = sum * 10 + (c - code.zero);
    at += 1;
  }
  const whole = at - first;
  if (whole > 0 && (c === code.i || c === code.u)) return readInteger(s, { start, end: at, suffix: c });
  let digits = whole;
  if (c === code.dot) {
    at += 1;
    for (c = text.charCodeAt(at); c >= code.zero && c <= code.nine; c = text.charCodeAt(at)) {
      sum = sum * 10 + (c - code.zero);
      at += 1;
      digits += 1;
    }
  }
  if (digits === 0) return readSignedWord(s, at);
  s.at = at;
  if (c === code.e || c === code.upperE) return readExponent(s, start);
  if (digits > exactDigits) return finite(s, start);
  const value = sum / (powersOfTen[digits - whole] ?? 1);
  return { kind: 'float', value: negative ? -value : value };
}

/** `-Inf` and the like begin as numbers do. */
function readSignedWord(s: Scanner, at: number): null {
  const word = s.text.slice(s.at, Math.min(tokenEnd(s, s.at), s.at + longestWord));
  if (notFinite.test(word)) return failWith(s, 'not_finite', `column ${s.at - s.lineStart + 1}: expected a finite number, found ${word}`);
  return fail(s, at, 'a digit');
}

function readExponent(s: Scanner, start: number): FieldValue | null {
  let at = s.at + 1;
  const sign = s.text.charCodeAt(at);
  if (sign === code.minus || sign === code.plus) at += 1;
  const first = at;
  for (let c = s.text.charCodeAt(at); c >= code.zero && c <= code.nine; c = s.text.charCodeAt(at)) at += 1;
  if (at === first) return fail(s, at, 'a digit of the exponent');
  s.at = at;
  return finite(s, start);
}

/** The float from `start` up to `s.at`, by the long way. */
function finite(s: Scanner, start: number): FieldValue | null {
  const value = Number(s.text.slice(start, s.at));
  if (!Number.isFinite(value)) return failWith(s, 'not_finite', `column ${start - s.lineStart + 1}: expected a number that fits 64 bits, found one that is too large`);
  return { kind: 'float', value };
}

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const uint64 = { min: 0n, max: 2n ** 64n - 1n };
/** A number of up to 18 digits fits int64; only longer ones are looked at as a whole. */
const safeDigits = 18;
/** Far more than any 64-bit number needs: what is longer is refused unread, as BigInt would take its time. */
const mostDigits = 40;

function readInteger(s: Scanner, { start, end, suffix }: { start: number; end: number; suffix: number }): FieldValue | null {
  const { text } = s;
  const signed = suffix === code.i;
  if (!signed && text.charCodeAt(start) === code.minus) return fail(s, start, 'a digit, as an unsigned integer (suffix u) has no sign');
  const range = signed ? int64 : uint64;
  if (end - start > safeDigits) {
    const big = end - start > mostDigits ? null : BigInt(text.slice(start, end));
    if (big === null || big < range.min || big > range.max)
      return failWith(s, 'malformed_line', `column ${start - s.lineStart + 1}: expected an integer from ${range.min} to ${range.max}, found one outside`);
  }
  s.at = end + 1;
  // `|| 0`: -0i is 0
  return { kind: signed ? 'integer' : 'unsigned', value: Number(text.slice(start, end)) || 0 };
}

/**
 * A quoted string; line ends inside belong to it. Without an end, or followed by something else than the end of the field, a
 * string over several lines was most likely a stray quotation mark: only the line it stands on is given up, not those it swallowed.
 */
function readString(s: Scanner): FieldValue | null {
  const { text } = s;
  const open = s.at;
  let escaped = false;
  let lines = 0;
  let at = open + 1;
  for (; at < s.length; at += 1) {
    const c = text.charCodeAt(at);
    if (c === code.quote) break;
    if (c === code.newline) lines += 1;
    else if (c === code.backslash) {
      const next = text.charCodeAt(at + 1);
      if (next !== code.quote && next !== code.backslash) continue;
      escaped = true;
      at += 1;
    }
  }
  if (at >= s.length) return failWith(s, 'malformed_line', `column ${open - s.lineStart + 1}: expected a closing " for the string that begins here, found none`);
  const next = text.charCodeAt(at + 1);
  if (next !== code.comma && next !== code.space && !isLineEnd(s, at + 1)) {
    if (lines > 0)
      return failWith(
        s,
        'malformed_line',
        `column ${open - s.lineStart + 1}: expected a closing " and then a comma, a space or the end of the line for the string that begins here`,
      );
    return fail(s, at + 1, 'a comma, a space or the end of the line after the string');
  }
  s.innerLines += lines;
  s.at = at + 1;
  const raw = text.slice(open + 1, at);
  return { kind: 'string', value: escaped ? raw.replace(/\\(["\\])/g, '$1') : raw };
}

/** Milliseconds beyond which there is no date. */
export const latestMs = 8.64e15;

/** Reads a timestamp of the request's precision as epoch milliseconds, rounded down; exact, though ns do not fit a double. */
export function readTime(s: Scanner): number | null {
  const { text } = s;
  const start = s.at;
  const negative = text.charCodeAt(start) === code.minus;
  const first = negative ? start + 1 : start;
  let end = first;
  for (let c = text.charCodeAt(end); c >= code.zero && c <= code.nine; c = text.charCodeAt(end)) end += 1;
  if (end === first) return fail(s, end, negative ? 'a digit' : 'a timestamp: a whole number');
  const cut = Math.max(first, end - Math.max(0, s.subDigits));
  let ms = 0;
  for (let i = first; i < cut; i += 1) ms = ms * 10 + (text.charCodeAt(i) - code.zero);
  if (s.subDigits < 0) ms *= 1000;
  if (negative) {
    let rest = cut;
    while (rest < end && text.charCodeAt(rest) === code.zero) rest += 1;
    ms = 0 - ms - (rest < end ? 1 : 0);
  }
  if (ms > latestMs || ms < -latestMs)
    return failWith(s, 'invalid_time', `column ${start - s.lineStart + 1}: expected a timestamp in the request's precision, found one beyond every calendar`);
  s.at = end;
  return ms;
}
