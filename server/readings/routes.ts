/** The doors for readings over HTTP, and the questions about them. */
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AppError, type ErrorCode, type Indicator, type Series } from '../contract/index.ts';
import { bodyText, parseJson, readBody } from '../http/body.ts';
import { sendError } from '../http/errors.ts';
import { instantParameter, listParameter, parseQuery } from '../http/query.ts';
import type { SeriesRegistry } from '../indicators/registry.ts';
import { type HistoryPorts, readHistory } from './history.ts';
import { type Ingest, type Sender, Unreadable } from './ingest.ts';
import type { LatestValues } from './latest.ts';
import { toLatest } from './latest.ts';
import { admitPoints, type Precision, precisions } from './line-points.ts';

export interface ReadingRoutesDeps {
  ingest: Ingest;
  /** Who sends, from the request's credential and its `?source=`. Throws when it may not. */
  senderOf(request: Request): Sender;
  registry: SeriesRegistry;
  latest: LatestValues;
  indicator(id: string): Indicator | undefined;
  history: HistoryPorts;
  now(): number;
  counted(door: 'json' | 'line', outcome: { accepted: number; duplicates: number; revised: number; rejected: number }): void;
}

const jsonTypes = /^application\/(json|[\w.+-]+\+json)\b/i;
const ndjsonTypes = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|jsonlines)\b/i;

/** `POST /readings` and `POST /write`. Mounted behind the ingest token. */
export function ingestRoutes(deps: ReadingRoutesDeps): { readings: Router; write: Router } {
  const readings = Router();
  readings.post('/', readBody, async (request, response) => {
    const sender = deps.senderOf(request);
    const list = readingsOf(request);
    const answer = await deps.ingest.ingest(sender, list);
    deps.counted('json', { ...answer, rejected: answer.rejected.length });
    response.json(answer);
  });

  const write = Router();
  write.post('/', readBody, async (request, response) => {
    await writeLines(deps, request, response);
  });
  return { readings, write };
}

function readingsOf(request: Request): Iterable<unknown> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (ndjsonTypes.test(type)) return ndjsonReadings(bodyText(request));
  if (!jsonTypes.test(type)) throw new AppError('unsupported_media_type', 'Send application/json ({"readings":[…]}) or application/x-ndjson (one reading a line).');
  const body = parseJson(bodyText(request));
  if (typeof body !== 'object' || body === null || !('readings' in body) || !Array.isArray(body.readings)) {
    throw new AppError('invalid_request', 'The body must be an object with a list "readings".', { path: 'readings' });
  }
  return body.readings;
}

/** One reading a line; blank lines are skipped but counted, so that an index is a line number less one. */
function* ndjsonReadings(text: string): Generator<unknown> {
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      yield new Unreadable(null);
      continue;
    }
    try {
      yield parseJson(line);
    } catch {
      yield new Unreadable({ code: 'malformed_json', path: '', message: 'This line is not JSON.' });
    }
  }
}

const writeQuery = z.looseObject({ precision: z.enum(precisions, { error: `precision must be one of ${precisions.join(', ')}` }).default('ns') });

async function writeLines(deps: ReadingRoutesDeps, request: Request, response: Response): Promise<void> {
  const sender = deps.senderOf(request);
  const precision: Precision = parseQuery(request, writeQuery).precision;
  const text = bodyText(request);
  const rejected: { line: number; code: ErrorCode; message: string }[] = [];
  const outcome = await deps.ingest.ingestWith(sender, (admission) => {
    admitPoints(text, { precision, now: deps.now(), mapping: sender.source?.lineProtocol }, { admission, reject: (refusal) => rejected.push(refusal) });
  });
  deps.counted('line', { ...outcome, rejected: rejected.length });
  if (rejected.length === 0) {
    response.status(204).end();
    return;
  }
  const first = rejected[0];
  const error = { code: 'lines_rejected', message: `${rejected.length} refused, the others were stored. Line ${first?.line}: ${first?.message}`, line: first?.line };
  response.status(400).json({ error, ...outcome, rejected });
}

const seriesFilter = { indicator: listParameter, place: listParameter, facet: z.string().optional() };
/** Beyond this one call would hold too much; ask in parts. */
const MAX_SERIES = 50;
const DAY_MS = 86_400_000;

const historyQuery = z.object({
  ...seriesFilter,
  from: instantParameter.optional(),
  to: instantParameter.optional(),
  points: z.coerce.number().int().min(2).max(20_000).default(1000),
});

/** `GET /latest` and `GET /history`. */
export function readRoutes(deps: ReadingRoutesDeps): Router {
  const router = Router();
  const select = (filter: { indicator: string[]; place: string[]; facet?: string | undefined }): Series[] =>
    deps.registry.select({ indicators: filter.indicator, places: filter.place, facet: filter.facet === undefined ? undefined : filter.facet === '' ? null : filter.facet });

  router.get('/latest', (request, response) => {
    const now = deps.now();
    const latest = select(parseQuery(request, z.object(seriesFilter))).flatMap((series) => {
      const newest = deps.latest.get(series.id);
      const indicator = deps.indicator(series.indicator);
      return newest === undefined || indicator === undefined ? [] : toLatest(series, newest, { indicator, now });
    });
    response.json({ serverTime: now, latest });
  });

  router.get('/history', async (request, response) => {
    const query = parseQuery(request, historyQuery);
    const to = query.to ?? deps.now();
    const from = query.from ?? to - DAY_MS;
    if (from >= to) return sendError(response, new AppError('invalid_request', '"from" must be before "to".', { path: 'from' }));
    if (query.indicator.length === 0) return sendError(response, new AppError('invalid_request', 'Name at least one indicator.', { path: 'indicator' }));
    const unknown = query.indicator.find((id) => deps.indicator(id) === undefined);
    if (unknown !== undefined) return sendError(response, new AppError('unknown_indicator', `No indicator "${unknown}" in the catalogue.`, { path: 'indicator' }));
    const wanted = select(query).flatMap((series) => {
      const indicator = deps.indicator(series.indicator);
      return indicator === undefined ? [] : { series, indicator };
    });
    if (wanted.length > MAX_SERIES)
      return sendError(response, new AppError('invalid_request', `That are ${wanted.length} series; ask for at most ${MAX_SERIES} in one call.`, { path: 'place' }));
    response.json({ series: await readHistory(deps.history, wanted, { from, to, points: query.points }) });
  });
  return router;
}
