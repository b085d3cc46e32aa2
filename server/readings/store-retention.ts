/** What outlives retention, and the end of what nothing else ends: preserved windows, their readings, old imports and marks. */
import { type Connection, type Database, instant, type Queryable } from '../db/pool.ts';
import { BLOCK_MS, type ImportResolution } from './import-block.ts';

export interface PreservedRow {
  id: number;
  name: string;
  from_at: number;
  to_at: number;
  indicator_ids: string[] | null;
  place_ids: string[] | null;
  created_at: number;
}

export async function preservedWindows(database: Queryable): Promise<PreservedRow[]> {
  const { rows } = await database.query<PreservedRow>('select id, name, from_at, to_at, indicator_ids, place_ids, created_at from preserved_window order by from_at, id');
  return rows;
}

export async function addPreservedWindow(
  connection: Connection,
  window: { name: string; from: number; to: number; indicators: readonly string[] | null; places: readonly string[] | null; by: object; now: number },
): Promise<number> {
  const { rows } = await connection.query<{ id: number }>(
    'insert into preserved_window (name, from_at, to_at, indicator_ids, place_ids, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7) returning id',
    [window.name, instant(window.from), instant(window.to), window.indicators, window.places, instant(window.now), JSON.stringify(window.by)],
  );
  return rows[0]?.id ?? 0;
}

export async function removePreservedWindow(connection: Connection, id: number): Promise<boolean> {
  const { rowCount } = await connection.query('delete from preserved_window where id = $1', [id]);
  return rowCount === 1;
}

/** Whether the window `w` is for the series `s`. */
export const IS_MEANT = '(w.indicator_ids is null or s.indicator_id = any (w.indicator_ids)) and (w.place_ids is null or s.place_id = any (w.place_ids))';
const IN_WINDOW = `exists (select from preserved_window w where r.observed_at >= w.from_at and r.observed_at < w.to_at and ${IS_MEANT})`;

/** Copies readings before `before` (from `from` on, of `series`; null: no bound) that lie in preserved windows. */
export async function preserveReadings(connection: Connection, range: { series: readonly number[] | null; from: number | null; before: number }): Promise<void> {
  await connection.query(
    `insert into reading_preserved (series_id, observed_at, value, quality)
     select r.series_id, r.observed_at, r.value, r.quality from reading r join series s on s.id = r.series_id
     where r.observed_at < $1 and ($2::timestamptz is null or r.observed_at >= $2) and ($3::int[] is null or r.series_id = any ($3)) and ${IN_WINDOW}
     on conflict (series_id, observed_at) do update set value = excluded.value, quality = excluded.quality`,
    [instant(range.before), range.from === null ? null : instant(range.from), range.series],
  );
}

/** Drops preserved readings whose windows were taken back. */
export async function dropUnpreserved(database: Database): Promise<number> {
  const { rowCount } = await database.query(
    `delete from reading_preserved p using (select r.series_id, r.observed_at from reading_preserved r join series s on s.id = r.series_id where not ${IN_WINDOW}) gone
     where (p.series_id, p.observed_at) = (gone.series_id, gone.observed_at)`,
  );
  return rowCount ?? 0;
}

/** How much longer than its span a block may reach: its last bucket begins within the span and has its width. Days have up to 25 hours. */
const LONGEST_BUCKET = { 1: '1 hour', 2: '25 hours', 3: '25 hours' } as const;

/**
 * Ends imports (by resolution 1, 2, 3), revisions and marks of what came late, of these series, before the given instants (null: never).
 * Imports end by whole blocks, so that none is rewritten for it: a bucket may stay as much longer as a block is long, never shorter. A
 * block that a preserved window of the series touches stays.
 */
export async function dropOldMarks(
  database: Database,
  of: { series: readonly number[]; imported: readonly { resolution: ImportResolution; before: number | null }[]; revisionsBefore: number | null },
): Promise<void> {
  for (const { resolution, before } of of.imported)
    if (before !== null)
      await database.query(
        `delete from imported_block i using series s where s.id = i.series_id and i.series_id = any ($1::int[]) and i.resolution = $2 and i.block <= $3
           and not exists (select from preserved_window w where w.from_at < i.block + $4::float8 * interval '1 millisecond' + $5::interval and w.to_at > i.block and ${IS_MEANT})`,
        [of.series, resolution, instant(before - BLOCK_MS[resolution]), BLOCK_MS[resolution], LONGEST_BUCKET[resolution]],
      );
  if (of.revisionsBefore === null) return;
  await database.query('delete from reading_revision where series_id = any ($1::int[]) and observed_at < $2', [of.series, instant(of.revisionsBefore)]);
  await database.query('delete from late_range where series_id = any ($1::int[]) and last_at < $2', [of.series, instant(of.revisionsBefore)]);
}

/** Before this (epoch ms) readings were ended; null: none ever. */
export async function rawFloor(database: Queryable): Promise<number | null> {
  const { rows } = await database.query<{ raw_floor: number | null }>('select raw_floor from store');
  return rows[0]?.raw_floor ?? null;
}

/** Raises the floor to `before` if there are readings of these series to be ended before it; called ahead of their end. */
export async function raiseRawFloor(database: Queryable, { series, before }: { series: readonly number[]; before: number }): Promise<void> {
  await database.query(
    `update store set raw_floor = greatest(raw_floor, $2::timestamptz)
     where exists (select from unnest($1::int[]) as s (id) where exists (select from reading r where r.series_id = s.id and r.observed_at < $2))`,
    [series, instant(before)],
  );
}
