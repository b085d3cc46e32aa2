/** The past put together: what history reads, what the bulk door writes, and what retention ends. */
import type { Request } from 'express';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source-schema.ts';
import { retentionOf } from '../catalogue/storage.ts';
import type { Actor, Indicator, Place, Resolution } from '../contract/index.ts';
import type { Connection, Database } from '../db/pool.ts';
import type { TimeSeries } from '../db/time-series.ts';
import type { SeriesKey, SeriesRegistry } from '../indicators/registry.ts';
import { ensureSeries, markSource } from '../indicators/store.ts';
import { appendJournal } from '../journal/store.ts';
import type { HistoryStore } from '../readings/history-ports.ts';
import { keepsMinutes } from '../readings/resolution.ts';
import { classesOf, type RetentionTimes } from '../readings/retention.ts';
import type { HistoryRoutesDeps } from '../readings/routes-history.ts';
import type { RollupRoutesDeps } from '../readings/routes-rollups.ts';
import { bucketsFromReadings, circumstancesOf, dirtyHours, importedColumns, rawColumns, rollupColumns } from '../readings/store-history.ts';
import { importRows } from '../readings/store-imports.ts';
import { addPreservedWindow, dropOldMarks, dropUnpreserved, preservedWindows, preserveReadings, raiseRawFloor, removePreservedWindow } from '../readings/store-retention.ts';
import type { Zone } from '../readings/zone.ts';

export interface PastDeps {
  database: Database;
  timeSeries: TimeSeries;
  registry: SeriesRegistry;
  catalogue(): Catalogue;
  zone: Zone;
  now(): number;
  actorOf(request: Request): Actor;
}

/** How long readings and rollups of an indicator are there. Where readings stand for minutes, they are kept as long as minutes are. */
function timesOf(catalogue: Catalogue, indicatorId: string): RetentionTimes {
  const { storage } = catalogue.city;
  const definition = catalogue.definitions.get(indicatorId);
  const kept = retentionOf(storage, definition ?? {});
  const raw = definition !== undefined && !keepsMinutes(definition.interval) && kept.raw !== null ? (kept['1m'] === null ? null : Math.max(kept.raw, kept['1m'])) : kept.raw;
  return { reading: raw, reading_1m: kept['1m'], reading_1h: kept['1h'], reading_1d: kept['1d'] };
}

function finestKept(deps: PastDeps, indicator: Indicator, from: number): Resolution {
  const times = timesOf(deps.catalogue(), indicator.id);
  const age = deps.now() - from;
  const has = (kept: number | null): boolean => kept === null || age <= kept;
  if (has(times.reading)) return 'raw';
  if (has(times.reading_1m)) return '1m';
  return has(times.reading_1h) ? '1h' : '1d';
}

export function historyStore(database: Database): HistoryStore {
  return {
    raw: (query) => rawColumns(database, query),
    rollup: (relation, query) => rollupColumns(database, relation, query),
    dirtyHours: (query) => dirtyHours(database, query),
    fromReadings: (buckets, signal) => bucketsFromReadings(database, buckets, signal),
    imported: (resolution, query) => importedColumns(database, resolution, query),
    circumstances: (query) => circumstancesOf(database, query),
  };
}

/** Ids of the places of a kind inside a place, at any depth. */
function placesInside({ places }: Catalogue, id: string, kind: Place['kind']): string[] {
  const isInside = (place: Place): boolean => {
    for (let parent = place.parent; parent !== null; parent = places.get(parent)?.parent ?? null) if (parent === id) return true;
    return false;
  };
  return [...places.values()].filter((place) => place.kind === kind && isInside(place)).map((place) => place.id);
}

/** What the doors to the past need besides who sends, and how much may be sent at once. */
export type PastRoutes = Omit<RollupRoutesDeps, 'door' | 'senderOf'>;

export function openPast(deps: PastDeps): { history: HistoryRoutesDeps; rollups: PastRoutes; retain(): Promise<void> } {
  const { database, registry, catalogue, zone, now } = deps;
  const shared = {
    indicator: (id: string) => catalogue().indicators.get(id),
    place: (id: string) => catalogue().places.get(id),
    placesInside: (id: string, kind: Place['kind']) => placesInside(catalogue(), id, kind),
    now,
  };
  return {
    history: {
      ...shared,
      registry,
      coverage: (id) => catalogue().definitions.get(id)?.coverage ?? 0,
      history: { store: historyStore(database), zone, finestKept: (indicator, from) => finestKept(deps, indicator, from), withImports: new Set() },
    },
    rollups: {
      ...shared,
      zone,
      seriesFor: (keys, source) => seriesFor(deps, keys, source),
      importRows: (entries) => importRows(database, { entries, zone }),
      preserved: preservedPorts(deps),
    },
    retain: () => retain(deps),
  };
}

/** Makes what does not exist, and notes the source where it is another, as the door for readings does. */
async function seriesFor({ database, registry, now }: PastDeps, keys: readonly SeriesKey[], source: Source | null): Promise<number[]> {
  const find = (key: SeriesKey) => registry.find(key.indicator, key.place, key.facet);
  const missing = keys.filter((key) => find(key) === undefined);
  if (missing.length > 0)
    for (const made of await ensureSeries(database, missing, { now: now(), simulated: source?.simulated ?? false, sourceId: source?.id ?? null })) registry.put(made);
  const found = keys.map((key) => {
    const series = find(key);
    if (series === undefined) throw new Error('a series that was made is not there');
    return series;
  });
  const changed = new Map(
    source === null ? [] : found.filter((series) => series.source !== source.id || (source.simulated && !series.simulated)).map((series) => [series.id, series] as const),
  );
  if (source !== null && changed.size > 0) {
    await markSource(database, [...changed.keys()], { id: source.id, simulated: source.simulated });
    for (const series of changed.values()) registry.put({ ...series, source: source.id as typeof series.source, simulated: series.simulated || source.simulated });
  }
  return found.map((series) => series.id);
}

function preservedPorts({ database, now, actorOf }: PastDeps): PastRoutes['preserved'] {
  const record = (connection: Connection, entry: { kind: string; actor: Actor; detail: Record<string, unknown> }) =>
    appendJournal(connection, [{ ...entry, alertId: null }], now());
  return {
    async list() {
      const rows = await preservedWindows(database);
      return rows.map((row) => ({ id: row.id, name: row.name, from: row.from_at, to: row.to_at, indicators: row.indicator_ids, places: row.place_ids, createdAt: row.created_at }));
    },
    add: (body, request) =>
      database.transaction(async (connection) => {
        const { name, from, to, indicators = null, places = null } = body;
        const id = await addPreservedWindow(connection, { name, from, to, indicators, places, by: actorOf(request), now: now() });
        await record(connection, { kind: 'preserve_added', actor: actorOf(request), detail: { id, name, from, to, indicators, places } });
        return id;
      }),
    remove: (id, request) =>
      database.transaction(async (connection) => {
        const isGone = await removePreservedWindow(connection, id);
        if (isGone) await record(connection, { kind: 'preserve_removed', actor: actorOf(request), detail: { id } });
        return isGone;
      }),
  };
}

/** Ends what is too old, preserved readings first. */
async function retain({ database, timeSeries, registry, catalogue, now }: PastDeps): Promise<void> {
  const classes = classesOf(registry.all(), (indicator) => timesOf(catalogue(), indicator), now());
  for (const { series, before } of classes) if (before.reading !== null) await raiseRawFloor(database, { series, before: before.reading });
  await timeSeries.retain({ classes, preserve: preserveReadings });
  for (const { series, before } of classes) {
    const imported = [
      { resolution: 1, before: before.reading_1m },
      { resolution: 2, before: before.reading_1h },
      { resolution: 3, before: before.reading_1d },
    ] as const;
    await dropOldMarks(database, { series, imported, revisionsBefore: before.reading_1m });
  }
  await dropUnpreserved(database);
}
