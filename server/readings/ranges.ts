/** Pure: touched ranges to the whole hours that must be made anew, merged so that none comes twice. */
import { HOUR_MS } from './resolution.ts';

export interface HourRange {
  series: number;
  from: number;
  to: number;
}

export function mergeToHours(ranges: readonly { series: number; firstAt: number; lastAt: number }[]): HourRange[] {
  const hours = ranges
    .map((range) => ({ series: range.series, from: Math.floor(range.firstAt / HOUR_MS) * HOUR_MS, to: (Math.floor(range.lastAt / HOUR_MS) + 1) * HOUR_MS }))
    .sort((a, b) => a.series - b.series || a.from - b.from);
  const merged: HourRange[] = [];
  for (const range of hours) {
    const before = merged.at(-1);
    if (before !== undefined && before.series === range.series && range.from <= before.to) before.to = Math.max(before.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}
