/**
 * Reading what is stored, as whole columns. A rollup row whose hour is dirty is behind its readings: `dirtyHours` names those, and
 * `bucketsFromReadings` makes their buckets from the readings, so that an answer is right from the moment of the commit.
 */
import { FROM_READINGS, ROLLUP_COLUMNS } from '../db/aggregates.ts';
import { instantArray, int4Array } from '../db/binary.ts';
import { type Database, instant } from '../db/pool.ts';
import { BLOCK_MS, type BlockRows, emptyRows, type ImportResolution, unpackBlock } from './import-block.ts';
import { IS_MEANT } from './store-retention.ts';

export interface Range {
  from: number;
  to: number;
}

export interface SeriesRange extends Range {
  series: readonly number[];
  signal?: AbortSignal | undefined;
}

export interface RawColumns {
  series_id: number;
  t: Float64Array;
  value: Float64Array;
  quality: Float64Array;
}

/** Buckets of one series, oldest first; a null (a bucket with only bad readings) is NaN. Marks name the few with bad or suspect readings. */
export interface BucketColumns {
  series_id: number;
  t: Float64Array;
  count: Float64Array;
  sum: Float64Array;
  min: Float64Array;
  max: Float64Array;
  last: Float64Array;
  marked: Float64Array;
  bad_count: Float64Array;
  suspect_count: Float64Array;
}

export type RollupRelation = 'reading_1m' | 'reading_1h' | 'reading_6h' | 'reading_1d';

/** Raw readings of each series in [from, to), oldest first; at most `limit` + 1 of each, so that a caller sees that there are more. Preserved ones are among them. */
export async function rawColumns(database: Database, query: SeriesRange & { limit: number | null; withPreserved: boolean }): Promise<RawColumns[]> {
  const window = 'series_id = wanted.id and observed_at >= $2 and observed_at < $3';
  // Where both hold a reading, `reading` is the newer truth.
  const source = query.withPreserved
    ? `(select observed_at, value, quality from reading where ${window}
        union all
        select observed_at, value, quality from reading_preserved p where ${window}
          and not exists (select from reading r where (r.series_id, r.observed_at) = (p.series_id, p.observed_at))) both_of_them`
    : `reading where ${window}`;
  return database.columns<RawColumns>(
    `select wanted.id as series_id, r.* from unnest($1::int[]) as wanted (id) cross join lateral (
       select string_agg(timestamptz_send(observed_at), '') as t, string_agg(float8send(value), '') as value, string_agg(int2send(quality), '') as quality
       from (select observed_at, value, quality from ${source} order by observed_at limit $4) part) r`,
    [int4Array(query.series), instant(query.from), instant(query.to), query.limit === null ? null : query.limit + 1],
    { types: { t: 'instant', value: 'float8', quality: 'int2' }, signal: query.signal },
  );
}

const MARKED = 'filter (where bad_count > 0 or suspect_count > 0)';
const AS_COLUMNS = `string_agg(timestamptz_send(bucket), '') as t, string_agg(int4send(count), '') as count, string_agg(float8send(sum), '') as sum,
  string_agg(float8send(coalesce(min, 'NaN')), '') as min, string_agg(float8send(coalesce(max, 'NaN')), '') as max, string_agg(float8send(coalesce(last, 'NaN')), '') as last,
  string_agg(timestamptz_send(bucket), '') ${MARKED} as marked, string_agg(int4send(bad_count), '') ${MARKED} as bad_count, string_agg(int4send(suspect_count), '') ${MARKED} as suspect_count`;
const BUCKET_TYPES = {
  t: 'instant',
  count: 'int4',
  sum: 'float8',
  min: 'float8',
  max: 'float8',
  last: 'float8',
  marked: 'instant',
  bad_count: 'int4',
  suspect_count: 'int4',
} as const;

/** Stored rollup rows of each series that start in [from, to). */
export async function rollupColumns(database: Database, relation: RollupRelation, { series, from, to, signal }: SeriesRange): Promise<BucketColumns[]> {
  return database.columns(
    `select wanted.id as series_id, b.* from unnest($1::int[]) as wanted (id) cross join lateral (
         select ${AS_COLUMNS} from (select bucket, ${ROLLUP_COLUMNS} from ${relation} where series_id = wanted.id and bucket >= $2 and bucket < $3 order by bucket) part) b`,
    [int4Array(series), instant(from), instant(to)],
    { types: BUCKET_TYPES, signal },
  );
}

/** Hours of these series, within [from, to), whose rollup is behind its readings. */
export async function dirtyHours(database: Database, { series, from, to, signal }: SeriesRange): Promise<{ series_id: number; t: Float64Array }[]> {
  return database.columns(
    `select series_id, string_agg(timestamptz_send(hour), '') as t from (
       select series_id, hour from dirty_hour where series_id = any ($1::int[]) and hour >= date_trunc('hour', $2::timestamptz) and hour < $3
       union
       select u.series_id, hour
       from watermark mark join touched t on (t.transaction_id, t.id) > (mark.transaction_id, mark.touched_id)
       cross join lateral unnest(t.series_ids, t.first_at, t.last_at) as u (series_id, first_at, last_at)
       cross join lateral generate_series(date_trunc('hour', greatest(u.first_at, $2::timestamptz)), least(u.last_at, $3::timestamptz - interval '1 millisecond'), interval '1 hour') as hour
       where mark.consumer = 'rollup' and u.series_id = any ($1::int[])) pending
     group by series_id`,
    [int4Array(series), instant(from), instant(to)],
    { types: { t: 'instant' }, signal },
  );
}

/** One bucket each of [from, to) of a series, made from its readings; those without readings are left out. Oldest first within a series. */
export async function bucketsFromReadings(database: Database, buckets: readonly (Range & { series: number })[], signal?: AbortSignal): Promise<BucketColumns[]> {
  if (buckets.length === 0) return [];
  return database.columns(
    `select series_id, ${AS_COLUMNS} from (
         select u.series_id, u.from_at as bucket, made.* from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as u (series_id, from_at, to_at) cross join lateral (
           select ${FROM_READINGS} from reading r where r.series_id = u.series_id and r.observed_at >= u.from_at and r.observed_at < u.to_at having count(*) > 0) made
         order by 1, 2) part group by series_id`,
    [int4Array(buckets.map((one) => one.series)), instantArray(buckets.map((one) => one.from)), instantArray(buckets.map((one) => one.to))],
    { types: BUCKET_TYPES, signal },
  );
}

type ImportedColumns = BucketColumns & { width_s: Float64Array };

/** Series whose blocks are unpacked at once: a year of hours of each takes some 80 ms together, in which the server hears nobody. */
const SERIES_TOGETHER = 20;

/** Imported aggregates of one resolution that start in [from, to), with the time each stands for. */
export async function importedColumns(database: Database, resolution: ImportResolution, query: SeriesRange): Promise<ImportedColumns[]> {
  const all: ImportedColumns[] = [];
  for (let i = 0; i < query.series.length; i += SERIES_TOGETHER)
    all.push(...(await unpackedColumns(database, resolution, { ...query, series: query.series.slice(i, i + SERIES_TOGETHER) })));
  return all;
}

async function unpackedColumns(database: Database, resolution: ImportResolution, query: SeriesRange): Promise<ImportedColumns[]> {
  const { series, from, to, signal } = query;
  const rows = await database.columns<{ series_id: number; at: Float64Array; data: Buffer }>(
    `select series_id, timestamptz_send(block) as at, data from imported_block
     where series_id = any ($1::int[]) and resolution = $2 and block > $3 and block < $4 order by series_id, block`,
    [int4Array(series), resolution, instant(from - BLOCK_MS[resolution]), instant(to)],
    { types: { at: 'instant' }, signal },
  );
  const bySeries = new Map<number, BlockRows[]>();
  for (const { series_id, at, data } of rows) {
    const blocks = bySeries.get(series_id) ?? [];
    blocks.push(unpackBlock(data, at[0] as number));
    bySeries.set(series_id, blocks);
  }
  return [...bySeries].flatMap(([id, blocks]) => {
    const buckets = inRange(blocks, query);
    return buckets.t.length === 0 ? [] : { series_id: id, ...toColumns(buckets) };
  });
}

function inRange(blocks: readonly BlockRows[], { from, to }: Range): BlockRows {
  const all = emptyRows();
  for (const rows of blocks) {
    const first = rows.t.findIndex((t) => t >= from);
    if (first === -1) continue;
    const end = rows.t.findIndex((t) => t >= to);
    for (const key of Object.keys(all) as (keyof BlockRows)[]) for (const value of rows[key].slice(first, end === -1 ? undefined : end)) all[key].push(value);
  }
  return all;
}

function toColumns({ t, width, count, sum, min, max, last, bad, suspect }: BlockRows): Omit<ImportedColumns, 'series_id'> {
  const marked = t.map((_, i) => i).filter((i) => bad[i] !== 0 || suspect[i] !== 0);
  const whole = (column: readonly number[]): Float64Array => new Float64Array(column);
  const ofMarked = (column: readonly number[]): Float64Array => Float64Array.from(marked, (i) => column[i] as number);
  return {
    t: whole(t),
    count: whole(count),
    sum: whole(sum),
    min: whole(min),
    max: whole(max),
    last: whole(last),
    marked: ofMarked(t),
    bad_count: ofMarked(bad),
    suspect_count: ofMarked(suspect),
    width_s: whole(width),
  };
}

/** What a series' history has besides its readings. */
export interface Circumstances {
  series_id: number;
  /** Resolution (1, 2, 3; 0: none) of the coarsest import that was sent as it stands and lies in the range. */
  coarsest: number;
  /** Whether there is any import of the series at all. */
  has_imports: boolean;
  /** Spans near the range that came after their time, and when. */
  first: Float64Array;
  last: Float64Array;
  received: Float64Array;
  /** Preserved windows that the series is in and that overlap the range, by their begin. */
  preserved_from: Float64Array;
  preserved_to: Float64Array;
  /** When the series got its first reading; null: never. */
  begun: number | null;
}

/** Whether a bucket that was sent as it stands begins in [$2, $3): of each run the first step at or after $2. Days of milliseconds are exact in float8. */
const givenIn = (resolution: ImportResolution): string => `exists (
    select from imported_block i
    cross join lateral generate_series(1, cardinality(i.given), 3) as g
    cross join lateral (select extract(epoch from $2::timestamptz - i.block)::float8 - i.given[g] as after_first) o
    cross join lateral (select i.given[g] + greatest(0, ceil(o.after_first / i.given[g + 2])) * i.given[g + 2] as next) run
    where i.series_id = s.id and i.resolution = ${resolution} and i.block > $2::timestamptz - interval '${BLOCK_MS[resolution] / 3_600_000} hours' and i.block < $3
      and run.next <= i.given[g + 1] and i.block + run.next * interval '1 second' < $3)`;

/** Spans that came late are told from `lateFrom` on: a bucket may begin long before the range does. */
export async function circumstancesOf(database: Database, { series, from, to, signal, lateFrom }: SeriesRange & { lateFrom: number }): Promise<Circumstances[]> {
  return database.columns(
    `select s.id as series_id, s.first_received_at as begun, exists (select from imported_block i where i.series_id = s.id) as has_imports,
       case when ${givenIn(3)} then 3 when ${givenIn(2)} then 2 when ${givenIn(1)} then 1 else 0 end as coarsest, late.*, kept.*
     from series s cross join lateral (
       select string_agg(timestamptz_send(first_at), '') as first, string_agg(timestamptz_send(last_at), '') as last, string_agg(timestamptz_send(received_at), '') as received
       from late_range l where l.series_id = s.id and l.first_at < $3 and l.last_at >= $4) late
     cross join lateral (
       select string_agg(timestamptz_send(w.from_at), '' order by w.from_at) as preserved_from, string_agg(timestamptz_send(w.to_at), '' order by w.from_at) as preserved_to
       from preserved_window w where w.from_at < $3 and w.to_at > $2 and ${IS_MEANT}) kept
     where s.id = any ($1::int[])`,
    [int4Array(series), instant(from), instant(to), instant(lateFrom)],
    { types: { first: 'instant', last: 'instant', received: 'instant', preserved_from: 'instant', preserved_to: 'instant' }, signal },
  );
}
