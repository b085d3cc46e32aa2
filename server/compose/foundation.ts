/** The ground floor: the store is opened, migrated and claimed for the city whose folder was read and checked before. */
import path from 'node:path';
import type { Readiness } from '../app.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { OperatorError } from '../contract/index.ts';
import { type Backups, startBackups } from '../db/backup/schedule.ts';
import { detectEngine, openTimeSeries } from '../db/engine.ts';
import { claimStore } from '../db/identity.ts';
import { migrate } from '../db/migrate.ts';
import { openStore } from '../db/open.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import type { TimeSeries } from '../db/time-series.ts';
import { ensureWatermarks } from '../db/touched.ts';
import { createSeriesRegistry, type SeriesRegistry } from '../indicators/registry.ts';
import { allSeries } from '../indicators/store.ts';
import { createZone, type Zone } from '../readings/zone.ts';
import type { CityClock } from '../simulation/clock.ts';
import { readClock } from '../simulation/store.ts';
import { type CityState, openCityState } from './city-state.ts';
import type { Ends } from './ends.ts';
import { type StoreSpace, watchStoreSpace } from './store-space.ts';

export interface Log {
  info(message: string): void;
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
}

export interface ServerOptions {
  config: Config;
  /** The city's clock: true time, unless a demonstration moved it ahead. */
  clock: CityClock;
  /** What people's sessions and links go by. */
  trueClock: Clock;
  log: Log;
  /** Folder of the built client. */
  clientDirectory: string;
  version: string;
  /** Where `${NAME}` in the files of sources comes from: the process's environment. */
  environment: Readonly<Record<string, string | undefined>>;
}

async function readCatalogue(directory: string): Promise<Catalogue> {
  const result = await loadCatalogue(directory);
  if (result.ok) return result.catalogue;
  throw new OperatorError(`The city folder ${directory} has mistakes:\n${result.problems.map((p) => `  ${p.file}: ${p.path === '' ? '' : `${p.path}: `}${p.message}`).join('\n')}`);
}

/** Connections for requests, four writers and the followers together; the embedded server allows 60. */
const POOL_SIZE = 16;

export interface Foundation {
  database: Database;
  catalogue: Catalogue;
  timeSeries: TimeSeries;
  zone: Zone;
  registry: SeriesRegistry;
  city: CityState;
  /** Null where none are configured. */
  backups: Backups | null;
  /** `embedded` or `external`. */
  storeKind: string;
  space: StoreSpace;
  createdAt: number;
}

/** Store, catalogue, series and the city's state: what everything else stands on. */
export async function openFoundation({ config, clock, log, version }: ServerOptions, ends: Ends): Promise<Foundation> {
  const catalogue = await readCatalogue(config.configDirectory);
  const store = await openStore({ databaseUrl: config.databaseUrl, directory: path.join(config.dataDirectory, catalogue.city.id), log: log.info, setTimer: clock.setTimer });
  ends.add('store', store.stop);
  const space = watchStoreSpace(store.kind === 'embedded' ? config.dataDirectory : null, clock.now);
  const database = createDatabase(store.settings, {
    max: POOL_SIZE,
    onError: (error) => log.warn('a connection to the store was lost', error),
    onFull: space.noteFull,
    onSlow: ({ ms, statement, planId }) => log.warn(`slow query: ${ms} ms, plan ${planId ?? 'unknown'}: ${statement}`),
  });
  ends.add('connections', () => database.end());
  const engine = await detectEngine(database, log.info);
  const { timeZone, storage } = catalogue.city;
  const zone = createZone(timeZone);
  const ran = await migrate(database, { engine, timeZone, now: clock.now() });
  if (ran.length > 0) log.info(`migrated: ${ran.join(', ')}`);
  const { createdAt } = await claimStore(database, { id: catalogue.city.id, timeZone, engine, now: clock.now() });
  clock.set(await readClock(database));
  log.info(`the store is ${engine === 'timescaledb' ? 'TimescaleDB' : 'plain PostgreSQL'}, ${store.kind}`);
  const timeSeries = openTimeSeries(database, engine, { timeZone, hasWholeHours: zone.hasWholeHours, compressAfterMs: storage.compressAfter, canCopy: true });
  await ensureWatermarks(database);
  const registry = createSeriesRegistry(await allSeries(database));
  const city = await openCityState(database, registry, { catalogue, now: clock.now() });
  const backups =
    config.backup === null ? null : await startBackups({ ...config.backup, database, city: catalogue.city.id, version, now: clock.now, setTimer: clock.setTimer, log });
  if (backups !== null) ends.add('backups', () => backups.close());
  return { database, timeSeries, zone, catalogue, registry, city, backups, storeKind: store.kind, space, createdAt };
}

function backupState(backups: Backups): object {
  const last = backups.lastBackup();
  return { last: last && { at: new Date(last.at).toISOString(), file: path.basename(last.file), bytes: last.bytes }, failures: backups.failures() };
}

/** Whether the server can serve now, and on what it stands. */
export async function readinessOf({ database, city, storeKind, timeSeries, space, backups }: Foundation, version: string): Promise<Readiness> {
  const { version: catalogueVersion, problems } = city.state();
  const detail = {
    version,
    store: { kind: storeKind, engine: timeSeries.engine, ...(await space.read()) },
    catalogue: { version: catalogueVersion, problems: problems.length },
    ...(backups === null ? {} : { backup: backupState(backups) }),
  };
  try {
    await database.query('select 1');
    return { ready: !detail.store.full, detail };
  } catch {
    return { ready: false, detail: { ...detail, store: { ...detail.store, reachable: false } } };
  }
}
