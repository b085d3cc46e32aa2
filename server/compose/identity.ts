/** The identity's room put together: its store, its clock, its journal, and what the environment seeds. */
import type { Database } from '../db/pool.ts';
import { type Identity, openIdentity } from '../identity/identity.ts';
import { createIdentityStore } from '../identity/store.ts';
import { appendJournal } from '../journal/store.ts';
import type { ServerOptions } from './foundation.ts';

export function openIdentityRoom({ config, clock, trueClock }: ServerOptions, database: Database): Promise<Identity> {
  return openIdentity(
    {
      store: createIdentityStore(database),
      now: trueClock.now,
      async record(entry) {
        await database.transaction((connection) => appendJournal(connection, [{ ...entry, alertId: null }], clock.now()));
      },
    },
    { adminPassword: config.adminPassword, ingestToken: config.ingestToken },
  );
}
