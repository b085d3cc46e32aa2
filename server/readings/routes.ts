/** The doors for readings over HTTP, and the questions about them. */
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { AppError, type Indicator } from '../contract/index.ts';
import { asciiOrText, bodyText, parseJson } from '../http/body.ts';
import { toAppError } from '../http/errors.ts';
import { listParameter, parseQuery } from '../http/query.ts';
import { bodyAsCame } from '../http/receive-body.ts';
import type { SeriesRegistry } from '../indicators/registry.ts';
import { type Ingest, type Sender, Unreadable } from './ingest.ts';
import type { LatestValues } from './latest.ts';
import { toLatest } from './latest.ts';
import { admitPoints, type LineRefusal, type Precision, precisions } from './line-points.ts';
import { type RefusedBatch, readingText, refusedBody, refusedLines, refusedReadings } from './refused.ts';

export interface ReadingRoutesDeps {
  ingest: Ingest;
  /** Who sends, from the request's credential and its `?source=`. Throws when it may not. */
  senderOf(request: Request): Sender;
  registry: SeriesRegistry;
  latest: LatestValues;
  indicator(id: string): Indicator | undefined;
  now(): number;
  /** Runs a handler with the whole body read, inside the bounds of what the server takes in at once. */
  door(handler: (request: Request, response: Response) => Promise<void>): RequestHandler;
  /** Resolves once what was refused is kept; only then is the sender answered. @throws AppError `store_unavailable`, `store_full`, `overloaded` */
  quarantine(sender: Sender, refused: RefusedBatch, receivedAt: number): Promise<void>;
  counted(door: 'json' | 'line', outcome: { accepted: number; duplicates: number; revised: number; rejected: number }): void;
}

const jsonTypes = /^application\/(json|[\w.+-]+\+json)\b/i;
const ndjsonTypes = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|jsonlines)\b/i;

/** `POST /readings` and `POST /write`. Mounted behind the ingest token. */
export function ingestRoutes(deps: ReadingRoutesDeps): { readings: Router; write: Router } {
  const readings = Router();
  readings.post(
    '/',
    deps.door(async (request, response) => {
      const sender = deps.senderOf(request);
      const { list, textAt } = readingsOf(request);
      // It has been read; while its readings are stored, the largest bodies need not be held twice.
      request.body = undefined;
      const answer = await deps.ingest.ingest(sender, list);
      if (answer.rejected.length > 0) await deps.quarantine(sender, refusedReadings(answer.rejected, textAt), deps.now());
      deps.counted('json', { ...answer, rejected: answer.rejected.length });
      response.json(answer);
    }),
  );
  readings.use(keepUnreadable(deps, 'reading'));

  const write = Router();
  write.post(
    '/',
    deps.door((request, response) => writeLines(deps, request, response)),
  );
  write.use(keepUnreadable(deps, 'line'));
  return { readings, write };
}

/** A body of which nothing can be read is kept before its sender is told. */
function keepUnreadable(deps: ReadingRoutesDeps, format: 'reading' | 'line'): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
  return async (error: unknown, request, _response, next) => {
    const refusal = toAppError(error);
    const encoding = refusal?.code === 'invalid_gzip' ? 'gzip' : refusal?.path === 'body' ? 'not UTF-8' : null;
    const isUnreadable = encoding !== null || refusal?.code === 'malformed_json' || refusal?.path === 'readings';
    if (refusal !== null && isUnreadable) {
      const { code, message } = refusal;
      await deps.quarantine(deps.senderOf(request), refusedBody(bodyAsCame(request), format, { code, path: '', message, encoding }), deps.now());
    }
    next(error);
  };
}

/** The readings of a body, and each one's text by its position, for those that are refused. */
function readingsOf(request: Request): { list: Iterable<unknown>; textAt(index: number): string } {
  const type = request.headers['content-type'] ?? 'application/json';
  if (ndjsonTypes.test(type)) {
    const lines = bodyText(request).split('\n');
    return { list: ndjsonReadings(lines), textAt: (index) => lines[index] ?? '' };
  }
  if (!jsonTypes.test(type)) throw new AppError('unsupported_media_type', 'Send application/json ({"readings":[…]}) or application/x-ndjson (one reading a line).');
  const body = parseJson(bodyText(request));
  if (typeof body !== 'object' || body === null || !('readings' in body) || !Array.isArray(body.readings)) {
    throw new AppError('invalid_request', 'The body must be an object with a list "readings".', { path: 'readings' });
  }
  const list: unknown[] = body.readings;
  return { list, textAt: (index) => readingText(list[index]) };
}

/** One reading a line; blank lines are skipped but counted, so that an index is a line number less one. */
function* ndjsonReadings(lines: readonly string[]): Generator<unknown> {
  for (const line of lines) {
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
  const body = asciiOrText(request);
  const rejected: LineRefusal[] = [];
  const outcome = await deps.ingest.ingestWith(sender, (admission) => {
    admitPoints(body, { precision, now: deps.now(), mapping: sender.source?.lineProtocol }, { admission, reject: (refusal) => rejected.push(refusal) });
  });
  if (rejected.length > 0) await deps.quarantine(sender, refusedLines(bodyText(request), rejected, { precision }), deps.now());
  deps.counted('line', { ...outcome, rejected: rejected.length });
  if (rejected.length === 0) {
    response.status(204).end();
    return;
  }
  const first = rejected[0];
  const error = { code: 'lines_rejected', message: `${rejected.length} refused, the others were stored. Line ${first?.line}: ${first?.message}`, line: first?.line };
  response.status(400).json({ error, ...outcome, rejected });
}

const seriesFilter = z.object({ indicator: listParameter, place: listParameter, facet: z.string().optional() });

/** `GET /latest`. */
export function latestRoutes(deps: ReadingRoutesDeps): Router {
  const router = Router();
  router.get('/latest', (request, response) => {
    const now = deps.now();
    const { indicator: indicators, place: places, facet } = parseQuery(request, seriesFilter);
    const series = deps.registry.select({ indicators, places, facet: facet === undefined ? undefined : facet === '' ? null : facet });
    const latest = series.flatMap((one) => {
      const newest = deps.latest.get(one.id);
      const indicator = deps.indicator(one.indicator);
      return newest === undefined || indicator === undefined ? [] : toLatest(one, newest, { indicator, now });
    });
    response.json({ serverTime: now, latest });
  });
  return router;
}
