/** When the newest reading of a series no longer tells the present. Belongs to the series, not to the value. */
export function isStale(observedAt: number, staleAfterMs: number, now: number): boolean {
  return now - observedAt > staleAfterMs;
}

/** How old a reading may be and still be judged by rules: older ones are stored only. An interval's reading arrives when it is over, hence twice the interval. */
const LATENESS_FLOOR_MS = 15 * 60_000;
export function latenessMs(intervalMs: number, staleAfterMs: number): number {
  return Math.max(LATENESS_FLOOR_MS, 2 * intervalMs, staleAfterMs);
}
