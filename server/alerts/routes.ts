/** Alerts over HTTP: the list, one with its journal, and what a person may do. */
import express, { type Request, Router } from 'express';
import { z } from 'zod';
import { type Actor, type Alert, AppError, acknowledgeBodySchema, alertIdSchema, type JournalEntry } from '../contract/index.ts';
import { parseQuery } from '../http/query.ts';

export interface AlertRoutesDeps {
  open(): Promise<Alert[]>;
  ended(limit: number): Promise<Alert[]>;
  one(id: string): Promise<Alert | null>;
  journal(id: string): Promise<JournalEntry[]>;
  /** Acknowledges, and returns once state and journal are committed. */
  acknowledge(id: string, actor: Actor, comment: string | null): Promise<void>;
  actorOf(request: Request): Actor;
  now(): number;
}

const listQuery = z.object({ state: z.enum(['open', 'ended']).default('open'), limit: z.coerce.number().int().min(1).max(1000).default(200) });
const manyBody = z.strictObject({ ids: z.array(alertIdSchema).min(1).max(500), comment: z.string().trim().max(2000).optional() });

function idOf(request: Request): string {
  const id = alertIdSchema.safeParse(request.params['id']);
  if (!id.success) throw new AppError('not_found', 'An alert’s id is a number.');
  return id.data;
}

export function alertReadRoutes(deps: AlertRoutesDeps): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const { state, limit } = parseQuery(request, listQuery);
    response.json({ serverTime: deps.now(), alerts: state === 'open' ? await deps.open() : await deps.ended(limit) });
  });
  router.get('/:id', async (request, response) => {
    const id = idOf(request);
    const alert = await deps.one(id);
    if (alert === null) throw new AppError('not_found', `There is no alert ${id}.`);
    response.json({ alert, journal: await deps.journal(id) });
  });
  return router;
}

export function alertActionRoutes(deps: AlertRoutesDeps): Router {
  const router = Router();
  const json = express.json({ limit: '100kb' });

  router.post('/acknowledge', json, async (request, response) => {
    const { ids, comment } = manyBody.parse(request.body ?? {});
    const actor = deps.actorOf(request);
    const results: { id: string; code: string | null }[] = [];
    for (const id of ids) {
      try {
        await deps.acknowledge(id, actor, comment || null);
        results.push({ id, code: null });
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        results.push({ id, code: error.path ?? error.code });
      }
    }
    response.json({ results });
  });

  router.post('/:id/acknowledge', json, async (request, response) => {
    const id = idOf(request);
    const { comment } = acknowledgeBodySchema.parse(request.body ?? {});
    await deps.acknowledge(id, deps.actorOf(request), comment || null);
    response.json({ alert: await deps.one(id), journal: await deps.journal(id) });
  });
  return router;
}
