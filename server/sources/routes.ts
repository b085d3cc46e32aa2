/** Sources over HTTP: how each fares, what of it is in quarantine, and what a person may do about it. */
import express, { type Request, Router } from 'express';
import { z } from 'zod';
import { type Actor, AppError, type QuarantineEntry, type ReplayAnswer, replayBodySchema, type SourceHealth } from '../contract/index.ts';
import { parseQuery } from '../http/query.ts';

export interface SourceRoutesDeps {
  list(): SourceHealth[];
  /** Whether the catalogue has the source, or the quarantine something of it. */
  knows(id: string): boolean;
  size(sourceId: string): { entries: number; bytes: number; dropped: number };
  entries(query: { sourceId: string; before: number | null; code: string | null; limit: number }): Promise<QuarantineEntry[]>;
  replay(request: { sourceId: string; ids: readonly number[] | null; actor: Actor }): Promise<ReplayAnswer>;
  /** Journaled. False when there is no such entry. */
  discard(sourceId: string, entry: number, actor: Actor): Promise<boolean>;
  actorOf(request: Request): Actor;
  now(): number;
}

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().positive().optional(),
  code: z.string().optional(),
});

function sourceOf(deps: SourceRoutesDeps, request: Request): string {
  const id = String(request.params['id']);
  if (!deps.knows(id)) throw new AppError('not_found', `There is no source "${id.slice(0, 100)}".`);
  return id;
}

/** For whoever may read. */
export function sourceReadRoutes(deps: SourceRoutesDeps): Router {
  const router = Router();
  router.get('/', (_request, response) => {
    response.json({ serverTime: deps.now(), sources: deps.list() });
  });
  router.get('/:id/quarantine', async (request, response) => {
    const sourceId = sourceOf(deps, request);
    const { limit, before = null, code = null } = parseQuery(request, pageQuery);
    const entries = await deps.entries({ sourceId, before, code, limit: limit + 1 });
    const page = entries.slice(0, limit);
    const size = deps.size(sourceId);
    const next = entries.length > limit ? (page.at(-1)?.id ?? null) : null;
    response.json({ serverTime: deps.now(), total: size.entries, bytes: size.bytes, dropped: size.dropped, entries: page, next });
  });
  return router;
}

/** For people only. */
export function sourceActionRoutes(deps: SourceRoutesDeps): Router {
  const router = Router();
  router.post('/:id/quarantine/replay', express.json({ limit: '100kb' }), async (request, response) => {
    const sourceId = sourceOf(deps, request);
    const { ids = null } = replayBodySchema.parse(request.body ?? {});
    response.json(await deps.replay({ sourceId, ids, actor: deps.actorOf(request) }));
  });
  router.delete('/:id/quarantine/:entry', async (request, response) => {
    const sourceId = sourceOf(deps, request);
    const entry = Number(request.params['entry']);
    if (!Number.isSafeInteger(entry) || entry <= 0 || !(await deps.discard(sourceId, entry, deps.actorOf(request)))) throw new AppError('not_found', 'There is no such entry.');
    response.status(204).end();
  });
  return router;
}
