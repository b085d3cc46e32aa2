/** What is stored of series in the buckets of a plan: rollups, with the hours whose rollup is behind made from readings, and imports. */
import type { Indicator, Resolution } from '../contract/index.ts';
import { type Buckets, gather } from './buckets.ts';
import type { About, HistoryPorts, HistoryQuery } from './history-ports.ts';
import { type ImportResolution, resolutionNumber } from './import-block.ts';
import { mergeToHours } from './ranges.ts';
import { type BucketGrid, bucketGrid, DAY_MS, type HistoryPlan, HOUR_MS, keepsMinutes, MINUTE_MS, QUARTER_MS } from './resolution.ts';
import type { RollupRelation, SeriesRange } from './store-history.ts';
import type { Zone } from './zone.ts';

/** A plan whose points are buckets. */
export type BucketPlan = HistoryPlan & { bucketMs: number };

export interface Asked {
  plan: BucketPlan;
  series: readonly number[];
  indicator: Indicator;
  about: About;
}

/** `stepMs`: the widest step that an import had; 0: none. */
export type Found = Map<number, { columns: Buckets; stepMs: number }>;

/** Stored buckets and imports of each series in the plan's grid. */
export async function readBuckets(ports: HistoryPorts, asked: Asked, query: HistoryQuery): Promise<Found> {
  const { store, zone, finestKept } = ports;
  const { plan, indicator } = asked;
  return gatherAll(ports, asked, {
    query,
    async readings(range, at) {
      if (plan.resolution === '1m' && !keepsMinutes(indicator.intervalMs)) {
        const kept = await store.raw({ ...range, limit: null, withPreserved: finestKept(indicator, range.from) !== 'raw' });
        for (const columns of kept) at(columns.series_id).readings(columns);
        return;
      }
      const dirty = await store.dirtyHours(range);
      await fill({ store, zone }, { plan, range, dirty, at });
    },
  });
}

/** As `readBuckets`, of a time that is preserved: from what is kept beyond its time, readings and imports of the plan's resolution. */
export function readPreservedBuckets(ports: HistoryPorts, asked: Asked, query: HistoryQuery): Promise<Found> {
  return gatherAll(ports, asked, {
    query,
    async readings(range, at) {
      for (const columns of await ports.store.raw({ ...range, limit: null, withPreserved: true })) at(columns.series_id).readings(columns);
    },
  });
}

type At = (id: number) => ReturnType<typeof gather>;

const importResolutionOf = (resolution: Resolution): ImportResolution => (resolution === 'raw' ? resolutionNumber['1m'] : resolutionNumber[resolution]);

async function gatherAll(
  { store, zone }: HistoryPorts,
  { plan, series, about }: Asked,
  { query, readings }: { query: HistoryQuery; readings(range: SeriesRange, at: At): Promise<void> },
): Promise<Found> {
  const grid = bucketGrid(plan.bucketMs, zone);
  const range = { from: grid.start(query.from), to: query.to, series, signal: query.signal };
  const gatherings = new Map(series.map((id) => [id, { gathering: gather(grid), stepMs: 0 }]));
  const of = (id: number) => gatherings.get(id) as { gathering: ReturnType<typeof gather>; stepMs: number };
  await readings(range, (id) => of(id).gathering);
  const withImports = series.filter((id) => about.get(id)?.has_imports);
  const imports = withImports.length === 0 ? [] : await store.imported(importResolutionOf(plan.resolution), { ...range, series: withImports });
  for (const columns of imports) {
    const one = of(columns.series_id);
    one.gathering.buckets(columns);
    one.stepMs = columns.width_s.reduce((most, width) => Math.max(most, width * 1000), 0);
  }
  return new Map([...gatherings].map(([id, { gathering, stepMs }]) => [id, { columns: gathering.finish(), stepMs }]));
}

/** The relation that a plan reads, and the grid of its rows. Quarters of a day answer for what is made of them. */
function relationOf({ resolution, bucketMs }: BucketPlan, zone: Zone): { relation: RollupRelation; rows: BucketGrid } {
  if (resolution === '1m') return { relation: 'reading_1m', rows: bucketGrid(MINUTE_MS, zone) };
  if (resolution === '1d') return { relation: 'reading_1d', rows: bucketGrid(DAY_MS, zone) };
  const isQuarters = zone.hasWholeHours && bucketMs % QUARTER_MS === 0;
  return isQuarters ? { relation: 'reading_6h', rows: bucketGrid(QUARTER_MS, zone) } : { relation: 'reading_1h', rows: bucketGrid(HOUR_MS, zone) };
}

/** Rollup rows, and the dirty part of the range from readings. */
async function fill(
  { store, zone }: Pick<HistoryPorts, 'store' | 'zone'>,
  work: { plan: BucketPlan; range: SeriesRange; dirty: readonly { series_id: number; t: Float64Array }[]; at: At },
): Promise<void> {
  const { plan, range, dirty, at } = work;
  const { relation, rows } = relationOf(plan, zone);
  const behind = new Map<number, Set<number>>();
  if (plan.resolution === '1m') {
    // A dirty hour's minutes come from its readings; its stored minutes are left out one by one.
    for (const { series_id, t } of dirty) behind.set(series_id, new Set(Array.from(t).flatMap((hour) => Array.from({ length: 60 }, (_, minute) => hour + minute * MINUTE_MS))));
    for (const { series, from, to } of mergeToHours(dirty.flatMap(({ series_id, t }) => Array.from(t, (hour) => ({ series: series_id, firstAt: hour, lastAt: hour })))))
      for (const columns of await store.raw({ ...range, series: [series], from, to, limit: null, withPreserved: false })) at(series).readings(columns);
  } else {
    // Where days do not begin on whole hours of UTC, an hour may belong to two of them.
    for (const { series_id, t } of dirty) behind.set(series_id, new Set(Array.from(t).flatMap((hour) => [rows.start(hour), rows.start(hour + HOUR_MS - 1)])));
    const spans = [...behind].flatMap(([series, starts]) => [...starts].map((from) => ({ series, from, to: rows.end(from) })));
    for (const columns of await store.fromReadings(spans, range.signal)) at(columns.series_id).buckets(columns);
  }
  for (const columns of await store.rollup(relation, range)) at(columns.series_id).buckets(columns, behind.get(columns.series_id));
}
