/** The demonstration's clock and scenarios, and the marked events, put together. */
import type { Request } from 'express';
import type { Actor, Simulation } from '../contract/index.ts';
import type { Connection } from '../db/pool.ts';
import type { EventRoutesDeps } from '../events/routes.ts';
import { addEvent, eventsIn, removeEvent } from '../events/store.ts';
import { actorOf } from '../identity/identity.ts';
import { principalOf } from '../identity/routes.ts';
import { appendJournal } from '../journal/store.ts';
import type { SimulationRoutesDeps } from '../simulation/routes.ts';
import { createSimulation } from '../simulation/simulation.ts';
import type { Foundation, ServerOptions } from './foundation.ts';

export interface SimulationRoom {
  simulation: SimulationRoutesDeps;
  events: EventRoutesDeps;
}

/** @param publish tells the pages of a change */
export function openSimulation({ clock, trueClock }: ServerOptions, { database, city }: Foundation, publish: (state: Simulation) => void): SimulationRoom {
  const who = (request: Request): Actor => actorOf(principalOf(request));
  const journal = async (connection: Connection, entry: { kind: string; actor: Actor; detail: Record<string, unknown> }): Promise<void> => {
    await appendJournal(connection, [{ ...entry, alertId: null }], clock.now());
  };
  return {
    simulation: {
      ...createSimulation({ database, clock, realNow: trueClock.now, journal, publish }),
      isSimulated: () => [...city.catalogue.sources.values()].some((source) => source.kind === 'simulator'),
      actorOf: who,
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
      actorOf: who,
    },
  };
}
