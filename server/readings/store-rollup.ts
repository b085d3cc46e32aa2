/** Which hours have a rollup that is behind: told by the hand-over log, taken away once they were rolled up. */
import { instantArray, int4Array } from '../db/binary.ts';
import { type Connection, type Database, instant } from '../db/pool.ts';
import type { HourRange } from '../db/time-series.ts';

export interface DirtyHour {
  series_id: number;
  hour: number;
  /** Of the newest change; text, as it may exceed what a number holds. */
  mark: string;
}

/** Marks whole hours dirty. Runs in the transaction that moves the watermark, whose id is the mark. */
export async function markDirty(connection: Connection, hours: readonly HourRange[], now: number): Promise<void> {
  await connection.query(
    `insert into dirty_hour (series_id, hour, mark, first_changed_at, last_changed_at)
     select u.series_id, hour, pg_current_xact_id()::text::bigint, $4::timestamptz, $4::timestamptz
     from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as u (series_id, from_at, to_at)
     cross join lateral generate_series(u.from_at, u.to_at - interval '1 microsecond', interval '1 hour') as hour
     on conflict (series_id, hour) do update set mark = excluded.mark, last_changed_at = excluded.last_changed_at`,
    [int4Array(hours.map((one) => one.series)), instantArray(hours.map((one) => one.from)), instantArray(hours.map((one) => one.to)), instant(now)],
  );
}

/** Dirty hours that began before `overBefore`, and have been quiet since `quietSince` or dirty since `changedBefore`; the oldest first. */
export async function dueHours(database: Database, when: { overBefore: number; quietSince: number; changedBefore: number; limit: number }): Promise<DirtyHour[]> {
  const { rows } = await database.query<DirtyHour>(
    `select series_id, hour, mark::text from dirty_hour where hour <= $1 and (last_changed_at <= $2 or first_changed_at <= $3) order by hour, series_id limit $4`,
    [instant(when.overBefore), instant(when.quietSince), instant(when.changedBefore), when.limit],
  );
  return rows;
}

/** Takes hours away that were rolled up, but not those that changed meanwhile: their mark is another. */
export async function dropDirty(database: Database, hours: readonly DirtyHour[]): Promise<void> {
  await database.query(
    `delete from dirty_hour d using unnest($1::int[], $2::timestamptz[], $3::bigint[]) as done (series_id, hour, mark)
     where (d.series_id, d.hour, d.mark) = (done.series_id, done.hour, done.mark)`,
    [int4Array(hours.map((one) => one.series_id)), instantArray(hours.map((one) => one.hour)), hours.map((one) => one.mark)],
  );
}
