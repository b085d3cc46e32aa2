/** Pure: the hours of many series to few spans of time, each refreshed by one call for all series. */
import type { HourRange } from '../time-series.ts';

/** Half-open, epoch ms. */
export interface Span {
  from: number;
  to: number;
}

/**
 * A call costs the same for one hour as for several, and makes anew only what changed within its span; but a day of minutes of a
 * thousand series is as much as one statement should be about.
 */
const SLICE_MS = 86_400_000;

/** Spans that cover all the hours, apart from one another, the oldest first, none longer than a day. */
export function toSlices(hours: readonly HourRange[]): Span[] {
  const slices: Span[] = [];
  for (const range of [...hours].sort((a, b) => a.from - b.from)) {
    let { from } = range;
    while (from < range.to) {
      const slice = slices.at(-1);
      if (slice === undefined || from >= slice.from + SLICE_MS) {
        const to = Math.min(range.to, from + SLICE_MS);
        slices.push({ from, to });
        from = to;
      } else {
        slice.to = Math.max(slice.to, Math.min(range.to, slice.from + SLICE_MS));
        from = Math.max(from, slice.to);
      }
    }
  }
  return slices;
}
