/** `/api/v1/simulation`: the demonstration's clock and scenarios. Mounted for readers, and for whoever may act. */
import express, { type Request, Router } from 'express';
import { type Actor, AppError, playBodySchema, progressBodySchema } from '../contract/index.ts';
import type { SimulationService } from './simulation.ts';

export interface SimulationRoutesDeps extends SimulationService {
  /** Whether the city has a simulator at all. */
  isSimulated(): boolean;
  actorOf(request: Request): Actor;
}

const MAX_PROGRESS = '1mb';

export function simulationReadRoutes(deps: SimulationRoutesDeps): Router {
  const router = Router();
  router.use(onlySimulated(deps));
  router.get('/', async (_request, response) => {
    response.json(await deps.state());
  });
  return router;
}

export function simulationActionRoutes(deps: SimulationRoutesDeps): Router {
  const router = Router();
  const json = express.json({ limit: '10kb' });
  router.use(onlySimulated(deps));
  router.post('/scenarios', json, async (request, response) => {
    response.status(201).json({ id: await deps.play(playBodySchema.parse(request.body), deps.actorOf(request)) });
  });
  router.delete('/scenarios/:id', async (request, response) => {
    await deps.stop(Number(request.params.id), deps.actorOf(request));
    response.status(204).end();
  });
  router.get('/progress', async (_request, response) => {
    response.json({ progress: await deps.progress() });
  });
  router.put('/progress', express.json({ limit: MAX_PROGRESS }), async (request, response) => {
    await deps.keepProgress(progressBodySchema.parse(request.body).progress);
    response.status(204).end();
  });
  return router;
}

const onlySimulated =
  ({ isSimulated }: SimulationRoutesDeps): express.RequestHandler =>
  (_request, _response, next) => {
    if (!isSimulated()) throw new AppError('not_found', 'This city has no simulator.');
    next();
  };
