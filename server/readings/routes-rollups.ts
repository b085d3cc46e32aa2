/** The administrator's doors to the past: aggregates from another system, and windows whose readings outlive retention. */
import { type Request, type RequestHandler, type Response, Router } from 'express';
import {
  AppError,
  type Indicator,
  type Place,
  type PreserveBody,
  type PreservedWindow,
  preserveBodySchema,
  type RollupInput,
  type RollupsAnswer,
  readRollup,
  rollupsBodySchema,
} from '../contract/index.ts';
import { bodyText, parseJson, readBody } from '../http/body.ts';
import type { SeriesKey } from '../indicators/registry.ts';
import { EARLIEST_MS } from './admission.ts';
import { resolutionNumber } from './import-block.ts';
import type { ImportEntry, MergeCounts } from './import-merge.ts';
import { type ImportColumns, judgeRows, type RowRefusal, widthOf } from './imports.ts';
import type { Sender } from './ingest.ts';
import type { Zone } from './zone.ts';

export interface RollupRoutesDeps {
  indicator(id: string): Indicator | undefined;
  place(id: string): Place | undefined;
  placesInside(id: string, kind: Place['kind']): readonly string[];
  zone: Zone;
  now(): number;
  /** Runs a handler with the whole body read, inside the bounds of what the server takes in at once. */
  door(handler: (request: Request, response: Response) => Promise<void>): RequestHandler;
  /** Who sends, from the request's credential and its `?source=`. Throws when it may not, and for a source that nobody knows. */
  senderOf(request: Request): Sender;
  /** The series of these keys, in their order, made where they do not exist; a source is noted on each as on those of its readings. */
  seriesFor(keys: readonly SeriesKey[], source: Sender['source']): Promise<number[]>;
  /** Stores all of the entries or none; outcomes in their order. */
  importRows(entries: readonly ImportEntry[]): Promise<(MergeCounts & { withReadings: number[] })[]>;
  preserved: {
    list(): Promise<PreservedWindow[]>;
    add(body: PreserveBody & { places: readonly string[] | undefined }, request: Request): Promise<number>;
    remove(id: number, request: Request): Promise<boolean>;
  };
}

/** Refusals shown; the rest is counted. */
const MAX_SHOWN = 1000;
/** Rows stored in one transaction: enough that its questions and its commit cost little, few enough that the server is not deaf for long while it packs them. */
const TOGETHER_ROWS = 10_000;

/** `POST /rollups`. */
export function rollupRoutes(deps: RollupRoutesDeps): Router {
  const router = Router();
  router.post(
    '/',
    deps.door(async (request, response) => {
      const { source } = deps.senderOf(request);
      const { rollups } = rollupsBodySchema.parse(parseJson(bodyText(request)));
      // It has been read; while its rows are stored, the largest bodies need not be held twice.
      request.body = undefined;
      const answer: RollupsAnswer = { accepted: 0, duplicates: 0, revised: 0, rejectedRows: 0, rejected: [] };
      let together: Judged[] = [];
      let waiting = 0;
      for (const [index, value] of rollups.entries()) {
        const judged = judge(deps, value, index);
        together.push(judged);
        waiting += judged.taken?.rows.t.length ?? 0;
        if (waiting < TOGETHER_ROWS) continue;
        await store(deps, { together, source }, answer);
        together = [];
        waiting = 0;
      }
      await store(deps, { together, source }, answer);
      response.json(answer);
    }),
  );
  return router;
}

/** One series' columns, judged. */
interface Judged {
  /** Position in `rollups`. */
  index: number;
  /** What may be stored; null: nothing. */
  taken: { key: SeriesKey; resolution: RollupInput['resolution']; widthMs: number; rows: ImportColumns } | null;
  refusals: RowRefusal[];
  /** How many rows were sent. */
  sent: number;
}

function judge(deps: RollupRoutesDeps, value: unknown, index: number): Judged {
  const read = readRollup(value);
  if (!read.ok) return { index, taken: null, refusals: [{ row: null, code: 'wrong_type', ...read.issue }], sent: 1 };
  const input = read.rollup;
  const sent = input.t.length;
  const key = keyOf(deps, input);
  if ('code' in key) return { index, taken: null, refusals: [key], sent };
  const widthMs = widthOf(input);
  if (typeof widthMs !== 'number') return { index, taken: null, refusals: [widthMs], sent };
  const { rows, refusals } = judgeRows(input, { widthMs, zone: deps.zone, now: deps.now(), earliest: EARLIEST_MS });
  return { index, taken: rows.t.length === 0 ? null : { key, resolution: input.resolution, widthMs, rows }, refusals, sent };
}

/** Stores in one transaction what was taken of these, and counts every row of theirs in `answer`. */
async function store(deps: RollupRoutesDeps, { together, source }: { together: readonly Judged[]; source: Sender['source'] }, answer: RollupsAnswer): Promise<void> {
  const filled = together.flatMap(({ index, taken }) => (taken === null ? [] : { index, ...taken }));
  const series = await deps.seriesFor(
    filled.map(({ key }) => key),
    source,
  );
  const outcomes = await deps.importRows(
    filled.map(({ resolution, widthMs, rows }, i) => ({ series: series[i] as number, resolution: resolutionNumber[resolution], widthMs, rows })),
  );
  const byIndex = new Map(filled.map(({ index }, i) => [index, outcomes[i]]));
  for (const { index, taken, refusals, sent } of together) {
    const { accepted, duplicates, revised, withReadings } = byIndex.get(index) ?? { accepted: 0, duplicates: 0, revised: 0, withReadings: [] };
    answer.accepted += accepted;
    answer.duplicates += duplicates;
    answer.revised += revised;
    for (const refusal of [...refusals, ...withReadings.map((i) => hasReadings(taken?.rows.row[i] as number))]) {
      answer.rejectedRows += refusal.row === null ? Math.max(sent, 1) : 1;
      if (answer.rejected.length < MAX_SHOWN) answer.rejected.push({ index, ...refusal });
    }
  }
}

const hasReadings = (row: number): RowRefusal => ({ row, code: 'has_readings', path: 't', message: 'Readings of this bucket were sent; aggregates would count them twice.' });

function keyOf(deps: RollupRoutesDeps, { indicator: id, place: placeId, facet = null }: RollupInput): SeriesKey | RowRefusal {
  const indicator = deps.indicator(id);
  if (indicator === undefined) return { row: null, code: 'unknown_indicator', path: 'indicator', message: `No indicator "${id.slice(0, 100)}" in the catalogue.` };
  const place = deps.place(placeId);
  if (place === undefined) return { row: null, code: 'unknown_place', path: 'place', message: `No place "${placeId.slice(0, 100)}" in the catalogue.` };
  if (place.kind !== indicator.grain)
    return { row: null, code: 'wrong_grain', path: 'place', message: `"${id}" is stored for places of kind ${indicator.grain}; "${placeId}" is a ${place.kind}.` };
  if (facet !== null && !indicator.facets.some((one) => one.id === facet)) return { row: null, code: 'unknown_facet', path: 'facet', message: `"${id}" has no facet "${facet}".` };
  return { indicator: id, place: placeId, facet };
}

/** `/preserved`: windows of time whose readings are kept. */
export function preserveRoutes(deps: RollupRoutesDeps): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    response.json({ preserved: await deps.preserved.list() });
  });
  router.post('/', readBody, async (request, response) => {
    const body = preserveBodySchema.parse(parseJson(bodyText(request)));
    for (const id of body.indicators ?? [])
      if (deps.indicator(id) === undefined) throw new AppError('unknown_indicator', `No indicator "${id}" in the catalogue.`, { path: 'indicators' });
    for (const id of body.places ?? []) if (deps.place(id) === undefined) throw new AppError('unknown_place', `No place "${id}" in the catalogue.`, { path: 'places' });
    const places = body.places?.flatMap((id) => [id, ...(['region', 'station', 'facility'] as const).flatMap((kind) => deps.placesInside(id, kind))]);
    const id = await deps.preserved.add({ ...body, places: places as PreserveBody['places'] }, request);
    response.status(201).json({ id });
  });
  router.delete('/:id', async (request, response) => {
    const id = Number(request.params.id);
    if (!Number.isSafeInteger(id) || !(await deps.preserved.remove(id, request))) throw new AppError('not_found', 'There is no such window.');
    response.status(204).end();
  });
  return router;
}
