/**
 * Puts the server together: store, catalogue, readings, alerts, identity, hub, HTTP. Only in this folder and in main.ts does one room
 * know of the others. Nothing is served before everything stands; what was opened is closed in reverse order.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AlertService, openAlertService } from '../alerts/loop.ts';
import { createApp } from '../app.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { watchCatalogue } from '../catalogue/watch.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { OperatorError } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import { consumeTouched, TOUCHED_CHANNEL, touchAgain } from '../db/touched.ts';
import { createMetrics, type Metrics } from '../http/metrics.ts';
import { createPressure, DEFAULT_LIMITS } from '../http/pressure.ts';
import { actorOf, type Identity } from '../identity/identity.ts';
import { credentialsOf, mayRead, principalOf } from '../identity/routes.ts';
import { journalOf } from '../journal/store.ts';
import { createHub, type Hub } from '../live/hub.ts';
import { retiredPlaces } from '../places/store.ts';
import { createCityClock } from '../simulation/clock.ts';
import { createEnds, type Ends } from './ends.ts';
import { type Foundation, openFoundation, readinessOf, type ServerOptions } from './foundation.ts';
import { createNotifier, openRollup, type RollupService } from './hand-over.ts';
import { openPast } from './history.ts';
import { openIdentityRoom } from './identity.ts';
import { openReadings, type ReadingService, toDelta } from './readings.ts';
import { senderOf } from './sender.ts';
import { openSimulation, type SimulationRoom } from './simulation.ts';
import { registerPressureMetrics, registerSourceMetrics } from './source-metrics.ts';
import { openSourceHealth, openSources, type SourceHealthRoom, type SourceService } from './sources.ts';

export type { Log } from './foundation.ts';

/** `clock`: true time; the server lives by the city's clock, which a demonstration may move ahead. */
export type StartOptions = Omit<ServerOptions, 'clock' | 'trueClock'> & { clock: Clock };

export interface RunningServer {
  url: string;
  identity: Identity;
  catalogue(): Catalogue;
  database: Database;
  /** When the store was made, epoch ms. */
  storeCreatedAt: number;
  /** For tests: resolves when everything stored before the call has been rolled up and judged. */
  settled(): Promise<void>;
  /** For tests: ends what is too old now. */
  retained(): Promise<void>;
  stop(): Promise<void>;
}

/** The rooms, once they are open. The hub opens last and is handed what happened before only through the store. */
interface Rooms {
  foundation: Foundation;
  identity: Identity;
  metrics: Metrics;
  readings: ReadingService;
  alerts: AlertService;
  rollup: RollupService;
  past: ReturnType<typeof openPast>;
  sources: SourceService;
  simulation: SimulationRoom;
  hub: { current: Hub | null };
}

/** @throws Error whose message says what to do; nothing is left running then. */
export async function startServer(given: StartOptions): Promise<RunningServer> {
  const options: ServerOptions = { ...given, clock: createCityClock(given.clock), trueClock: given.clock };
  const ends = createEnds((name, error) => options.log.error(`${name} did not end in good order`, error));
  try {
    const rooms = await openRooms(options, ends);
    const http = createServer(createHttpApp(options, rooms));
    rooms.hub.current = openHub(http, options, rooms);
    ends.add('live hub', async () => rooms.hub.current?.close());
    const watch = watchCity(options, rooms);
    ends.add('catalogue watch', () => watch.close());
    const url = await listen(http, options.config);
    const { foundation, identity, alerts, rollup, past } = rooms;
    return {
      url,
      identity,
      catalogue: () => foundation.city.catalogue,
      database: foundation.database,
      storeCreatedAt: foundation.createdAt,
      async settled() {
        await alerts.follower.settled();
        await rollup.settled();
      },
      retained: past.retain,
      stop: () => ends.run(),
    };
  } catch (error) {
    await ends.run();
    throw error;
  }
}

function openMetrics({ registry, city, backups }: Foundation, hub: Rooms['hub'], counts: { openAlerts: number }): Metrics {
  const metrics = createMetrics({
    liveClients: () => hub.current?.clients ?? 0,
    thinnedFrames: () => hub.current?.thinnedFrames ?? 0,
    series: () => registry.size,
    openAlerts: () => counts.openAlerts,
    catalogueProblems: () => city.state().problems.length,
  });
  if (backups !== null) metrics.backups({ lastAt: () => backups.lastBackup()?.at ?? null, failures: backups.failures });
  return metrics;
}

async function openRooms(options: ServerOptions, ends: Ends): Promise<Rooms> {
  const { clock, log } = options;
  const foundation = await openFoundation(options, ends);
  const { database, registry, city } = foundation;
  const hub: Rooms['hub'] = { current: null };
  const counts = { openAlerts: 0 };
  const metrics = openMetrics(foundation, hub, counts);
  const identity = await openIdentityRoom(options, database);
  const notifier = createNotifier(database, log);
  const health = await openSourceHealth({ database, catalogue: city.catalogue, now: clock.now });
  const readings = await openReadings({
    database,
    registry,
    timeSeries: foundation.timeSeries,
    zone: foundation.zone,
    catalogue: () => city.catalogue,
    now: clock.now,
    wrote: metrics.storeWrite,
    senders: health,
    moved(moved) {
      hub.current?.readings(moved.flatMap((one) => toDelta(one, registry)));
      notifier.wake();
    },
  });
  const alerts = await openAlertService({
    database,
    situation: () => ({ catalogue: city.catalogue, catalogueVersion: city.version, registry, now: clock.now() }),
    consume: (work) => consumeTouched(database, 'rules', work),
    publish: (changed) => hub.current?.alerts(changed),
    setTimer: clock.setTimer,
    evaluated: metrics.evaluation,
    failed: (error) => log.error('evaluation failed; it will be tried again', error),
  });
  ends.add('evaluation', () => alerts.follower.close());
  const past = openPast({
    database,
    timeSeries: foundation.timeSeries,
    registry,
    catalogue: () => city.catalogue,
    zone: foundation.zone,
    now: clock.now,
    actorOf: (request) => actorOf(principalOf(request)),
  });
  const rollup = openRollup(
    {
      database,
      timeSeries: foundation.timeSeries,
      stored: readings.stored,
      now: clock.now,
      setTimer: clock.setTimer,
      async retain() {
        await past.retain();
        await readings.refreshFloor();
      },
      async upkeep() {
        counts.openAlerts = (await alerts.open()).filter((alert) => alert.condition !== 'pending').length;
      },
      log,
    },
    ends,
  );
  const listener = await database.listen(TOUCHED_CHANNEL, () => {
    alerts.follower.wake();
    rollup.wake();
  });
  ends.add('listener', () => listener.close());
  const sources = await openSourceRoom(options, { foundation, readings, health, hub, metrics }, ends);
  const simulation = openSimulation(options, foundation, (state) => hub.current?.simulation(state));
  return { foundation, identity, metrics, readings, alerts, rollup, past, sources, simulation, hub };
}

async function openSourceRoom(
  { config, clock, log, environment }: ServerOptions,
  { foundation, readings, health, hub, metrics }: Pick<Rooms, 'foundation' | 'readings' | 'hub' | 'metrics'> & { health: SourceHealthRoom },
  ends: Ends,
): Promise<SourceService> {
  const sources = await openSources(
    {
      database: foundation.database,
      clock,
      log,
      health,
      ingest: readings.ingest,
      catalogue: () => foundation.city.catalogue,
      directory: config.configDirectory,
      environment,
      publish: (list) => hub.current?.sources(list),
    },
    ends,
  );
  registerSourceMetrics(metrics.registry, sources.list);
  return sources;
}

function createHttpApp({ config, clock, log, version, clientDirectory }: ServerOptions, rooms: Rooms): ReturnType<typeof createApp> {
  const { foundation, identity, metrics, readings, alerts, past, sources } = rooms;
  const { database, registry, city } = foundation;
  const pressure = createPressure({ limits: DEFAULT_LIMITS, senderOf: (request) => actorOf(principalOf(request)).id, setTimer: clock.setTimer });
  registerPressureMetrics(metrics.registry, pressure);
  return createApp({
    trustProxy: config.trustProxy,
    version,
    clientDirectory,
    identity,
    metrics,
    readiness: () => readinessOf(foundation, version),
    catalogue: { catalogue: () => city.catalogue, retiredPlaces: () => retiredPlaces(database), selectSeries: (filter) => registry.select(filter) },
    readings: {
      ingest: readings.ingest,
      senderOf: (request) => senderOf(request, city.catalogue),
      registry,
      latest: readings.latest,
      indicator: (id) => city.catalogue.indicators.get(id),
      now: clock.now,
      door: pressure.door,
      quarantine: sources.keep,
      counted: metrics.readings,
    },
    csv: {
      senderOf: (request) => senderOf(request, city.catalogue),
      take: sources.takeFrom,
      judge: readings.judge,
      timeZone: () => city.catalogue.city.timeZone,
      door: pressure.door,
      counted: (outcome) => metrics.readings('csv', outcome),
    },
    sources: { ...sources.routes, actorOf: (request) => actorOf(principalOf(request)) },
    history: past.history,
    rollups: { ...past.rollups, door: pressure.door, senderOf: (request) => senderOf(request, city.catalogue) },
    alerts: { ...alerts, journal: (id) => journalOf(database, id), actorOf: (request) => actorOf(principalOf(request)), now: clock.now },
    events: rooms.simulation.events,
    simulation: rooms.simulation.simulation,
    hasSource: (id) => city.catalogue.sources.has(id),
    logError: (error, at) => log.error(`a request failed: ${at}`, error),
  });
}

function openHub(http: Server, { clock, log, version }: ServerOptions, { identity, readings, alerts, foundation, sources, simulation: { simulation } }: Rooms): Hub {
  return createHub(http, {
    now: clock.now,
    setTimer: clock.setTimer,
    build: version,
    async mayRead({ headers, token }) {
      const { cookie, bearer } = credentialsOf(headers);
      const principal = await identity.identify({ cookie, bearer: token ?? bearer });
      return principal !== null && mayRead(principal);
    },
    latest: () => readings.allLatest(clock.now()),
    alerts: async () => (await alerts.open()).filter((alert) => alert.condition !== 'pending'),
    catalogue: foundation.city.state,
    sources: sources.list,
    simulation: async () => (simulation.isSimulated() ? simulation.state() : null),
    log: log.warn,
  });
}

/** Follows the city's folder: a good edit rules at once, a broken one is told and changes nothing. */
function watchCity({ config, clock, log }: ServerOptions, { foundation, readings, alerts, sources, hub }: Rooms): { close(): Promise<void> } {
  const { city, database } = foundation;
  return watchCatalogue({
    directory: config.configDirectory,
    current: foundation.catalogue,
    async onGood(catalogue) {
      await city.adopt(catalogue, clock.now());
      await alerts.catalogueChanged();
      await sources.apply(catalogue);
      // A moved limit may be crossed already: what is newest is judged by the new rules, not only what comes next.
      await touchAgain(database, readings.latest.times(), clock.now());
      alerts.follower.wake();
      hub.current?.catalogue(city.state());
      log.info(`the city folder was read anew: version ${catalogue.version.slice(0, 12)}`);
    },
    onBroken(problems) {
      city.refuse(problems);
      hub.current?.catalogue(city.state());
      for (const problem of problems) log.warn(`city folder: ${problem.file}: ${problem.path}: ${problem.message}`);
    },
    log: {
      info: (_fields, message) => log.info(message),
      warn: (fields, message) => log.warn(message, fields),
      error: (fields, message) => log.error(message, fields),
    },
  });
}

function listen(http: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new OperatorError(`${host}:${port} is in use. Stop what uses it, or set PORT.`) : error);
    });
    http.listen(port, host, () => {
      const address = http.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
    });
  });
}
