/** The demonstration's clock and scenarios, and the marked events, put together. */
import type { Request } from 'express';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Actor, Simulation } from '../contract/index.ts';
import type { Connection, Database } from '../db/pool.ts';
import type { EventRoutesDeps } from '../events/routes.ts';
import { addEvent, eventsIn, removeEvent } from '../events/store.ts';
import { appendJournal } from '../journal/store.ts';
import type { CityClock } from '../simulation/clock.ts';
import type { SimulationRoutesDeps } from '../simulation/routes.ts';
import { createSimulation } from '../simulation/simulation.ts';

export interface SimulationRoomDeps {
  database: Database;
  catalogue(): Catalogue;
  clock: CityClock;
  /** The true time, epoch ms. */
  realNow(): number;
  actorOf(request: Request): Actor;
  publish(state: Simulation): void;
}

export interface SimulationRoom {
  simulation: SimulationRoutesDeps;
  events: EventRoutesDeps;
}

export function openSimulation({ database, catalogue, clock, realNow, actorOf, publish }: SimulationRoomDeps): SimulationRoom {
  const journal = async (connection: Connection, entry: { kind: string; actor: Actor; detail: Record<string, unknown> }): Promise<void> => {
    await appendJournal(connection, [{ ...entry, alertId: null }], clock.now());
  };
  return {
    simulation: {
      ...createSimulation({ database, clock, realNow, journal, publish }),
      isSimulated: () => [...catalogue().sources.values()].some((source) => source.kind === 'simulator'),
      actorOf,
    },
    events: {
      list: (range) => eventsIn(database, range),
      add: (body, actor) =>
        database.transaction(async (connection) => {
          const { id, isNew } = await addEvent(connection, { ...body, by: actor, now: clock.now() });
          if (isNew) await journal(connection, { kind: 'event_added', actor, detail: { id, ...body } });
          return id;
        }),
      remove: (id, actor) =>
        database.transaction(async (connection) => {
          const isGone = await removeEvent(connection, id);
          if (isGone) await journal(connection, { kind: 'event_removed', actor, detail: { id } });
          return isGone;
        }),
      actorOf,
    },
  };
}
