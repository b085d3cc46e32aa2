/** `/api/v1/events`: windows of time that people compare with. */
import express, { type Request, Router } from 'express';
import { z } from 'zod';
import { type Actor, AppError, type CityEvent, type EventBody, eventBodySchema } from '../contract/index.ts';
import { instantParameter, parseQuery } from '../http/query.ts';

export interface EventRoutesDeps {
  list(range: { from: number | null; to: number | null }): Promise<CityEvent[]>;
  add(body: EventBody, actor: Actor): Promise<number>;
  remove(id: number, actor: Actor): Promise<boolean>;
  actorOf(request: Request): Actor;
}

const rangeQuery = z.object({ from: instantParameter.optional(), to: instantParameter.optional() });

export function eventReadRoutes(deps: EventRoutesDeps): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const { from = null, to = null } = parseQuery(request, rangeQuery);
    response.json({ events: await deps.list({ from, to }) });
  });
  return router;
}

export function eventActionRoutes(deps: EventRoutesDeps): Router {
  const router = Router();
  router.post('/', express.json({ limit: '10kb' }), async (request, response) => {
    response.status(201).json({ id: await deps.add(eventBodySchema.parse(request.body), deps.actorOf(request)) });
  });
  router.delete('/:id', async (request, response) => {
    const id = Number(request.params.id);
    if (!Number.isSafeInteger(id) || !(await deps.remove(id, deps.actorOf(request)))) throw new AppError('not_found', 'There is no such event.');
    response.status(204).end();
  });
  return router;
}
