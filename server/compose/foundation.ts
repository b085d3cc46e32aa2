/** The ground floor: the store is opened, migrated and claimed for the city whose folder was read and checked before. */
import path from 'node:path';
import type { Readiness } from '../app.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { OperatorError } from '../contract/index.ts';
import { claimStore } from '../db/identity.ts';
import { migrate } from '../db/migrate.ts';
import { openStore } from '../db/open.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import { ensureWatermarks } from '../db/touched.ts';
import { createSeriesRegistry, type SeriesRegistry } from '../indicators/registry.ts';
import { allSeries } from '../indicators/store.ts';
import { type CityState, openCityState } from './city-state.ts';
import type { Ends } from './ends.ts';

export interface Log {
  info(message: string): void;
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
}

export interface ServerOptions {
  config: Config;
  clock: Clock;
  log: Log;
  /** Folder of the built client. */
  clientDirectory: string;
  version: string;
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
  registry: SeriesRegistry;
  city: CityState;
  /** `embedded` or `external`. */
  storeKind: string;
  createdAt: number;
}

/** Store, catalogue, series and the city's state: what everything else stands on. */
export async function openFoundation({ config, clock, log }: ServerOptions, ends: Ends): Promise<Foundation> {
  const catalogue = await readCatalogue(config.configDirectory);
  const store = await openStore({ databaseUrl: config.databaseUrl, directory: path.join(config.dataDirectory, catalogue.city.id), log: log.info, setTimer: clock.setTimer });
  ends.add('store', store.stop);
  const database = createDatabase(store.settings, { max: POOL_SIZE, onError: (error) => log.warn('a connection to the store was lost', error) });
  ends.add('connections', () => database.end());
  const ran = await migrate(database, { engine: 'postgresql', now: clock.now() });
  if (ran.length > 0) log.info(`migrated: ${ran.join(', ')}`);
  const { createdAt } = await claimStore(database, { id: catalogue.city.id, timeZone: catalogue.city.timeZone, engine: 'postgresql', now: clock.now() });
  await ensureWatermarks(database);
  const registry = createSeriesRegistry(await allSeries(database));
  const city = await openCityState(database, registry, { catalogue, now: clock.now() });
  return { database, catalogue, registry, city, storeKind: store.kind, createdAt };
}

/** Whether the server can serve now, and on what it stands. */
export async function readinessOf({ database, city, storeKind }: Foundation, version: string): Promise<Readiness> {
  const { version: catalogueVersion, problems } = city.state();
  const detail = { version, store: { kind: storeKind, engine: 'postgresql' }, catalogue: { version: catalogueVersion, problems: problems.length } };
  try {
    await database.query('select 1');
    return { ready: true, detail };
  } catch {
    return { ready: false, detail: { ...detail, store: { ...detail.store, reachable: false } } };
  }
}
