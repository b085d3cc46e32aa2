/**
 * Writing and reading `reading` and its hourly rollup. One verb for each function; parameters only.
 * The write is one transaction: readings, revisions and the log of what was touched are there together or not at all.
 */
import { copyReadings } from '../db/copy-readings.ts';
import { type Connection, type Database, instant, isDuplicateKey } from '../db/pool.ts';
import { type Batch, type ReadingColumns, touchedRanges } from './columns.ts';

export interface WriteOutcome {
  accepted: number;
  duplicates: number;
  revised: number;
}

/**
 * Stores a settled batch. First as plain COPY, which most batches survive; when a row is there already, the batch is done
 * again row by row knowledge (insert, compare, revise).
 */
export async function writeBatch(
  database: Database,
  batch: Batch,
  context: { receivedAt: number; sourceId: string | null; mayRepeat: boolean },
): Promise<WriteOutcome & { hadRepeats: boolean }> {
  const { rows, superseded, repeats } = batch;
  const within = { duplicates: repeats, revised: superseded.length };
  if (!context.mayRepeat) {
    try {
      await database.transaction(async (connection) => {
        await copyReadings(connection, rows);
        await insertRevisions(connection, superseded, context.receivedAt);
        await logTouched(connection, rows, context);
      });
      return { accepted: rows.length, ...within, hadRepeats: false };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  return database.transaction(async (connection) => {
    const outcome = await upsertReadings(connection, rows, context.receivedAt);
    await insertRevisions(connection, superseded, context.receivedAt);
    // A batch that changed nothing leaves no trace: nothing is to be rolled up or judged again.
    if (outcome.accepted + outcome.revised > 0) await logTouched(connection, rows, context);
    return {
      accepted: outcome.accepted,
      duplicates: outcome.duplicates + within.duplicates,
      revised: outcome.revised + within.revised,
      hadRepeats: outcome.accepted < rows.length,
    };
  });
}

function asParameters(rows: ReadingColumns): unknown[] {
  return [Array.from(rows.series), Array.from(rows.observedAt, instant), Array.from(rows.value), Array.from(rows.quality)];
}

const INCOMING = 'unnest($1::int[], $2::timestamptz[], $3::float8[], $4::int2[]) as incoming (series_id, observed_at, value, quality)';

/**
 * Insert what is new; of what was there, lock it, and where it differs keep the old value as a revision and put the new one.
 * Two statements, so that the second sees what a concurrent sender committed while the first one waited for it.
 */
async function upsertReadings(connection: Connection, rows: ReadingColumns, receivedAt: number): Promise<WriteOutcome> {
  const parameters = asParameters(rows);
  const inserted = await connection.query(`insert into reading (series_id, observed_at, value, quality) select * from ${INCOMING} on conflict do nothing`, parameters);
  const accepted = inserted.rowCount ?? 0;
  if (accepted === rows.length) return { accepted, duplicates: 0, revised: 0 };
  const { rows: result } = await connection.query<{ revised: number }>(
    `with incoming as materialized (select * from ${INCOMING}),
     old as materialized (
       select r.series_id, r.observed_at, r.value, r.quality, incoming.value as new_value, incoming.quality as new_quality
       from incoming join reading r using (series_id, observed_at)
       where (r.value, r.quality) is distinct from (incoming.value, incoming.quality)
       order by r.series_id, r.observed_at for update of r),
     kept as (insert into reading_revision (series_id, observed_at, value, quality, replaced_at) select series_id, observed_at, value, quality, $5 from old),
     changed as (update reading r set value = old.new_value, quality = old.new_quality from old where (r.series_id, r.observed_at) = (old.series_id, old.observed_at))
     select count(*) as revised from old`,
    [...parameters, instant(receivedAt)],
  );
  const revised = result[0]?.revised ?? 0;
  return { accepted, duplicates: rows.length - accepted - revised, revised };
}

async function insertRevisions(connection: Connection, rows: ReadingColumns, replacedAt: number): Promise<void> {
  if (rows.length === 0) return;
  await connection.query(`insert into reading_revision (series_id, observed_at, value, quality, replaced_at) select incoming.*, $5::timestamptz from ${INCOMING}`, [
    ...asParameters(rows),
    instant(replacedAt),
  ]);
}

async function logTouched(connection: Connection, rows: ReadingColumns, context: { receivedAt: number; sourceId: string | null }): Promise<void> {
  const { series, first, last } = touchedRanges(rows);
  await connection.query('insert into touched (received_at, source_id, series_ids, first_at, last_at) values ($1, $2, $3, $4, $5)', [
    instant(context.receivedAt),
    context.sourceId,
    series,
    first.map(instant),
    last.map(instant),
  ]);
}

export interface StoredReading {
  series_id: number;
  observed_at: number;
  value: number;
  quality: number;
}

/** The newest reading of every series that has one. */
export async function newestReadings(database: Database): Promise<StoredReading[]> {
  const { rows } = await database.query<StoredReading>(
    `select s.id as series_id, r.observed_at, r.value, r.quality
     from series s cross join lateral (select observed_at, value, quality from reading where series_id = s.id order by observed_at desc limit 1) r`,
  );
  return rows;
}

export interface RawColumns {
  series_id: number;
  t: number[];
  value: number[];
  quality: number[];
}

/** Raw readings of each series in [from, to), oldest first; at most `limit` + 1 of each, so that a caller sees that there are more. */
export async function rawHistory(database: Database, query: { series: readonly number[]; from: number; to: number; limit: number }): Promise<RawColumns[]> {
  const { rows } = await database.query<RawColumns>(
    `select wanted.id as series_id, coalesce(r.t, '{}') as t, coalesce(r.value, '{}') as value, coalesce(r.quality, '{}') as quality
     from unnest($1::int[]) as wanted (id) cross join lateral (
       select array_agg((extract(epoch from observed_at) * 1000)::float8 order by observed_at) as t, array_agg(value order by observed_at) as value, array_agg(quality::int order by observed_at) as quality
       from (select observed_at, value, quality from reading where series_id = wanted.id and observed_at >= $2 and observed_at < $3 order by observed_at limit $4) part) r`,
    [query.series, instant(query.from), instant(query.to), query.limit + 1],
  );
  return rows;
}

/** One rollup bucket of one series. */
export interface RollupRow {
  series_id: number;
  bucket: number;
  count: number;
  sum: number;
  min: number | null;
  max: number | null;
  last: number | null;
  bad_count: number;
  suspect_count: number;
}

/** Aggregates of raw readings of `reading r` into buckets of one hour; quality's verdict is its lowest two bits. */
const HOURLY = `date_trunc('hour', r.observed_at) as bucket,
  count(*) filter (where r.quality & 3 <> 2)::int as count,
  coalesce(sum(r.value) filter (where r.quality & 3 <> 2), 0) as sum,
  min(r.value) filter (where r.quality & 3 <> 2) as min,
  max(r.value) filter (where r.quality & 3 <> 2) as max,
  (array_agg(r.value order by r.observed_at desc) filter (where r.quality & 3 <> 2))[1] as last,
  count(*) filter (where r.quality & 3 = 2)::int as bad_count,
  count(*) filter (where r.quality & 3 = 1)::int as suspect_count`;

/**
 * Hourly buckets of each series, those that start in [from, to). Buckets touched since the last refresh are made from raw rows
 * here, so the answer is right the moment a reading is committed.
 */
export async function hourlyHistory(database: Database, query: { series: readonly number[]; from: number; to: number }): Promise<RollupRow[]> {
  const { rows } = await database.query<RollupRow>(
    `with pending as materialized (
       select distinct u.series_id, hour as bucket
       from watermark mark join touched t on (t.transaction_id, t.id) > (mark.transaction_id, mark.touched_id)
       cross join lateral unnest(t.series_ids, t.first_at, t.last_at) as u (series_id, first_at, last_at)
       cross join lateral generate_series(greatest(date_trunc('hour', u.first_at), $2::timestamptz), least(u.last_at, $3::timestamptz), interval '1 hour') as hour
       where mark.consumer = 'rollup' and u.series_id = any ($1::int[])),
     fresh as (
       select p.series_id, made.* from pending p cross join lateral (
         select ${HOURLY} from reading r where r.series_id = p.series_id and r.observed_at >= p.bucket and r.observed_at < p.bucket + interval '1 hour' group by 1) made
       where p.bucket >= $2 and p.bucket < $3)
     select series_id, bucket, count, sum, min, max, last, bad_count, suspect_count from fresh
     union all
     select h.series_id, h.bucket, h.count, h.sum, h.min, h.max, h.last, h.bad_count, h.suspect_count from reading_1h h
     where h.series_id = any ($1::int[]) and h.bucket >= $2 and h.bucket < $3 and not exists (select from pending p where (p.series_id, p.bucket) = (h.series_id, h.bucket))
     order by 1, 2`,
    [query.series, instant(query.from), instant(query.to)],
  );
  return rows;
}

/** Makes the hourly buckets of `ranges` anew from raw rows. The ranges are whole hours, [from, to), and do not overlap within a series. */
export async function refreshHourly(connection: Connection, ranges: readonly { series: number; from: number; to: number }[]): Promise<void> {
  await connection.query(
    `insert into reading_1h (series_id, bucket, count, sum, min, max, last, bad_count, suspect_count)
     select u.series_id, made.* from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as u (series_id, from_at, to_at)
     cross join lateral (select ${HOURLY} from reading r where r.series_id = u.series_id and r.observed_at >= u.from_at and r.observed_at < u.to_at group by 1) made
     on conflict (series_id, bucket) do update set count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, last = excluded.last,
       bad_count = excluded.bad_count, suspect_count = excluded.suspect_count`,
    [ranges.map((range) => range.series), ranges.map((range) => instant(range.from)), ranges.map((range) => instant(range.to))],
  );
}
