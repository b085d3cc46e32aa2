/**
 * Puts the server together: store, catalogue, readings, alerts, identity, hub, HTTP. Only here and in main.ts does one part know of
 * the others. What is opened is closed in reverse order.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createApp, type Readiness } from './app.ts';
import { type AlertService, openAlertService } from './alerts/loop.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { loadCatalogue } from './catalogue/load.ts';
import { watchCatalogue } from './catalogue/watch.ts';
import { type CityState, openCityState } from './city-state.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { AppError, indicatorIdSchema, placeIdSchema, type ReadingDelta, seriesIdSchema } from './contract/index.ts';
import { claimStore } from './db/identity.ts';
import { migrate } from './db/migrate.ts';
import { openStore } from './db/open.ts';
import { createDatabase, type Database } from './db/pool.ts';
import { consumeTouched, ensureWatermarks, pruneTouched, TOUCHED_CHANNEL } from './db/touched.ts';
import { startFollower } from './follower.ts';
import { createMetrics } from './http/metrics.ts';
import { actorOf, type Identity, openIdentity } from './identity/identity.ts';
import { credentialsOf, mayRead, principalOf } from './identity/routes.ts';
import { createSeriesRegistry, type SeriesRegistry } from './indicators/registry.ts';
import { allSeries } from './indicators/store.ts';
import { appendJournal, journalOf } from './journal/store.ts';
import { createHub, type Hub } from './live/hub.ts';
import { retiredPlaces } from './places/store.ts';
import { decodeQuality } from './readings/quality.ts';
import { mergeToHours } from './readings/ranges.ts';
import { openReadings, type ReadingService } from './readings/service.ts';
import { hourlyHistory, rawHistory, refreshHourly } from './readings/store.ts';
import { senderOf } from './sender.ts';

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

export interface RunningServer {
  url: string;
  identity: Identity;
  catalogue(): Catalogue;
  database: Database;
  /** When the store was made, epoch ms. */
  storeCreatedAt: number;
  /** For tests: resolves when everything stored before the call has been rolled up and judged. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Ends to be called in reverse order; each is tried, whatever the others do. */
function createEnds(log: Log): { add(name: string, end: () => Promise<unknown>): void; run(): Promise<void> } {
  const ends: { name: string; end: () => Promise<unknown> }[] = [];
  return {
    add: (name, end) => ends.push({ name, end }),
    async run() {
      for (const { name, end } of ends.splice(0).reverse()) {
        try {
          await end();
        } catch (error) {
          log.error(`${name} did not end in good order`, error);
        }
      }
    },
  };
}

/** @throws Error whose message says what to do; nothing is left running then. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const ends = createEnds(options.log);
  try {
    return await compose(options, ends);
  } catch (error) {
    await ends.run();
    throw error;
  }
}

async function readCatalogue(directory: string): Promise<Catalogue> {
  const result = await loadCatalogue(directory);
  if (result.ok) return result.catalogue;
  throw new Error(`The city folder ${directory} has mistakes:\n${result.problems.map((p) => `  ${p.file}: ${p.path === '' ? '' : `${p.path}: `}${p.message}`).join('\n')}`);
}

/** Connections for requests, four writers and the followers together; the embedded server allows 60. */
const POOL_SIZE = 16;
const MINUTE_MS = 60_000;

interface Foundation {
  database: Database;
  catalogue: Catalogue;
  registry: SeriesRegistry;
  city: CityState;
  storeKind: string;
  createdAt: number;
}

async function openFoundation({ config, clock, log }: ServerOptions, ends: ReturnType<typeof createEnds>): Promise<Foundation> {
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

async function compose(options: ServerOptions, ends: ReturnType<typeof createEnds>): Promise<RunningServer> {
  const { config, clock, log } = options;
  const foundation = await openFoundation(options, ends);
  const { database, registry, city } = foundation;
  const identity = await openIdentity(
    { database, now: clock.now, record: async (entry) => void (await database.transaction((connection) => appendJournal(connection, [{ ...entry, alertId: null }], clock.now()))) },
    { adminPassword: config.adminPassword, ingestToken: config.ingestToken },
  );
  const parts: { hub?: Hub; alerts?: AlertService; readings?: ReadingService } = {};
  const state = { openAlerts: 0, isReady: false };
  const metrics = createMetrics({
    liveClients: () => parts.hub?.clients ?? 0,
    thinnedFrames: () => parts.hub?.thinnedFrames ?? 0,
    series: () => [...registry.all()].length,
    openAlerts: () => state.openAlerts,
    isReady: () => state.isReady,
    catalogueProblems: () => city.state().problems.length,
  });

  const notifier = createNotifier(database, log);
  const readings = await openReadings({
    database,
    registry,
    catalogue: () => city.catalogue,
    now: clock.now,
    wrote: metrics.storeWrite,
    moved(moved) {
      parts.hub?.readings(moved.flatMap((one) => toDelta(one, registry)));
      notifier.wake();
    },
  });
  parts.readings = readings;
  const alerts = await openAlertService({
    database,
    situation: () => ({ catalogue: city.catalogue, catalogueVersion: city.version, registry, now: clock.now() }),
    consume: (work) => consumeTouched(database, 'rules', work),
    publish: (changed) => parts.hub?.alerts(changed),
    setTimer: clock.setTimer,
    evaluated: metrics.evaluation,
    failed: (error) => log.error('evaluation failed; it will be tried again', error),
  });
  parts.alerts = alerts;
  ends.add('evaluation', () => alerts.follower.close());
  const rollup = startFollower({
    work: () => followRollup(database),
    setTimer: clock.setTimer,
    everyMs: 2000,
    failed: (error) => log.error('the rollup failed; it will be tried again', error),
  });
  ends.add('rollup', () => rollup.close());
  const pruning = startFollower({
    async work() {
      await pruneTouched(database);
      state.openAlerts = (await alerts.open()).filter((alert) => alert.condition !== 'pending').length;
      return false;
    },
    setTimer: clock.setTimer,
    everyMs: MINUTE_MS,
    failed: (error) => log.warn('the hand-over log could not be pruned', error),
  });
  ends.add('pruning', () => pruning.close());
  const listener = await database.listen(TOUCHED_CHANNEL, () => {
    alerts.follower.wake();
    rollup.wake();
  });
  ends.add('listener', () => listener.close());

  const app = createApp({
    trustProxy: config.trustProxy,
    version: options.version,
    clientDirectory: options.clientDirectory,
    identity,
    metrics,
    readiness: () => readinessOf(foundation, options.version),
    catalogue: { catalogue: () => city.catalogue, retiredPlaces: () => retiredPlaces(database), selectSeries: (filter) => registry.select(filter) },
    readings: {
      ingest: readings.ingest,
      senderOf: (request) => senderOf(request, city.catalogue),
      registry,
      latest: readings.latest,
      indicator: (id) => city.catalogue.indicators.get(id),
      history: { raw: (query) => rawHistory(database, query), hourly: (query) => hourlyHistory(database, query) },
      now: clock.now,
      counted: metrics.readings,
    },
    alerts: { ...alerts, journal: (id) => journalOf(database, id), actorOf: (request) => actorOf(principalOf(request)), now: clock.now },
    logError: (error, at) => log.error(`a request failed: ${at}`, error),
  });
  const http = createServer(app);
  const hub = createHub(http, {
    now: clock.now,
    setTimer: clock.setTimer,
    build: options.version,
    async mayRead({ headers, token }) {
      const credentials = credentialsOf(headers);
      const principal = await identity.identify({ cookie: credentials.cookie, bearer: token ?? credentials.bearer });
      return principal !== null && mayRead(principal);
    },
    latest: () => readings.allLatest(clock.now()),
    alerts: async () => (await alerts.open()).filter((alert) => alert.condition !== 'pending'),
    catalogue: city.state,
    log: log.warn,
  });
  parts.hub = hub;
  ends.add('live hub', () => hub.close());

  const watch = watchCatalogue({
    directory: config.configDirectory,
    current: foundation.catalogue,
    async onGood(catalogue) {
      await city.adopt(catalogue, clock.now());
      await alerts.catalogueChanged();
      hub.catalogue(city.state());
      log.info(`the city folder was read anew: version ${catalogue.version.slice(0, 12)}`);
    },
    onBroken(problems) {
      city.refuse(problems);
      hub.catalogue(city.state());
      for (const problem of problems) log.warn(`city folder: ${problem.file}: ${problem.path}: ${problem.message}`);
    },
    log: {
      info: (_fields, message) => log.info(message),
      warn: (fields, message) => log.warn(message, fields),
      error: (fields, message) => log.error(message, fields),
    },
  });
  ends.add('catalogue watch', () => watch.close());

  const url = await listen(http, config);
  state.isReady = true;
  return {
    url,
    identity,
    catalogue: () => city.catalogue,
    database,
    storeCreatedAt: foundation.createdAt,
    async settled() {
      await Promise.all([alerts.follower.settled(), rollup.settled()]);
    },
    stop: () => ends.run(),
  };
}

/** Bounded and coalesced: however many commits, one NOTIFY is under way, and at most one more is owed. The log itself is durable; this only wakes. */
function createNotifier(database: Database, log: Log): { wake(): void } {
  let isRunning = false;
  let isOwed = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    do {
      isOwed = false;
      try {
        await database.query("select pg_notify($1, '')", [TOUCHED_CHANNEL]);
      } catch (error) {
        log.warn('the followers could not be woken; they look by themselves', error);
      }
    } while (isOwed);
    isRunning = false;
  };
  return {
    wake() {
      if (isRunning) isOwed = true;
      else void run();
    },
  };
}

async function followRollup(database: Database): Promise<boolean> {
  try {
    const { caughtUp } = await consumeTouched(database, 'rollup', (connection, ranges) => refreshHourly(connection, mergeToHours(ranges)));
    return !caughtUp;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return true;
    throw error;
  }
}

function toDelta(moved: { series: number; observedAt: number; receivedAt: number | null; value: number; quality: number }, registry: SeriesRegistry): ReadingDelta[] {
  const series = registry.get(moved.series);
  if (series === undefined) return [];
  const { quality, reason } = decodeQuality(moved.quality);
  return [
    {
      series: seriesIdSchema.parse(series.id),
      indicator: indicatorIdSchema.parse(series.indicator),
      place: placeIdSchema.parse(series.place),
      facet: series.facet,
      observedAt: moved.observedAt,
      receivedAt: moved.receivedAt,
      value: moved.value,
      quality,
      qualityReason: reason,
      simulated: series.simulated,
    },
  ];
}

async function readinessOf({ database, city, storeKind }: Foundation, version: string): Promise<Readiness> {
  const { version: catalogueVersion, problems } = city.state();
  const detail = { version, store: { kind: storeKind, engine: 'postgresql' }, catalogue: { version: catalogueVersion, problems: problems.length } };
  try {
    await database.query('select 1');
    return { ready: true, detail };
  } catch {
    return { ready: false, detail: { ...detail, store: { ...detail.store, reachable: false } } };
  }
}

function listen(http: ReturnType<typeof createServer>, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`${host}:${port} is in use. Stop what uses it, or set PORT.`) : error);
    });
    http.listen(port, host, () => {
      const address = http.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
    });
  });
}
