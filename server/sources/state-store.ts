/** The health of sources that survives a restart. A change of state and its journal entry are one transaction. */
import type { SourceState } from '../contract/index.ts';
import { type Connection, type Database, instant, type Queryable } from '../db/pool.ts';
import { appendJournal } from '../journal/store.ts';
import { journalKindOf } from './health.ts';
import type { Remembered } from './health-tracker.ts';

export interface StateRow extends Remembered {
  id: string;
}

export async function allStates(database: Database): Promise<Map<string, Remembered>> {
  const { rows } = await database.query<{ source_id: string; state: SourceState; since: number; last_success_at: number | null; last_observed_at: number | null }>(
    'select source_id, state, since, last_success_at, last_observed_at from source_state',
  );
  return new Map(rows.map((row) => [row.source_id, { state: row.state, since: row.since, lastSuccessAt: row.last_success_at, lastObservedAt: row.last_observed_at }]));
}

/** Writes the rows; `last_success_at` and `last_observed_at` never go back, whichever server writes last. */
export async function writeStates(database: Queryable, rows: readonly StateRow[]): Promise<void> {
  await database.query(
    `insert into source_state (source_id, state, since, last_success_at, last_observed_at)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
     on conflict (source_id) do update set state = excluded.state, since = excluded.since,
       last_success_at = greatest(source_state.last_success_at, excluded.last_success_at), last_observed_at = greatest(source_state.last_observed_at, excluded.last_observed_at)`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.state),
      rows.map((row) => instant(row.since)),
      rows.map((row) => orNull(row.lastSuccessAt)),
      rows.map((row) => orNull(row.lastObservedAt)),
    ],
  );
}

const orNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

/** Commits changes of state. What another server has told the journal already is not told again. */
export async function changeStates(database: Database, changes: readonly (StateRow & { reason: string | null })[], now: number): Promise<void> {
  await database.transaction(async (connection) => {
    const before = await lockStates(
      connection,
      changes.map((change) => change.id),
    );
    await writeStates(connection, changes);
    const entries = changes.flatMap(({ id, state, since, lastSuccessAt, reason }) => {
      const kind = journalKindOf(before.get(id) ?? null, state);
      if (kind === null) return [];
      return [
        {
          kind,
          alertId: null,
          actor: { kind: 'system' as const, id: 'sources', name: 'sources' },
          detail: { source: id, since, lastSuccessAt, ...(reason === null ? {} : { reason }) },
        },
      ];
    });
    await appendJournal(connection, entries, now);
  });
}

async function lockStates(connection: Connection, ids: readonly string[]): Promise<Map<string, SourceState>> {
  const { rows } = await connection.query<{ source_id: string; state: SourceState }>(
    'select source_id, state from source_state where source_id = any ($1::text[]) order by source_id for update',
    [ids],
  );
  return new Map(rows.map((row) => [row.source_id, row.state]));
}
