/**
 * The body of a write request as the line readers want it: code units for the short way, pieces of text for the long one. Most bodies
 * are ASCII bytes, of which only the lines that go the long way are ever made into text.
 *
 * One array of units is kept from body to body: fresh memory of a body's size costs more than reading the body. So only one
 * LineText may be in use at a time, which holds as lines are read from first to last without waiting for anything.
 */
import { code } from './line-value.ts';

export interface LineText {
  /** The text's UTF-16 code units with a line feed behind them, so that every search for an end finds one. */
  readonly units: Uint16Array;
  readonly length: number;
  slice(start: number, end: number): string;
  /** All of it; made once, when it is asked for. */
  whole(): string;
}

/** Larger bodies are rare and get an array of their own. */
const MOST_KEPT_UNITS = 1024 * 1024;

let kept = new Uint16Array(64 * 1024);

function unitsFor(length: number): Uint16Array {
  if (length >= MOST_KEPT_UNITS) return new Uint16Array(length + 1);
  if (length >= kept.length) kept = new Uint16Array(Math.min(MOST_KEPT_UNITS, 2 * (length + 1)));
  return kept.subarray(0, length + 1);
}

/** `body`: text, or bytes that are all ASCII. */
export function openLineText(body: string | Buffer): LineText {
  const units = unitsFor(body.length);
  units[body.length] = code.newline;
  if (typeof body === 'string') {
    Buffer.from(units.buffer, units.byteOffset, units.byteLength).write(body, 'utf16le');
    return { units, length: body.length, slice: (start, end) => body.slice(start, end), whole: () => body };
  }
  units.set(body);
  let text: string | null = null;
  return {
    units,
    length: body.length,
    slice: (start, end) => body.toString('latin1', start, end),
    whole() {
      text ??= body.toString('latin1');
      return text;
    },
  };
}
