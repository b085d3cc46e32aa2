/**
 * Storing imported aggregates. A bucket that has readings is refused, so that nothing is counted twice; a row sent as it stands rules
 * its bucket, and coarser buckets that nobody sent are summed up from the finer ones.
 */
import { FROM_BUCKETS, ROLLUP_COLUMNS } from '../db/aggregates.ts';
import { float8Array, instantArray, int4Array } from '../db/binary.ts';
import type { Connection, Database } from '../db/pool.ts';
import type { ImportColumns } from './imports.ts';

export interface ImportOutcome {
  accepted: number;
  duplicates: number;
  revised: number;
  /** Positions in `rows` whose bucket has readings. */
  withReadings: number[];
}

const ROWS = `unnest($2::timestamptz[], $3::int[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::int[], $9::int[]) with ordinality
  as i (bucket, count, sum, min, max, last, bad_count, suspect_count, n)`;
const resolutionNumber = { '1m': 1, '1h': 2, '1d': 3 } as const;
/** Whose derived buckets are being made; two imports of neighbouring buckets would else each miss the other's rows. */
const IMPORT_LOCK = 7_142_002;

export async function importRows(
  database: Database,
  input: { series: number; resolution: '1m' | '1h' | '1d'; widthMs: number; rows: ImportColumns; timeZone: string },
): Promise<ImportOutcome> {
  const { series, resolution, widthMs, rows, timeZone } = input;
  const nullable = (values: readonly number[]): (number | null)[] => values.map((value) => (Number.isNaN(value) ? null : value));
  const parameters = [
    series,
    instantArray(rows.t),
    int4Array(rows.count),
    float8Array(rows.sum),
    nullable(rows.min),
    nullable(rows.max),
    nullable(rows.last),
    int4Array(rows.bad),
    int4Array(rows.suspect),
    resolutionNumber[resolution],
    widthMs / 1000,
  ];
  return database.transaction(async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
    const { rows: result } = await connection.query<{ accepted: number; revised: number; taken: number; with_readings: number[] }>(
      `with free as materialized (
         select i.*, exists (
           select from reading r where r.series_id = $1::int and r.observed_at >= i.bucket and r.observed_at < i.bucket + $11::int * interval '1 second') as has_readings
         from ${ROWS}),
       written as (
         insert into imported (series_id, resolution, bucket, width_s, given, ${ROLLUP_COLUMNS})
         select $1::int, $10::int2, bucket, $11::int, true, count, sum, min, max, last, bad_count, suspect_count from free where not has_readings
         on conflict (series_id, resolution, bucket) do update set width_s = excluded.width_s, given = true, count = excluded.count, sum = excluded.sum, min = excluded.min,
           max = excluded.max, last = excluded.last, bad_count = excluded.bad_count, suspect_count = excluded.suspect_count
         where (imported.width_s, imported.given, imported.count, imported.sum, imported.min, imported.max, imported.last, imported.bad_count, imported.suspect_count)
           is distinct from (excluded.width_s, true, excluded.count, excluded.sum, excluded.min, excluded.max, excluded.last, excluded.bad_count, excluded.suspect_count)
         returning (xmax = 0) as is_new)
       select count(*) filter (where is_new) as accepted, count(*) filter (where not is_new) as revised,
         (select count(*) from free where not has_readings) as taken, array(select n::int from free where has_readings order by n) as with_readings
       from written`,
      parameters,
    );
    const { accepted, revised, taken, with_readings: withReadings } = result[0] ?? { accepted: 0, revised: 0, taken: 0, with_readings: [] };
    if (accepted + revised > 0) await sumUp(connection, { series, resolution, times: rows.t, timeZone });
    return { accepted, revised, duplicates: taken - accepted - revised, withReadings: withReadings.map((n) => n - 1) };
  });
}

/** Hours from minutes, then days from hours, where nobody sent them as they stand. */
async function sumUp(connection: Connection, of: { series: number; resolution: '1m' | '1h' | '1d'; times: readonly number[]; timeZone: string }): Promise<void> {
  const { series, resolution, times, timeZone } = of;
  const write = (from: string): string =>
    `insert into imported (series_id, resolution, bucket, width_s, given, ${ROLLUP_COLUMNS}) ${from}
     on conflict (series_id, resolution, bucket) do update set width_s = excluded.width_s, count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max,
       last = excluded.last, bad_count = excluded.bad_count, suspect_count = excluded.suspect_count where not imported.given`;
  if (resolution === '1m') {
    await connection.query(
      write(`select $1::int, 2, hour.bucket, 3600, false, made.* from (select distinct date_trunc('hour', t) as bucket from unnest($2::timestamptz[]) as t) hour
        cross join lateral (select ${FROM_BUCKETS} from imported f
          where f.series_id = $1 and f.resolution = 1 and f.bucket >= hour.bucket and f.bucket < hour.bucket + interval '1 hour' having count(*) > 0) made`),
      [series, instantArray(times)],
    );
  }
  if (resolution !== '1d') {
    await connection.query(
      write(`select $1::int, 3, day.bucket, 86400, false, made.* from (select distinct date_trunc('day', t, $3) as bucket from unnest($2::timestamptz[]) as t) day
        cross join lateral (select ${FROM_BUCKETS} from imported f
          where f.series_id = $1 and f.resolution = 2 and f.bucket >= day.bucket and f.bucket < date_trunc('day', day.bucket + interval '36 hours', $3) having count(*) > 0) made`),
      [series, instantArray(times), timeZone],
    );
  }
}
