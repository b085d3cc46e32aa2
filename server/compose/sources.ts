/**
 * The sources' room put together: door, quarantine, health, connectors. Health opens first, for the doors of readings tell it of every
 * batch; connectors open last, for they send at once.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Source, sourceSchema } from '../catalogue/source-schema.ts';
import type { Clock } from '../clock.ts';
import { type Actor, AppError, HTTP_SOURCE_ID, type SourceHealth } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import { startFollower } from '../follower.ts';
import { appendJournal } from '../journal/store.ts';
import type { ReadingColumns } from '../readings/columns.ts';
import type { Ingest, Sender } from '../readings/ingest.ts';
import { createCsvDropStarter } from '../sources/csv-drop.ts';
import { readCsvOriginal } from '../sources/csv-reader.ts';
import { createDoor, type Door, type DoorPorts } from '../sources/door.ts';
import { createHealthWork } from '../sources/health-loop.ts';
import type { StoredCounts } from '../sources/health-tracker.ts';
import { createHealthTracker, type HealthTracker } from '../sources/health-tracker.ts';
import { type ConnectorManager, createConnectorManager } from '../sources/manager.ts';
import { createMqttStarter } from '../sources/mqtt.ts';
import { readMqttMessage } from '../sources/mqtt-payload.ts';
import type { Take } from '../sources/piece.ts';
import { createQuarantine, DEFAULT_BOUNDS, type Quarantine } from '../sources/quarantine.ts';
import { isReplay, type ReplayPorts, replayQuarantine, toWireEntry } from '../sources/quarantine-replay.ts';
import { allSizes, dropAged, type QuarantineSize, removeEntries, selectEntries, selectForReplay, updateReasons } from '../sources/quarantine-store.ts';
import { readLine, readReading } from '../sources/readers.ts';
import type { SourceRoutesDeps } from '../sources/routes.ts';
import { createSecrets } from '../sources/secrets.ts';
import { allStates, changeStates, writeStates } from '../sources/state-store.ts';
import type { Ends } from './ends.ts';
import type { Log } from './foundation.ts';

/** What the doors tell of their senders. */
export interface SourceHealthRoom {
  tracker: HealthTracker;
  sizes: Map<string, QuarantineSize>;
  stored(sender: Sender, counts: StoredCounts, rows: ReadingColumns): void;
  storeFailed(sender: Sender, error: unknown): void;
}

export async function openSourceHealth(deps: { database: Database; catalogue: Catalogue; now(): number }): Promise<SourceHealthRoom> {
  const sizes = await allSizes(deps.database);
  const quarantined = new Map([...sizes].map(([id, size]) => [id, size.entries]));
  const tracker = createHealthTracker({ now: deps.now, remembered: await allStates(deps.database), quarantined });
  tracker.apply(deps.catalogue);
  return {
    tracker,
    sizes,
    stored(sender, counts, rows) {
      if (!isReplay(sender.token)) tracker.stored(sender.source?.id ?? null, counts, newestOf(rows));
    },
    storeFailed(sender, error) {
      if (isStoreFailure(error)) tracker.storeFailed(sender.source?.id ?? HTTP_SOURCE_ID, error.message);
    },
  };
}

const isStoreFailure = (error: unknown): error is AppError => error instanceof AppError && (error.code === 'store_unavailable' || error.code === 'store_full');

function newestOf({ length, observedAt }: ReadingColumns): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) newest = Math.max(newest, observedAt[i] as number);
  return newest;
}

export interface SourceService {
  list(): SourceHealth[];
  takeFrom: Door['takeFrom'];
  /** What an HTTP door refused. Resolves once it is kept. */
  keep: DoorPorts['keep'];
  routes: Omit<SourceRoutesDeps, 'actorOf'>;
  /** Follows a new catalogue. */
  apply(catalogue: Catalogue): Promise<void>;
}

export interface SourceServiceDeps {
  database: Database;
  clock: Clock;
  log: Log;
  health: SourceHealthRoom;
  ingest: Ingest;
  catalogue(): Catalogue;
  /** The city's folder: certificates and drop folders may be named relative to it. */
  directory: string;
  /** Where `${NAME}` in a source's file comes from. */
  environment: Readonly<Record<string, string | undefined>>;
  publish(sources: readonly SourceHealth[]): void;
}

const JUDGE_MS = 1000;
const AGE_MS = 3_600_000;

export async function openSources(deps: SourceServiceDeps, ends: Ends): Promise<SourceService> {
  const { health, clock, ingest } = deps;
  const { tracker } = health;
  const noteSizes = (sizes: ReadonlyMap<string, QuarantineSize>): void => {
    for (const [id, size] of sizes) {
      health.sizes.set(id, size);
      tracker.quarantined(id, size.entries);
    }
  };
  const quarantine = createQuarantine({ database: deps.database, bounds: DEFAULT_BOUNDS, changed: noteSizes });
  const keep = keeperOf(quarantine, tracker);
  const door = createDoor({ ingestWith: ingest.ingestWith, now: clock.now, keep });
  startFollowers(deps, ends, noteSizes);
  const connectors = openConnectors(deps, door.take);
  ends.add('connectors', () => connectors.stop());
  await connectors.apply(deps.catalogue());
  return {
    list: tracker.list,
    keep,
    takeFrom: door.takeFrom,
    routes: routesOf(deps, noteSizes),
    async apply(catalogue) {
      tracker.apply(catalogue);
      await connectors.apply(catalogue);
    },
  };
}

function keeperOf(quarantine: Quarantine, tracker: HealthTracker): SourceService['keep'] {
  return async (sender, refused, receivedAt) => {
    const first = refused.originals[0];
    if (first === undefined) return;
    const sourceId = sender.source?.id ?? HTTP_SOURCE_ID;
    try {
      await quarantine.keep(sourceId, refused, receivedAt);
    } catch (error) {
      if (isStoreFailure(error)) tracker.storeFailed(sourceId, error.message);
      throw error;
    }
    tracker.refused(sourceId, refused.count, first.refusal.message);
  };
}

/** Judges sources each second; drops from quarantine what is too old each hour. */
function startFollowers({ database, clock, log, health, publish }: SourceServiceDeps, ends: Ends, noteSizes: (sizes: ReadonlyMap<string, QuarantineSize>) => void): void {
  const work = createHealthWork({
    tracker: health.tracker,
    now: clock.now,
    change: (changes, now) => changeStates(database, changes, now),
    write: (rows) => writeStates(database, rows),
    publish,
  });
  const judge = startFollower({
    work,
    setTimer: clock.setTimer,
    everyMs: JUDGE_MS,
    failed(error) {
      if (isStoreFailure(error)) health.tracker.storeFailed(null, error.message);
      else log.error('the sources could not be judged; it will be tried again', error);
    },
  });
  const age = startFollower({
    async work() {
      for (const id of health.sizes.keys()) await dropAged(database, id, clock.now() - DEFAULT_BOUNDS.ageMs);
      noteSizes(await allSizes(database));
      return false;
    },
    setTimer: clock.setTimer,
    everyMs: AGE_MS,
    failed: (error) => log.warn('the quarantine could not be tidied; it will be tried again', error),
  });
  ends.add('quarantine upkeep', () => age.close());
  ends.add('source health', () => judge.close());
}

function openConnectors(deps: SourceServiceDeps, take: Take): ConnectorManager {
  const { clock, log, health } = deps;
  return createConnectorManager({
    starters: {
      mqtt: createMqttStarter({ cityId: deps.catalogue().city.id, directory: deps.directory, random: Math.random }),
      csv_drop: createCsvDropStarter({ directory: deps.directory }),
    },
    take,
    now: clock.now,
    setTimer: clock.setTimer,
    secret: createSecrets(deps.environment),
    report: (source, state) => health.tracker.transport(source.id, state),
    log: { info: log.info, warn: log.warn },
  });
}

/** What came without a source is read again without one: `storePieces` knows it by its id. */
const httpSource: Source = sourceSchema.parse({ id: HTTP_SOURCE_ID, name: { zh: '未指明来源的发送', en: 'Sent without a source' }, kind: 'push' });

function routesOf(deps: SourceServiceDeps, noteSizes: (sizes: ReadonlyMap<string, QuarantineSize>) => void): SourceService['routes'] {
  const { database, clock, health } = deps;
  const remove = async (sourceId: string, ids: readonly number[], deed?: Parameters<typeof removeEntries>[2]): Promise<number> => {
    const removed = await removeEntries(database, { sourceId, ids }, deed);
    noteSizes(await allSizes(database));
    return removed;
  };
  const ports: ReplayPorts = {
    readers: { reading: readReading, line: readLine, mqtt: readMqttMessage, csv: readCsvOriginal },
    sourceOf: (id) => (id === HTTP_SOURCE_ID ? httpSource : (deps.catalogue().sources.get(id) ?? null)),
    timeZone: () => deps.catalogue().city.timeZone,
    ingestWith: deps.ingest.ingestWith,
    select: (query) => selectForReplay(database, query),
    remove,
    updateReasons: (reasons) => updateReasons(database, reasons),
    record: (entry) => database.transaction(async (connection) => void (await appendJournal(connection, [{ ...entry, alertId: null }], clock.now()))),
  };
  return {
    list: health.tracker.list,
    now: clock.now,
    knows: (id) => id === HTTP_SOURCE_ID || deps.catalogue().sources.has(id) || health.sizes.has(id),
    size: (id) => health.sizes.get(id) ?? { entries: 0, bytes: 0, dropped: 0 },
    entries: async (query) => (await selectEntries(database, query)).map(toWireEntry),
    replay: (request) => replayQuarantine(ports, request),
    async discard(sourceId, entry, actor: Actor) {
      const detail = { source: sourceId, entry };
      return (
        (await remove(
          sourceId,
          [entry],
          async (connection) => void (await appendJournal(connection, [{ kind: 'quarantine_discarded', alertId: null, actor, detail }], clock.now())),
        )) > 0
      );
    },
  };
}
