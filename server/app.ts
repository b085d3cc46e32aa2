/** The Express application, without listening: what answers what, behind which guard, in which order. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Express, type Request } from 'express';
import helmet from 'helmet';
import { type AlertRoutesDeps, alertActionRoutes, alertReadRoutes } from './alerts/routes.ts';
import { type CatalogueRoutesDeps, catalogueRoutes } from './catalogue/routes.ts';
import { type EventRoutesDeps, eventActionRoutes, eventReadRoutes } from './events/routes.ts';
import { errorHandler, notFound } from './http/errors.ts';
import type { Metrics } from './http/metrics.ts';
import { openApiDocument } from './http/openapi.ts';
import type { Identity } from './identity/identity.ts';
import { guard, mayFeed, mayIngest, mayOperate, mayRead, sessionRoutes, tokenRoutes } from './identity/routes.ts';
import { ingestRoutes, latestRoutes, type ReadingRoutesDeps } from './readings/routes.ts';
import { type HistoryRoutesDeps, historyRoutes } from './readings/routes-history.ts';
import { preserveRoutes, type RollupRoutesDeps, rollupRoutes } from './readings/routes-rollups.ts';
import { type SimulationRoutesDeps, simulationActionRoutes, simulationReadRoutes } from './simulation/routes.ts';
import { type CsvRoutesDeps, csvRoutes } from './sources/csv-routes.ts';
import { type SourceRoutesDeps, sourceActionRoutes, sourceReadRoutes } from './sources/routes.ts';

export interface Readiness {
  ready: boolean;
  /** What keeps it from being ready, or what is true of it; shown at /readyz. */
  detail: Record<string, unknown>;
}

export interface AppDeps {
  trustProxy: boolean | number | string;
  version: string;
  /** Folder of the built client. */
  clientDirectory: string;
  identity: Identity;
  metrics: Metrics;
  readiness(): Promise<Readiness>;
  catalogue: CatalogueRoutesDeps;
  readings: ReadingRoutesDeps;
  history: HistoryRoutesDeps;
  rollups: RollupRoutesDeps;
  alerts: AlertRoutesDeps;
  sources: SourceRoutesDeps;
  csv: CsvRoutesDeps;
  events: EventRoutesDeps;
  simulation: SimulationRoutesDeps;
  /** Whether the catalogue knows a source. */
  hasSource(id: string): boolean;
  logError(error: unknown, path: string): void;
}

/** No script, style sheet or socket from anywhere but this server; MapLibre's worker and canvas pictures are allowed. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    workerSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy);
  // Behind plain HTTP on an intranet HSTS would lock browsers out; a TLS proxy sets it where it belongs.
  app.use(helmet({ contentSecurityPolicy, strictTransportSecurity: false, crossOriginEmbedderPolicy: false }));

  app.get('/healthz', (_request, response) => {
    response.json({ alive: true });
  });
  app.get('/readyz', async (_request, response) => {
    const { ready, detail } = await deps.readiness();
    response.status(ready ? 200 : 503).json({ ready, ...detail });
  });
  const description = openApiDocument(deps.version);
  app.get('/api/v1/openapi.json', (_request, response) => {
    response.json(description);
  });
  app.use('/api/v1/session', sessionRoutes(deps.identity));

  const read = guard(deps.identity, mayRead);
  const ingest = guard(deps.identity, mayIngest);
  const feed = guard(deps.identity, mayFeed);
  const operate = guard(deps.identity, mayOperate);
  app.use('/api/v1/tokens', operate, tokenRoutes({ identity: deps.identity, hasSource: deps.hasSource }));
  const doors = ingestRoutes(deps.readings);
  app.use('/api/v1/readings', ingest, doors.readings);
  app.use(['/api/v2/write', '/write'], ingest, doors.write);
  app.use('/api/v1/csv', ingest, csvRoutes(deps.csv));
  app.get('/metrics', read, async (_request, response) => {
    response.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
  app.use('/api/v1', read, catalogueRoutes(deps.catalogue), latestRoutes(deps.readings), historyRoutes(deps.history));
  app.use('/api/v1/rollups', feed, rollupRoutes(deps.rollups));
  app.use('/api/v1/preserved', feed, preserveRoutes(deps.rollups));
  app.use('/api/v1/alerts', read, alertReadRoutes(deps.alerts));
  app.use('/api/v1/alerts', operate, alertActionRoutes(deps.alerts));
  app.use('/api/v1/sources', read, sourceReadRoutes(deps.sources));
  app.use('/api/v1/sources', operate, sourceActionRoutes(deps.sources));
  app.use('/api/v1/events', read, eventReadRoutes(deps.events));
  app.use('/api/v1/events', feed, eventActionRoutes(deps.events));
  app.use('/api/v1/simulation', read, simulationReadRoutes(deps.simulation));
  app.use('/api/v1/simulation', feed, simulationActionRoutes(deps.simulation));
  app.use(['/api', '/write', '/metrics'], notFound);

  serveClient(app, deps.clientDirectory);
  app.use(notFound);
  app.use(errorHandler(deps.logError));
  return app;
}

/** The built page. Files with a hash in their name never change; the page itself is asked for anew each time, so an upgrade arrives. */
function serveClient(app: Express, directory: string): void {
  if (!existsSync(directory)) return;
  app.use('/assets', express.static(path.join(directory, 'assets'), { immutable: true, maxAge: '365d', fallthrough: true }), notFound);
  app.use(express.static(directory, { index: false, maxAge: 0 }));
  app.use((request: Request, response, next) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || path.extname(request.path) !== '') {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(path.join(directory, 'index.html'));
  });
}
