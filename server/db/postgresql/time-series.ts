/**
 * Time series on plain PostgreSQL: month partitions made ahead and dropped by retention, rollups in tables of their own that are
 * refreshed hour by hour.
 */
import { FROM_BUCKETS, FROM_READINGS, ROLLUP_COLUMNS } from '../aggregates.ts';
import { instantArray, int4Array } from '../binary.ts';
import { boundByPending } from '../pending.ts';
import { type Connection, type Database, instant } from '../pool.ts';
import type { HourRange, RetentionClass, RetentionPlan, TimeSeries, TimeSeriesOptions } from '../time-series.ts';
import { createPartitions, listPartitions, type Partitioned, type Partitions } from './partitions.ts';

export function openPostgresqlTimeSeries(database: Database, options: Pick<TimeSeriesOptions, 'timeZone' | 'hasWholeHours'>): TimeSeries {
  const readings = createPartitions(database, 'reading');
  const minutes = createPartitions(database, 'reading_1m');
  return {
    engine: 'postgresql',
    entry: 'copy',
    ensure: (times) => readings.ensure(times),
    refresh: (hours) => refresh(database, { hours, minutes, ...options }),
    retain: async (plan) =>
      retain(database, { plan: { ...plan, classes: await boundByPending(database, plan.classes) }, forget: { reading: readings.forget, reading_1m: minutes.forget } }),
  };
}

const RANGES = 'unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as u (series_id, from_at, to_at)';
const SET_ROLLUP = `count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, last = excluded.last,
  bad_count = excluded.bad_count, suspect_count = excluded.suspect_count`;
const UPSERT = `on conflict (series_id, bucket) do update set ${SET_ROLLUP}`;

/** Below this distance of readings a series has minutes of its own; must agree with `keepsMinutes` in readings/resolution.ts. */
const MINUTE_MS = 60_000;

async function refresh(database: Database, work: { hours: readonly HourRange[]; minutes: Partitions; timeZone: string; hasWholeHours: boolean }): Promise<void> {
  const { hours, minutes, timeZone, hasWholeHours } = work;
  if (hours.length === 0) return;
  const parameters = [int4Array(hours.map((range) => range.series)), instantArray(hours.map((range) => range.from)), instantArray(hours.map((range) => range.to))];
  const { rows: fine } = await database.query<{ id: number }>(
    "select s.id from series s join indicator i on i.id = s.indicator_id where s.id = any ($1::int[]) and (i.definition ->> 'intervalMs')::float8 < $2",
    [hours.map((range) => range.series), MINUTE_MS],
  );
  if (fine.length > 0) await minutes.ensure(hours.flatMap((range) => [range.from, range.to - 1]));
  await database.transaction(async (connection) => {
    if (fine.length > 0) {
      await connection.query(
        `insert into reading_1m (series_id, bucket, ${ROLLUP_COLUMNS})
         select u.series_id, made.* from ${RANGES} cross join lateral (
           select date_trunc('minute', r.observed_at) as bucket, ${FROM_READINGS} from reading r
           where r.series_id = u.series_id and r.observed_at >= u.from_at and r.observed_at < u.to_at group by 1) made
         where u.series_id = any ($4::int[]) ${UPSERT}`,
        [...parameters, fine.map((row) => row.id)],
      );
    }
    await connection.query(
      `insert into reading_1h (series_id, bucket, ${ROLLUP_COLUMNS})
       select u.series_id, made.* from ${RANGES} cross join lateral (
         select date_trunc('hour', r.observed_at) as bucket, ${FROM_READINGS} from reading r
         where r.series_id = u.series_id and r.observed_at >= u.from_at and r.observed_at < u.to_at group by 1) made ${UPSERT}`,
      parameters,
    );
    if (hasWholeHours) await refreshQuarters(connection, { parameters, timeZone });
    await refreshDays(connection, { parameters, timeZone, hasWholeHours });
  });
}

/** The quarters of the city's day that hold the hours. On a day of 25 hours the last of them is a fifth one. */
async function refreshQuarters(connection: Connection, { parameters, timeZone }: { parameters: unknown[]; timeZone: string }): Promise<void> {
  await connection.query(
    `insert into reading_6h (series_id, bucket, ${ROLLUP_COLUMNS})
     with quarter as (
       select distinct u.series_id, day + floor(extract(epoch from hour - day) / 21600) * interval '6 hours' as bucket, date_trunc('day', day + interval '36 hours', $4) as next_day
       from ${RANGES} cross join lateral generate_series(u.from_at, u.to_at - interval '1 microsecond', interval '1 hour') as hour
       cross join lateral (select date_trunc('day', hour, $4) as day) d)
     select quarter.series_id, quarter.bucket, made.* from quarter cross join lateral (
       select ${FROM_BUCKETS} from reading_1h f
       where f.series_id = quarter.series_id and f.bucket >= quarter.bucket and f.bucket < least(quarter.bucket + interval '6 hours', quarter.next_day)
       having count(*) > 0) made ${UPSERT}`,
    [...parameters, timeZone],
  );
}

/** The days that hold the hours, from hours where these add up to days, else from the readings. */
async function refreshDays(connection: Connection, work: { parameters: unknown[]; timeZone: string; hasWholeHours: boolean }): Promise<void> {
  const [relation, time, alias, aggregates] = work.hasWholeHours ? ['reading_1h', 'bucket', 'f', FROM_BUCKETS] : ['reading', 'observed_at', 'r', FROM_READINGS];
  await connection.query(
    `insert into reading_1d (series_id, bucket, ${ROLLUP_COLUMNS})
     with day as (
       select distinct u.series_id, date_trunc('day', hour, $4) as bucket
       from ${RANGES} cross join lateral generate_series(u.from_at, u.to_at - interval '1 microsecond', interval '15 minutes') as hour)
     select day.series_id, day.bucket, made.* from day cross join lateral (
       select ${aggregates} from ${relation} ${alias}
       where ${alias}.series_id = day.series_id and ${alias}.${time} >= day.bucket and ${alias}.${time} < date_trunc('day', day.bucket + interval '36 hours', $4)
       having count(*) > 0) made ${UPSERT}`,
    [...work.parameters, work.timeZone],
  );
}

const relations = ['reading', 'reading_1m', 'reading_1h', 'reading_6h', 'reading_1d'] as const;
const timeColumn = { reading: 'observed_at', reading_1m: 'bucket', reading_1h: 'bucket', reading_6h: 'bucket', reading_1d: 'bucket' } as const;
/** Whose time each relation is kept for. */
const keptAs = { reading: 'reading', reading_1m: 'reading_1m', reading_1h: 'reading_1h', reading_6h: 'reading_1h', reading_1d: 'reading_1d' } as const;

async function retain(database: Database, work: { plan: RetentionPlan; forget: Record<Partitioned, (name: string) => void> }): Promise<void> {
  const { plan, forget } = work;
  for (const relation of relations) {
    const cutoffs = plan.classes.map((one) => one.before[keptAs[relation]]);
    // Whole partitions go where every class lets them; the rest is deleted row by row.
    const all = cutoffs.some((cutoff) => cutoff === null) ? null : Math.min(...(cutoffs as number[]));
    if ((relation === 'reading' || relation === 'reading_1m') && all !== null && plan.classes.length > 0)
      await dropPartitions(database, { relation, before: all, plan, forget: forget[relation] });
    for (const one of plan.classes) await deleteRows(database, { relation, one, plan });
  }
}

async function dropPartitions(database: Database, work: { relation: Partitioned; before: number; plan: RetentionPlan; forget: (name: string) => void }): Promise<void> {
  const { relation, before, plan, forget } = work;
  for (const { name, end } of await listPartitions(database, relation)) {
    if (end > before) return;
    await database.transaction(async (connection) => {
      await connection.query(`lock table ${name} in access exclusive mode`);
      if (relation === 'reading') await plan.preserve(connection, { series: null, from: null, before: end });
      await connection.query(`drop table ${name}`);
    });
    forget(name);
  }
}

/** Rows a transaction deletes at most, so that none holds its locks for long. */
const DELETE_DAYS_MS = 7 * 86_400_000;

async function deleteRows(database: Database, work: { relation: (typeof relations)[number]; one: RetentionClass; plan: RetentionPlan }): Promise<void> {
  const { relation, one, plan } = work;
  const before = one.before[keptAs[relation]];
  if (before === null || one.series.length === 0) return;
  const column = timeColumn[relation];
  for (;;) {
    const { rows } = await database.query<{ first: number | null }>(
      `select min(oldest.at) as first from unnest($1::int[]) as s (id) cross join lateral (select ${column} as at from ${relation} where series_id = s.id order by ${column} limit 1) oldest`,
      [one.series],
    );
    const first = rows[0]?.first ?? null;
    if (first === null || first >= before) return;
    const until = Math.min(before, first + DELETE_DAYS_MS);
    await database.transaction(async (connection) => {
      if (relation === 'reading') await plan.preserve(connection, { series: one.series, from: first, before: until });
      await connection.query(`delete from ${relation} where series_id = any ($1::int[]) and ${column} >= $2 and ${column} < $3`, [one.series, instant(first), instant(until)]);
    });
  }
}
