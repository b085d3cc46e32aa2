/** The administrator's doors to the past: aggregates from another system, and windows whose readings outlive retention. */
import { type Request, Router } from 'express';
import {
  AppError,
  type Indicator,
  type Place,
  type PreserveBody,
  type PreservedWindow,
  preserveBodySchema,
  type RollupInput,
  type RollupsAnswer,
  rollupInputSchema,
  rollupsBodySchema,
} from '../contract/index.ts';
import { bodyText, parseJson, readBody } from '../http/body.ts';
import type { SeriesKey } from '../indicators/registry.ts';
import { EARLIEST_MS } from './admission.ts';
import { type ImportColumns, judgeRows, type RowRefusal, widthOf } from './imports.ts';
import type { Zone } from './zone.ts';

export interface RollupRoutesDeps {
  indicator(id: string): Indicator | undefined;
  place(id: string): Place | undefined;
  placesInside(id: string, kind: Place['kind']): readonly string[];
  zone: Zone;
  now(): number;
  /** The series of this key, made if it does not exist. */
  seriesFor(key: SeriesKey): Promise<number>;
  importRows(input: {
    series: number;
    resolution: '1m' | '1h' | '1d';
    widthMs: number;
    rows: ImportColumns;
  }): Promise<{ accepted: number; duplicates: number; revised: number; withReadings: number[] }>;
  preserved: {
    list(): Promise<PreservedWindow[]>;
    add(body: PreserveBody & { places: readonly string[] | undefined }, request: Request): Promise<number>;
    remove(id: number, request: Request): Promise<boolean>;
  };
}

/** Refusals shown; the rest is counted. */
const MAX_SHOWN = 1000;

/** `POST /rollups`. */
export function rollupRoutes(deps: RollupRoutesDeps): Router {
  const router = Router();
  router.post('/', readBody, async (request, response) => {
    const { rollups } = rollupsBodySchema.parse(parseJson(bodyText(request)));
    const answer: RollupsAnswer = { accepted: 0, duplicates: 0, revised: 0, rejectedRows: 0, rejected: [] };
    for (const [index, entry] of rollups.entries()) {
      const { outcome, refusals, rows } = await takeEntry(deps, entry);
      answer.accepted += outcome.accepted;
      answer.duplicates += outcome.duplicates;
      answer.revised += outcome.revised;
      for (const refusal of refusals) {
        answer.rejectedRows += refusal.row === null ? Math.max(rows, 1) : 1;
        if (answer.rejected.length < MAX_SHOWN) answer.rejected.push({ index, ...refusal });
      }
    }
    response.json(answer);
  });
  return router;
}

const nothing = { accepted: 0, duplicates: 0, revised: 0 };

/** One series' columns: judged, stored in a transaction of their own. */
async function takeEntry(deps: RollupRoutesDeps, entry: unknown): Promise<{ outcome: typeof nothing; refusals: RowRefusal[]; rows: number }> {
  const parsed = rollupInputSchema.safeParse(entry);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { outcome: nothing, refusals: [{ row: null, code: 'wrong_type', path: issue?.path.join('.') ?? '', message: issue?.message ?? 'This is no rollup.' }], rows: 1 };
  }
  const input = parsed.data;
  const key = keyOf(deps, input);
  if ('code' in key) return { outcome: nothing, refusals: [key], rows: input.t.length };
  const widthMs = widthOf(input);
  if (typeof widthMs !== 'number') return { outcome: nothing, refusals: [widthMs], rows: input.t.length };
  const { rows, refusals } = judgeRows(input, { widthMs, zone: deps.zone, now: deps.now(), earliest: EARLIEST_MS });
  if (rows.t.length === 0) return { outcome: nothing, refusals, rows: input.t.length };
  const { withReadings, ...outcome } = await deps.importRows({ series: await deps.seriesFor(key), resolution: input.resolution, widthMs, rows });
  const message = 'Readings of this bucket were sent; aggregates would count them twice.';
  const taken = withReadings.map((i) => ({ row: rows.row[i] as number, code: 'has_readings' as const, path: 't', message }));
  return { outcome, refusals: [...refusals, ...taken], rows: input.t.length };
}

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
