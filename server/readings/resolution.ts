/** Which stored form answers a question about the past: the finest whose points fit. */
import type { Resolution } from '../contract/index.ts';

export const HOUR_MS = 3_600_000;

/** The finest resolution that is expected to give at most `points` points for each series between `from` and `to`; the coarsest when none does. */
export function chooseResolution(range: { from: number; to: number }, intervalMs: number, points: number): Resolution {
  return (range.to - range.from) / intervalMs <= points ? 'raw' : '1h';
}

/** Longest distance between neighbours of a line that is not a gap. */
export function gapMs(resolution: Resolution, intervalMs: number, staleAfterMs: number): number {
  const step = resolution === 'raw' ? intervalMs : Math.max(HOUR_MS, intervalMs);
  return Math.max(step * 2.5, resolution === 'raw' ? staleAfterMs : 0);
}
