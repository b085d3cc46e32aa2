/**
 * What the HTTP doors refuse, as it came, for the quarantine. Made only when something was refused; of one request only the first
 * originals are made, the others are counted.
 */
import type { IngestAnswer } from '../contract/index.ts';
import type { Refusal } from './admission.ts';
import type { LineRefusal } from './line-points.ts';

export interface RefusedOriginal {
  original: { format: 'reading' | 'line'; text: string; detail: Readonly<Record<string, string>> };
  /** As it came, where it is no text. */
  bytes?: Buffer;
  refusal: Refusal;
}

export interface RefusedBatch {
  originals: RefusedOriginal[];
  /** Readings refused, kept or not. */
  count: number;
}

/** Of one request: enough to see what is wrong with it, and little beside what may be good in it. */
const MAX_ORIGINALS = 1000;
/** Far above what the quarantine keeps of one: a longer text is cut there. */
const TOO_DEEP = '(nested too deeply to be written down)';

/** A reading back to text. A hostile one may be nested deeper than the writer of JSON can go. */
export function readingText(reading: unknown): string {
  try {
    return JSON.stringify(reading) ?? 'null';
  } catch {
    return TOO_DEEP;
  }
}

/** `textAt`: the text of the reading at a position of the request. */
export function refusedReadings(rejected: IngestAnswer['rejected'], textAt: (index: number) => string): RefusedBatch {
  const originals = rejected.slice(0, MAX_ORIGINALS).map(({ index, code, path, message }): RefusedOriginal => {
    return { original: { format: 'reading', text: textAt(index), detail: {} }, refusal: { code: code as Refusal['code'], path, message } };
  });
  return { originals, count: rejected.length };
}

/** Lines by their numbers; of a line with several refused fields the first reason is told. */
export function refusedLines(text: string, rejected: readonly LineRefusal[], detail: Readonly<Record<string, string>>): RefusedBatch {
  const firsts = new Map<number, LineRefusal>();
  for (const refusal of rejected) if (!firsts.has(refusal.line)) firsts.set(refusal.line, refusal);
  const originals: RefusedOriginal[] = [];
  let line = 1;
  let at = 0;
  for (const refusal of [...firsts.values()].sort((a, b) => a.line - b.line)) {
    if (originals.length >= MAX_ORIGINALS) break;
    while (line < refusal.line && at < text.length) {
      at = endOfLine(text, at) + 1;
      line++;
    }
    originals.push({
      original: { format: 'line', text: text.slice(at, endOfPoint(text, at)).replace(/\r$/, ''), detail },
      refusal: { code: refusal.code, path: '', message: refusal.message },
    });
  }
  return { originals, count: firsts.size };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** A text value may hold line ends of its own: a point goes on while its quotes are open. Lines that never close them are cut here. */
const MAX_INNER_LINES = 50;

function endOfPoint(text: string, from: number): number {
  const first = endOfLine(text, from);
  let end = first;
  for (let inner = 0; inner < MAX_INNER_LINES && end < text.length; inner++) {
    const quotes = text.slice(from, end).replace(/\\./g, '').match(/"/g)?.length ?? 0;
    if (quotes % 2 === 0) return end;
    end = endOfLine(text, end + 1);
  }
  return first;
}

/** A body that cannot be read at all, whole. */
export function refusedBody(body: Buffer, format: 'reading' | 'line', refusal: Refusal & { encoding: string | null }): RefusedBatch {
  const { encoding, ...reason } = refusal;
  return { originals: [{ original: { format, text: '', detail: encoding === null ? { whole: 'body' } : { whole: 'body', encoding } }, bytes: body, refusal: reason }], count: 1 };
}
