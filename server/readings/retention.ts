/** Which series are kept for how long. Pure. Series that are kept alike are ended together. */
import type { Series } from '../contract/index.ts';

/** Milliseconds for each relation; null: for ever. */
export interface RetentionTimes {
  reading: number | null;
  reading_1m: number | null;
  reading_1h: number | null;
  reading_1d: number | null;
}

/** `before`: what is older than this instant (epoch ms) ends; null: nothing. */
export interface SeriesClass {
  series: number[];
  before: RetentionTimes;
}

export function classesOf(all: Iterable<Series>, timesOf: (indicator: string) => RetentionTimes, now: number): SeriesClass[] {
  const classes = new Map<string, SeriesClass>();
  const byIndicator = new Map<string, SeriesClass>();
  for (const series of all) {
    let its = byIndicator.get(series.indicator);
    if (its === undefined) {
      const times = timesOf(series.indicator);
      const key = JSON.stringify(times);
      its = classes.get(key) ?? { series: [], before: cutoffs(times, now) };
      classes.set(key, its);
      byIndicator.set(series.indicator, its);
    }
    its.series.push(series.id);
  }
  return [...classes.values()];
}

function cutoffs(times: RetentionTimes, now: number): RetentionTimes {
  const cutoff = (kept: number | null): number | null => (kept === null ? null : now - kept);
  return { reading: cutoff(times.reading), reading_1m: cutoff(times.reading_1m), reading_1h: cutoff(times.reading_1h), reading_1d: cutoff(times.reading_1d) };
}
