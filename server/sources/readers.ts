/** The readers of what came by the HTTP doors: a reading as JSON, a line of line protocol. Pure. */
import type { ErrorCode } from '../contract/index.ts';
import { lineCandidates } from '../readings/line-candidates.ts';
import { type Precision, precisions } from '../readings/line-points.ts';
import type { Original, Piece, PieceRefusal, Reader } from './piece.ts';

const refused = (original: Original, refusal: PieceRefusal): Piece => ({ readings: [], refusals: [refusal], original });

/** What is marked so was no text, and no mapping can mend that. */
function unreadable(original: Original): Piece | null {
  const encoding = original.detail['encoding'];
  if (encoding === undefined) return null;
  const code: ErrorCode = encoding === 'gzip' ? 'invalid_gzip' : 'unsupported_encoding';
  return refused(original, { code, path: '', message: 'The bytes cannot be read as text. Send the readings again, then discard this entry.' });
}

/** One reading, a list of them, or `{readings: […]}`. */
export const readReading: Reader = async (_source, original) => {
  const broken = unreadable(original);
  if (broken !== null) return broken;
  let content: unknown;
  try {
    content = JSON.parse(original.text);
  } catch (error) {
    return refused(original, { code: 'malformed_json', path: '', message: `This is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}` });
  }
  const list = typeof content === 'object' && content !== null && 'readings' in content ? content.readings : content;
  return { readings: Array.isArray(list) ? list : [list], refusals: [], original };
};

/** A line, or several; what has no time of its own gets that of its arrival. */
export const readLine: Reader = async (source, original, { receivedAt }) => {
  const broken = unreadable(original);
  if (broken !== null) return broken;
  const precision: Precision = precisions.find((known) => known === original.detail['precision']) ?? 'ns';
  const { candidates, refusals } = lineCandidates(original.text, { precision, now: receivedAt, mapping: source.lineProtocol });
  return { readings: candidates, refusals: refusals.map(({ code, message }) => ({ code, path: '', message })), original };
};
