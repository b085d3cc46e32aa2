/**
 * The newest reading of each series, in memory: what `/latest` and the live hub show. Filled from the store at start and
 * moved on by commits only; an older reading that comes late does not move it.
 */
import type { Indicator, Latest, Series } from '../contract/index.ts';
import type { ReadingColumns } from './columns.ts';
import { decodeQuality } from './quality.ts';
import { isStale } from './staleness.ts';

interface Newest {
  observedAt: number;
  receivedAt: number | null;
  value: number;
  quality: number;
}

/** One reading that moved its series on. */
export interface Moved extends Newest {
  series: number;
}

export interface LatestValues {
  /** Applies committed rows (sorted by series and time); returns those that are new or corrected newest readings, in order. */
  apply(rows: ReadingColumns, receivedAt: number | null): Moved[];
  get(series: number): Newest | undefined;
  readonly size: number;
  /** Series and time of every newest reading. */
  times(): { series: number[]; at: number[] };
}

export function createLatestValues(): LatestValues {
  const bySeries = new Map<number, Newest>();
  return {
    get: (series) => bySeries.get(series),
    get size() {
      return bySeries.size;
    },
    times: () => ({ series: [...bySeries.keys()], at: [...bySeries.values()].map((newest) => newest.observedAt) }),
    apply(rows, receivedAt) {
      const moved: Moved[] = [];
      for (let i = 0; i < rows.length; i++) {
        const series = rows.series[i] as number;
        const observedAt = rows.observedAt[i] as number;
        const value = rows.value[i] as number;
        const quality = rows.quality[i] as number;
        const known = bySeries.get(series);
        if (known !== undefined && (known.observedAt > observedAt || (known.observedAt === observedAt && known.value === value && known.quality === quality))) continue;
        const newest = { observedAt, receivedAt, value, quality };
        bySeries.set(series, newest);
        moved.push({ series, ...newest });
      }
      return moved;
    },
  };
}

/** A newest reading as the wire shows it, judged at `now`. */
export function toLatest(series: Series, newest: Newest, context: { indicator: Indicator; now: number }): Latest {
  const { quality, reason } = decodeQuality(newest.quality);
  return {
    series: series.id,
    indicator: series.indicator,
    place: series.place,
    facet: series.facet,
    observedAt: newest.observedAt,
    receivedAt: newest.receivedAt,
    value: newest.value,
    quality,
    qualityReason: reason,
    stale: isStale(newest.observedAt, context.indicator.staleAfterMs, context.now),
    simulated: series.simulated,
  };
}
