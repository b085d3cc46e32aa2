/**
 * The verdict on a reading at the door, and its code in the store: verdict (0 good, 1 suspect, 2 bad) + 4 × reason.
 * Bad readings are kept, and left out of rollups and rules; suspect ones are in and counted.
 */
import { type Quality, type QualityReason, qualities } from '../contract/index.ts';

export const QUALITY_GOOD = 0;
const VERDICT_MASK = 3;
export const VERDICT_BAD = 2;

/** Reasons by their number in the store; append only. 0 is "no reason". */
const reasonCodes: readonly (QualityReason | null)[] = [null, 'filled', 'out_of_range', 'estimated', 'provisional', 'as_sent'];

export function encodeQuality(quality: Quality, reason: QualityReason | null): number {
  return qualities.indexOf(quality) + 4 * Math.max(0, reasonCodes.indexOf(reason));
}

export function decodeQuality(code: number): { quality: Quality; reason: QualityReason | null } {
  return { quality: qualities[code & VERDICT_MASK] ?? 'bad', reason: reasonCodes[code >> 2] ?? null };
}

export function isBad(code: number): boolean {
  return (code & VERDICT_MASK) === VERDICT_BAD;
}

/** The stored code of a reading: what its sender said, unless its value is physically impossible. */
export function judgeQuality(
  value: number,
  sent: { quality?: Quality | undefined; reason?: QualityReason | undefined },
  range: { min?: number | undefined; max?: number | undefined } | undefined,
): number {
  if (range !== undefined && ((range.min !== undefined && value < range.min) || (range.max !== undefined && value > range.max))) return encodeQuality('bad', 'out_of_range');
  if (sent.quality === undefined && sent.reason === undefined) return QUALITY_GOOD;
  const quality = sent.quality ?? 'good';
  return encodeQuality(quality, sent.reason ?? (quality === 'good' ? null : 'as_sent'));
}
