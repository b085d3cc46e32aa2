/**
 * The end of what is kept no longer. Whole chunks go where every class lets them; what a class keeps for less time than the others is
 * deleted by whole days, so that compressed rows are opened once a day and not every hour. So a row may stay a little longer, never
 * shorter, than it should.
 */
import { boundByPending } from '../pending.ts';
import { type Connection, type Database, instant } from '../pool.ts';
import type { RetentionClass, RetentionPlan } from '../time-series.ts';

const relations = ['reading', 'reading_1m', 'reading_1h', 'reading_1d'] as const;
type Relation = (typeof relations)[number];

/** For each relation: buckets made from rows before this instant (epoch ms) may lack some of them. */
export type Floors = Readonly<Record<Relation, number>>;

export async function rollupFloors(database: Database): Promise<Floors> {
  const { rows } = await database.query<{ relation: Relation; dropped_before: number }>('select relation, dropped_before from rollup_floor');
  const floors = { reading: 0, reading_1m: 0, reading_1h: 0, reading_1d: 0 };
  for (const row of rows) floors[row.relation] = row.dropped_before;
  return floors;
}

/** What the rows of each relation stand in: the hypertable behind a continuous aggregate, whose view cannot be deleted from. */
type Tables = Readonly<Record<Relation, { table: string; column: 'observed_at' | 'bucket' }>>;

async function tablesOf(database: Database): Promise<Tables> {
  const { rows } = await database.query<{ relation: Relation; name: string }>(
    `select view_name as relation, format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) as name
     from timescaledb_information.continuous_aggregates where view_schema = current_schema() and view_name = any ($1)`,
    [relations],
  );
  const of = (relation: Relation) => ({ table: rows.find((row) => row.relation === relation)?.name ?? relation, column: 'bucket' as const });
  return { reading: { table: 'reading', column: 'observed_at' }, reading_1m: of('reading_1m'), reading_1h: of('reading_1h'), reading_1d: of('reading_1d') };
}

/** Ends what is older than the plan says, but nothing that a rollup which is behind must still be made from. */
export async function retain(database: Database, plan: RetentionPlan): Promise<void> {
  const classes = await boundByPending(database, plan.classes);
  if (classes.length === 0) return;
  await raiseFloors(database, classes);
  const tables = await tablesOf(database);
  for (const relation of relations) {
    const cutoffs = classes.map((one) => one.before[relation]);
    const all = cutoffs.some((cutoff) => cutoff === null) ? null : Math.min(...(cutoffs as number[]));
    if (all !== null) await dropChunks(database, { relation, before: all, plan });
    for (const one of classes) if (one.before[relation] !== all) await deleteRows(database, { relation, one, plan, ...tables[relation] });
  }
}

/** How far back the refresh jobs of migration 0005 reach, and some. */
const JOBS_REACH = "interval '3 days'";

/** Says that rows may be gone, before they are. Where a moved clock lets go of what the jobs, which follow the database's clock, would still refresh, these rest. */
async function raiseFloors(database: Database, classes: readonly RetentionClass[]): Promise<void> {
  const floors = relations.flatMap((relation) => {
    const cutoffs = classes.flatMap((one) => one.before[relation] ?? []);
    return cutoffs.length === 0 ? [] : [{ relation, before: Math.max(...cutoffs) }];
  });
  await database.transaction(async (connection) => {
    await connection.query(
      `insert into rollup_floor (relation, dropped_before) select * from unnest($1::text[], $2::timestamptz[])
       on conflict (relation) do update set dropped_before = greatest(rollup_floor.dropped_before, excluded.dropped_before)`,
      [floors.map(({ relation }) => relation), floors.map(({ before }) => instant(before))],
    );
    await connection.query(
      `select alter_job(job_id, scheduled => not too_far) from timescaledb_information.jobs
       cross join (select coalesce(max(dropped_before) > clock_timestamp() - ${JOBS_REACH}, false) as too_far from rollup_floor) floor
       where proc_name = 'policy_refresh_continuous_aggregate' and hypertable_schema = current_schema() and hypertable_name = any ($1) and scheduled = too_far`,
      [relations],
    );
  });
}

async function dropChunks(database: Database, work: { relation: Relation; before: number; plan: RetentionPlan }): Promise<void> {
  const { relation, before, plan } = work;
  if (relation !== 'reading') {
    await database.query(`select drop_chunks('${relation}', older_than => $1::timestamptz)`, [instant(before)]);
    return;
  }
  const { rows: chunks } = await database.query<{ name: string; range_end: number }>(
    `select format('%I.%I', chunk_schema, chunk_name) as name, range_end from timescaledb_information.chunks
     where hypertable_schema = current_schema() and hypertable_name = 'reading' and range_end <= $1 order by range_end`,
    [instant(before)],
  );
  // One by one, so that none waits for the whole past to be copied.
  for (const { name, range_end: end } of chunks) {
    await database.transaction(async (connection) => {
      await connection.query(`lock table ${name} in access exclusive mode`);
      await plan.preserve(connection, { series: null, from: null, before: end });
      await connection.query("select drop_chunks('reading', older_than => $1::timestamptz)", [instant(end)]);
    });
  }
}

const DAY_MS = 86_400_000;
/** Days a transaction deletes at most, so that none holds its locks for long. */
const DELETE_DAYS = 7;

async function deleteRows(
  database: Database,
  work: { relation: Relation; table: string; column: 'observed_at' | 'bucket'; one: RetentionClass; plan: RetentionPlan },
): Promise<void> {
  const { relation, table, column, one, plan } = work;
  const cutoff = one.before[relation];
  if (cutoff === null || one.series.length === 0) return;
  const before = Math.floor(cutoff / DAY_MS) * DAY_MS;
  for (;;) {
    const first = await oldestOf(database, { table, column, series: one.series });
    if (first === null || first >= before) return;
    const until = Math.min(before, first + DELETE_DAYS * DAY_MS);
    await database.transaction(async (connection: Connection) => {
      if (relation === 'reading') await plan.preserve(connection, { series: one.series, from: first, before: until });
      await connection.query(`delete from ${table} where series_id = any ($1::int[]) and ${column} >= $2 and ${column} < $3`, [one.series, instant(first), instant(until)]);
    });
  }
}

async function oldestOf(database: Database, { table, column, series }: { table: string; column: string; series: readonly number[] }): Promise<number | null> {
  const { rows } = await database.query<{ first: number | null }>(
    `select min(oldest.at) as first from unnest($1::int[]) as s (id)
     cross join lateral (select ${column} as at from ${table} where series_id = s.id order by ${column} limit 1) oldest`,
    [series],
  );
  return rows[0]?.first ?? null;
}
