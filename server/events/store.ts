/** Events: marked windows of time. */
import type { CityEvent, EventBody } from '../contract/index.ts';
import { type Connection, instant, type Queryable } from '../db/pool.ts';

interface EventRow {
  id: number;
  kind: string;
  name_zh: string;
  name_en: string;
  from_at: number;
  to_at: number;
}

/** Events that touch `[from, to)` (null: no bound), the newest first. */
export async function eventsIn(database: Queryable, { from, to }: { from: number | null; to: number | null }): Promise<CityEvent[]> {
  const { rows } = await database.query<EventRow>(
    `select id, kind, name_zh, name_en, from_at, to_at from event
     where ($1::timestamptz is null or to_at > $1) and ($2::timestamptz is null or from_at < $2) order by from_at desc, id desc limit 1000`,
    [from === null ? null : instant(from), to === null ? null : instant(to)],
  );
  return rows.map((row) => ({ id: row.id, kind: row.kind, name: { zh: row.name_zh, en: row.name_en }, from: row.from_at, to: row.to_at }));
}

/** The event's id. One that is there already, of the same kind and times, is not made twice: `isNew` is false then. */
export async function addEvent(connection: Connection, { kind, name, from, to, by, now }: EventBody & { by: object; now: number }): Promise<{ id: number; isNew: boolean }> {
  await connection.query('lock table event in share row exclusive mode');
  const known = await connection.query<{ id: number }>('select id from event where kind = $1 and from_at = $2 and to_at = $3', [kind, instant(from), instant(to)]);
  if (known.rows[0] !== undefined) return { id: known.rows[0].id, isNew: false };
  const { rows } = await connection.query<{ id: number }>(
    'insert into event (kind, name_zh, name_en, from_at, to_at, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7) returning id',
    [kind, name.zh, name.en, instant(from), instant(to), instant(now), JSON.stringify(by)],
  );
  return { id: rows[0]?.id ?? 0, isNew: true };
}

export async function removeEvent(connection: Connection, id: number): Promise<boolean> {
  const { rowCount } = await connection.query('delete from event where id = $1', [id]);
  return rowCount === 1;
}
