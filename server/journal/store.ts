/**
 * The journal: append-only, hash-chained, one for everything that people and rules did. An entry is written in the transaction of what it
 * tells, so there is no deed without its entry and no entry without its deed.
 */
import type { Actor, JournalEntry } from '../contract/index.ts';
import { actorSchema, alertIdSchema } from '../contract/index.ts';
import { type Connection, instant, type Queryable } from '../db/pool.ts';
import { GENESIS_HASH, journalHash } from './hash.ts';

export interface NewEntry {
  kind: string;
  /** The alert it is about, or null. */
  alertId: number | null;
  actor: Actor;
  detail: Record<string, unknown>;
}

/** One chain, one writer at a time: the lock is held to the end of the transaction, and taken last so that it is held briefly. */
const JOURNAL_LOCK = 7_142_002;

/** Appends entries in order; returns their ids. Call as late in a transaction as possible. */
export async function appendJournal(connection: Connection, entries: readonly NewEntry[], now: number): Promise<number[]> {
  if (entries.length === 0) return [];
  await connection.query('select pg_advisory_xact_lock($1)', [JOURNAL_LOCK]);
  const { rows } = await connection.query<{ id: number; hash: string }>('select id, hash from journal order by id desc limit 1');
  let id = rows[0]?.id ?? 0;
  let hash = rows[0]?.hash ?? GENESIS_HASH;
  const chained = entries.map((entry) => {
    id++;
    const alert = entry.alertId === null ? null : alertIdSchema.parse(String(entry.alertId));
    // What JSON cannot say (undefined) must not enter the hash either.
    const detail: Record<string, unknown> = JSON.parse(JSON.stringify(entry.detail));
    hash = journalHash(hash, { id, at: now, kind: entry.kind, alert, actor: entry.actor, detail });
    return { id, kind: entry.kind, alertId: entry.alertId, actor: JSON.stringify(entry.actor), detail: JSON.stringify(detail), hash };
  });
  await connection.query(
    'insert into journal (id, at, kind, alert_id, actor, detail, hash) select u.id, $7, u.kind, u.alert_id, u.actor, u.detail, u.hash from unnest($1::bigint[], $2::text[], $3::bigint[], $4::jsonb[], $5::jsonb[], $6::text[]) as u (id, kind, alert_id, actor, detail, hash)',
    [
      chained.map((e) => e.id),
      chained.map((e) => e.kind),
      chained.map((e) => e.alertId),
      chained.map((e) => e.actor),
      chained.map((e) => e.detail),
      chained.map((e) => e.hash),
      instant(now),
    ],
  );
  return chained.map((entry) => entry.id);
}

interface JournalRow {
  id: number;
  at: number;
  kind: string;
  alert_id: number | null;
  actor: unknown;
  detail: Record<string, unknown>;
  hash: string;
}

function toEntry(row: JournalRow): JournalEntry {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    alert: row.alert_id === null ? null : alertIdSchema.parse(String(row.alert_id)),
    actor: actorSchema.parse(row.actor),
    detail: row.detail,
    hash: row.hash,
  };
}

/** One alert's entries, oldest first. */
export async function journalOf(database: Queryable, alertId: string): Promise<JournalEntry[]> {
  const { rows } = await database.query<JournalRow>('select id, at, kind, alert_id, actor, detail, hash from journal where alert_id = $1 order by id', [alertId]);
  return rows.map(toEntry);
}

/** Entries after `afterId`, oldest first, at most `limit`. */
export async function journalPage(database: Queryable, afterId: number, limit: number): Promise<JournalEntry[]> {
  const { rows } = await database.query<JournalRow>('select id, at, kind, alert_id, actor, detail, hash from journal where id > $1 order by id limit $2', [afterId, limit]);
  return rows.map(toEntry);
}
