/** What reading the past needs from the store and from the city, and what is asked. */
import type { Indicator, Resolution } from '../contract/index.ts';
import type { ImportResolution } from './import-block.ts';
import type { BucketColumns, Circumstances, Range, RawColumns, RollupRelation, SeriesRange } from './store-history.ts';
import type { Zone } from './zone.ts';

/** The questions of `store-history.ts`, bound to the store. */
export interface HistoryStore {
  raw(query: SeriesRange & { limit: number | null; withPreserved: boolean }): Promise<RawColumns[]>;
  rollup(relation: RollupRelation, query: SeriesRange): Promise<BucketColumns[]>;
  dirtyHours(query: SeriesRange): Promise<{ series_id: number; t: Float64Array }[]>;
  fromReadings(buckets: readonly (Range & { series: number })[], signal?: AbortSignal): Promise<BucketColumns[]>;
  imported(resolution: ImportResolution, query: SeriesRange): Promise<(BucketColumns & { width_s: Float64Array })[]>;
  circumstances(query: SeriesRange & { lateFrom: number }): Promise<Circumstances[]>;
}

export interface HistoryPorts {
  store: HistoryStore;
  zone: Zone;
  /** The finest form in which readings of this indicator from `from` on are still there. */
  finestKept(indicator: Indicator, from: number): Resolution;
  /** Series that were found to have imports; the reader learns them here. Forgetting costs one question more. */
  withImports?: Set<number>;
}

export interface HistoryQuery {
  from: number;
  to: number;
  points: number;
  signal?: AbortSignal | undefined;
}

/** Circumstances by series. */
export type About = ReadonlyMap<number, Circumstances>;
