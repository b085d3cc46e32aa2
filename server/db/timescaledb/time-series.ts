/**
 * Time series on TimescaleDB: `reading` is a hypertable that is compressed with age, the rollups are continuous aggregates on one another.
 *
 * A continuous aggregate is refreshed for all series at once, so the rollup of an hour may be made anew only while the readings of every
 * series are still there: `rollup_floor` says from when on, is raised before anything is dropped, and no refresh reaches below it.
 */
import { instantArray } from '../binary.ts';
import type { Database } from '../pool.ts';
import type { TimeSeries, TimeSeriesOptions } from '../time-series.ts';
import { type Floors, retain, rollupFloors } from './retention.ts';
import { type Span, toSlices } from './slices.ts';

export function openTimescaledbTimeSeries(database: Database, options: TimeSeriesOptions): TimeSeries {
  // The configured age is part of the store's jobs; it is compared once, before the first work of this server.
  let settled: Promise<void> | null = null;
  const settle = async (): Promise<void> => {
    settled ??= settleCompression(database, options.compressAfterMs);
    try {
      await settled;
    } catch (error) {
      settled = null;
      throw error;
    }
  };
  return {
    engine: 'timescaledb',
    entry: options.canCopy ? 'copy' : 'unnest',
    ensure: async () => {},
    async refresh(hours) {
      await settle();
      await refresh(database, toSlices(hours), options);
    },
    async retain(plan) {
      await settle();
      await retain(database, plan);
    },
  };
}

/** Makes the job that compresses readings agree with the configured age. */
async function settleCompression(database: Database, compressAfterMs: number): Promise<void> {
  const seconds = compressAfterMs / 1000;
  await database.transaction(async (connection) => {
    const { rows } = await connection.query<{ agrees: boolean }>(
      `select (config ->> 'compress_after')::interval = make_interval(secs => $1) as agrees from timescaledb_information.jobs
       where proc_name = 'policy_compression' and hypertable_schema = current_schema() and hypertable_name = 'reading'`,
      [seconds],
    );
    if (rows.some(({ agrees }) => agrees)) return;
    await connection.query("select remove_compression_policy('reading', if_exists => true)");
    await connection.query("select add_compression_policy('reading', compress_after => make_interval(secs => $1), if_not_exists => true)", [seconds]);
  });
}

/** Each slice's minutes, then its hours, then the days that hold it, so that each is made from what is right already. */
async function refresh(database: Database, slices: readonly Span[], options: Pick<TimeSeriesOptions, 'timeZone' | 'hasWholeHours'>): Promise<void> {
  if (slices.length === 0) return;
  const floors = await rollupFloors(database);
  const minuteFloor = floors.reading;
  const hourFloor = Math.max(minuteFloor, floors.reading_1m);
  for (const slice of slices) {
    await refreshSpan(database, 'reading_1m', aboveFloor(slice, minuteFloor));
    await refreshSpan(database, 'reading_1h', aboveFloor(slice, hourFloor));
  }
  const kept = slices.map((slice) => aboveFloor(slice, hourFloor)).filter((slice) => slice.from < slice.to);
  for (const day of await daysOf(database, kept, options.timeZone)) if (day.from >= dayFloor(floors, options)) await refreshSpan(database, 'reading_1d', day);
}

/** Days are made from hours where these add up to days, else from minutes (migration 0005). */
function dayFloor(floors: Floors, { hasWholeHours }: Pick<TimeSeriesOptions, 'hasWholeHours'>): number {
  return hasWholeHours ? floors.reading_1h : floors.reading_1m;
}

const HOUR_MS = 3_600_000;

/** The part of whole hours whose readings are all there. */
function aboveFloor({ from, to }: Span, floor: number): Span {
  return { from: Math.max(from, Math.ceil(floor / HOUR_MS) * HOUR_MS), to };
}

async function refreshSpan(database: Database, relation: 'reading_1m' | 'reading_1h' | 'reading_1d', { from, to }: Span): Promise<void> {
  // Only what changed since the last refresh is made anew within the span. It cannot run in a transaction.
  if (from < to) await database.query(`call refresh_continuous_aggregate('${relation}', to_timestamp($1::float8), to_timestamp($2::float8))`, [from / 1000, to / 1000]);
}

/** The city's days that hold these spans, each once, the oldest first. */
async function daysOf(database: Database, spans: readonly Span[], timeZone: string): Promise<Span[]> {
  const { rows } = await database.query<{ from_at: number; to_at: number }>(
    `select day as from_at, date_trunc('day', day + interval '36 hours', $3) as to_at from (
       select distinct date_trunc('day', at, $3) as day from unnest($1::timestamptz[], $2::timestamptz[]) as u (from_at, to_at)
       cross join lateral generate_series(u.from_at, u.to_at - interval '1 microsecond', interval '15 minutes') as at) days order by day`,
    [instantArray(spans.map(({ from }) => from)), instantArray(spans.map(({ to }) => to)), timeZone],
  );
  return rows.map((row) => ({ from: row.from_at, to: row.to_at }));
}
