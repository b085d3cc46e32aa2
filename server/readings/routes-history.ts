/** `GET /history`: the past of up to fifty lines in one call, sent line by line as it is read. */
import { once } from 'node:events';
import { type Response, Router } from 'express';
import { z } from 'zod';
import { AppError, type HistorySeries, type Indicator, type Place, type Series } from '../contract/index.ts';
import { instantParameter, listParameter, parseQuery } from '../http/query.ts';
import type { SeriesRegistry } from '../indicators/registry.ts';
import { readHistory, type Wanted } from './history.ts';
import { createHistoryWriter } from './history-answer.ts';
import type { HistoryPorts } from './history-ports.ts';

export interface HistoryRoutesDeps {
  registry: SeriesRegistry;
  indicator(id: string): Indicator | undefined;
  /** The share of an indicator's places that a fold must know. */
  coverage(indicator: string): number;
  place(id: string): Place | undefined;
  /** Places of a kind inside another place, at any depth. */
  placesInside(id: string, kind: Place['kind']): readonly string[];
  history: HistoryPorts;
  now(): number;
}

/** Beyond this one call would hold too much; ask in parts. */
const MAX_SERIES = 50;
const DAY_MS = 86_400_000;
/** What senders may stamp, and a little more: a range beyond it is a mistake of the caller. */
const MAX_RANGE_MS = 200 * 366 * DAY_MS;

const historyQuery = z.object({
  indicator: listParameter,
  place: listParameter,
  facet: z.string().optional(),
  from: instantParameter.optional(),
  to: instantParameter.optional(),
  points: z.coerce.number().int().min(2).max(20_000).default(1000),
});
type Query = z.infer<typeof historyQuery>;

export function historyRoutes(deps: HistoryRoutesDeps): Router {
  const router = Router();
  router.get('/history', async (request, response) => {
    const query = parseQuery(request, historyQuery);
    const to = query.to ?? deps.now();
    const from = query.from ?? to - DAY_MS;
    if (from >= to) throw new AppError('invalid_request', '"from" must be before "to".', { path: 'from' });
    if (to - from > MAX_RANGE_MS) throw new AppError('invalid_request', 'The range is longer than anything stored.', { path: 'from' });
    const wanted = wantedLines(deps, query);
    const leaving = new AbortController();
    response.on('close', () => leaving.abort());
    await sendLines(readHistory(deps.history, wanted, { from, to, points: query.points, signal: leaving.signal }), response);
  });
  return router;
}

/** The first line is read before the answer begins, so that a store that is away is told by a code and not by a broken answer. */
async function sendLines(lines: AsyncGenerator<HistorySeries>, response: Response): Promise<void> {
  let next = await readOrLeave(lines, response);
  if (next === null) return;
  response.type('application/json');
  const left = once(response, 'close');
  const lineJson = createHistoryWriter();
  let text = '{"series":[';
  let isFirst = true;
  while (!next.done) {
    text += `${isFirst ? '' : ','}${lineJson(next.value)}`;
    isFirst = false;
    if (text.length > 64 * 1024) {
      if (!response.write(text)) await Promise.race([once(response, 'drain'), left]);
      text = '';
    }
    next = await readOrLeave(lines, response);
    if (next === null) return;
  }
  response.end(`${text}]}`);
}

/** Null when the caller has left: then nobody is to be told of anything. */
async function readOrLeave<T>(lines: AsyncGenerator<T>, response: Response): Promise<IteratorResult<T, unknown> | null> {
  try {
    return await lines.next();
  } catch (error) {
    if (response.closed || response.destroyed) return null;
    if (!response.headersSent) throw error;
    // Half an answer must not pass for a whole one.
    response.destroy(error instanceof Error ? error : new Error(String(error)));
    return null;
  }
}

/** What is asked for: stored series, and for a place coarser than the indicator's grain a fold of those inside. */
function wantedLines(deps: HistoryRoutesDeps, query: Query): Wanted[] {
  if (query.indicator.length === 0) throw new AppError('invalid_request', 'Name at least one indicator.', { path: 'indicator' });
  const facet = query.facet === undefined ? undefined : query.facet === '' ? null : query.facet;
  const wanted = query.indicator.flatMap((id): Wanted[] => {
    const indicator = deps.indicator(id);
    if (indicator === undefined) throw new AppError('unknown_indicator', `No indicator "${id}" in the catalogue.`, { path: 'indicator' });
    const own = query.place.filter((place) => deps.place(place)?.kind === indicator.grain || deps.place(place) === undefined);
    const series = query.place.length > 0 && own.length === 0 ? [] : deps.registry.select({ indicators: [id], places: own, facet });
    const folds = query.place.filter((place) => !own.includes(place)).flatMap((place) => foldLines(deps, { indicator, place, facet }));
    return [...series.map((one) => ({ kind: 'series' as const, series: one, indicator })), ...folds];
  });
  if (wanted.length > MAX_SERIES) throw new AppError('invalid_request', `That are ${wanted.length} lines; ask for at most ${MAX_SERIES} in one call.`, { path: 'place' });
  return wanted;
}

function foldLines(deps: HistoryRoutesDeps, { indicator, place, facet }: { indicator: Indicator; place: string; facet: string | null | undefined }): Wanted[] {
  if (indicator.fold === 'none') {
    const message = `"${indicator.id}" does not fold: ask for places of kind ${indicator.grain}, not for "${place}".`;
    throw new AppError('wrong_grain', message, { path: 'place' });
  }
  const { fold } = indicator;
  const inside = deps.placesInside(place, indicator.grain);
  if (inside.length === 0) return [];
  const byFacet = new Map<string | null, Series[]>();
  for (const one of deps.registry.select({ indicators: [indicator.id], places: inside, facet })) byFacet.set(one.facet, [...(byFacet.get(one.facet) ?? []), one]);
  return [...byFacet].map(([itsFacet, parts]) => ({
    kind: 'fold' as const,
    place,
    facet: itsFacet,
    fold,
    coverage: deps.coverage(indicator.id),
    parts,
    total: parts.length,
    indicator,
  }));
}
