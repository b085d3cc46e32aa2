/** Durations as people write them in YAML: `45s`, `10m`, `1h30m`, `1d`. */

/** What a duration looks like; the number of digits is bounded so that every one is a safe integer of milliseconds. */
export const DURATION_PATTERN = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** Milliseconds of `text`, or null when it is not a duration. Units must fall (d, h, m, s) and each may come once. */
export function parseDuration(text: string): number | null {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return null;
  const [, d = '0', h = '0', m = '0', s = '0'] = match;
  return Number(d) * unitMs.d + Number(h) * unitMs.h + Number(m) * unitMs.m + Number(s) * unitMs.s;
}
