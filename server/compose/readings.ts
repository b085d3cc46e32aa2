/** The readings' room put together: door, store, partitions, newest values. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source-schema.ts';
import type { Latest, ReadingDelta } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import type { TimeSeries } from '../db/time-series.ts';
import type { SeriesRegistry } from '../indicators/registry.ts';
import { ensureSeries, markSource } from '../indicators/store.ts';
import { type Admission, createAdmission } from '../readings/admission.ts';
import { emptyColumns, type ReadingColumns } from '../readings/columns.ts';
import { createIngest, type Ingest, type IngestPorts } from '../readings/ingest.ts';
import { createLatestValues, type LatestValues, type Moved, toLatest } from '../readings/latest.ts';
import { decodeQuality } from '../readings/quality.ts';
import { newestReadings, writeBatch } from '../readings/store.ts';
import { rawFloor } from '../readings/store-retention.ts';
import type { Zone } from '../readings/zone.ts';

export interface ReadingService {
  ingest: Ingest;
  /** A judge as the door has one, whose batch goes nowhere. */
  judge(source: Source | null): Admission;
  latest: LatestValues;
  /** Readings stored by this server so far. */
  stored(): number;
  /** Call after retention: what it ended is too old from now on. */
  refreshFloor(): Promise<void>;
  /** Every newest reading as the wire shows it, at `now`. */
  allLatest(now: number): Latest[];
}

export interface ReadingServiceDeps {
  database: Database;
  timeSeries: TimeSeries;
  zone: Zone;
  registry: SeriesRegistry;
  catalogue(): Catalogue;
  now(): number;
  /** After each commit that changed something: the readings that moved a series on. */
  moved(readings: readonly Moved[]): void;
  wrote(seconds: number): void;
  /** For the senders' health: after each commit, and when the store failed under one. */
  senders: Pick<IngestPorts, 'stored' | 'storeFailed'>;
}

export async function openReadings(deps: ReadingServiceDeps): Promise<ReadingService> {
  const { database, registry, timeSeries } = deps;
  const latest = createLatestValues();
  let stored = 0;
  await timeSeries.ensure([deps.now(), deps.now() + 31 * 86_400_000]);
  latest.apply(toColumns(await newestReadings(database)), null);

  const lateAfterMs = (series: number): number => deps.catalogue().indicators.get(registry.get(series)?.indicator ?? '')?.staleAfterMs ?? 0;

  let floor = await rawFloor(database);
  // The floor cuts through a day, whose earlier readings are gone: the first whole day is the one after it.
  const earliest = (now: number): number =>
    Math.max(deps.zone.dayStart(now - deps.catalogue().city.storage.rawHorizon), floor === null ? Number.NEGATIVE_INFINITY : deps.zone.nextDay(floor));
  const ingest = createIngest({
    catalogue: deps.catalogue,
    registry,
    now: deps.now,
    earliest,
    async makeSeries(keys, source) {
      const made = await ensureSeries(database, keys, { now: deps.now(), simulated: source?.simulated ?? false, sourceId: source?.id ?? null });
      for (const series of made) registry.put(series);
      return made.map((series) => series.id);
    },
    async noteSource(ids, source) {
      await markSource(database, ids, { id: source.id, simulated: source.simulated });
      for (const id of ids) {
        const series = registry.get(id);
        if (series !== undefined) registry.put({ ...series, source: source.id as typeof series.source, simulated: series.simulated || source.simulated });
      }
    },
    async write(batch, context) {
      const startedAt = performance.now();
      await timeSeries.ensure(batch.rows.observedAt);
      const outcome = await writeBatch(database, batch, { ...context, canCopy: timeSeries.entry === 'copy', lateAfterMs, first: firstOf(batch.rows, latest) });
      deps.wrote((performance.now() - startedAt) / 1000);
      return outcome;
    },
    committed(rows, receivedAt) {
      stored += rows.length;
      deps.moved(latest.apply(rows, receivedAt));
    },
    stored: deps.senders.stored,
    storeFailed: deps.senders.storeFailed,
  });

  return {
    ingest,
    judge(source) {
      const now = deps.now();
      return createAdmission({ catalogue: deps.catalogue(), registry, source, now, earliest: earliest(now) });
    },
    latest,
    stored: () => stored,
    async refreshFloor() {
      floor = await rawFloor(database);
    },
    allLatest(now) {
      const all: Latest[] = [];
      for (const series of registry.all()) {
        const newest = latest.get(series.id);
        const indicator = deps.catalogue().indicators.get(series.indicator);
        if (newest !== undefined && indicator !== undefined) all.push(toLatest(series, newest, { indicator, now }));
      }
      return all;
    },
  };
}

/** Series of a batch (sorted by series) that have no newest reading yet. */
function firstOf(rows: ReadingColumns, latest: LatestValues): number[] {
  const first: number[] = [];
  let previous = 0;
  for (let i = 0; i < rows.length; i++) {
    const id = rows.series[i] as number;
    if (id === previous) continue;
    previous = id;
    if (latest.get(id) === undefined) first.push(id);
  }
  return first;
}

function toColumns(rows: readonly { series_id: number; observed_at: number; value: number; quality: number }[]): ReadingColumns {
  const columns = emptyColumns(rows.length);
  rows.forEach((row, i) => {
    columns.series[i] = row.series_id;
    columns.observedAt[i] = row.observed_at;
    columns.value[i] = row.value;
    columns.quality[i] = row.quality;
  });
  return columns;
}

/** A newest reading as the live hub sends it; none for a series that is not known (which cannot be). */
export function toDelta(moved: Moved, registry: SeriesRegistry): ReadingDelta[] {
  const series = registry.get(moved.series);
  if (series === undefined) return [];
  const { quality, reason } = decodeQuality(moved.quality);
  const { observedAt, receivedAt, value } = moved;
  return [
    {
      series: series.id,
      indicator: series.indicator,
      place: series.place,
      facet: series.facet,
      observedAt,
      receivedAt,
      value,
      quality,
      qualityReason: reason,
      simulated: series.simulated,
    },
  ];
}
