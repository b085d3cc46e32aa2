/**
 * The hand-over log: who stored readings tells here, in the same transaction, and every consumer (rollup, rules) follows at its
 * own pace with a durable watermark. A kill at any line leaves either both or neither, so nothing is forgotten or done twice.
 *
 * Order: rows are taken by (transaction, id), and only those of transactions older than every one still running. A plain
 * sequence would skip the row of a slow transaction whose id was drawn before a fast one's.
 */
import { AppError } from '../contract/index.ts';
import { type Connection, type Database, instant } from './pool.ts';

export type Consumer = 'rollup' | 'rules';
export const consumers: readonly Consumer[] = ['rollup', 'rules'];
/** The NOTIFY channel that wakes consumers of all servers. */
export const TOUCHED_CHANNEL = 'touched';

/** A touched span of one series, epoch ms: every minute between firstAt and lastAt got a new or corrected reading. */
export interface TouchedRange {
  series: number;
  firstAt: number;
  lastAt: number;
  receivedAt: number;
}

/** New consumers begin at the log's present start. */
export async function ensureWatermarks(database: Database): Promise<void> {
  await database.query("insert into watermark (consumer, transaction_id, touched_id) select unnest($1::text[]), '0'::xid8, 0 on conflict do nothing", [consumers]);
}

const BATCH_ROWS = 200;

/** Spans taken at once, so that a burst of late readings does not fill the memory; one row is always taken. */
const BATCH_SPANS = 50_000;

interface TouchedRow {
  transaction_id: string;
  id: number;
  received_at: number;
  series_ids: Float64Array;
  first_at: Float64Array;
  last_at: Float64Array;
}

/**
 * Hands the next part of the log to `work`, in one transaction with the watermark's move. Returns the number of log rows
 * taken; fewer than a full batch means that the consumer has caught up.
 */
export async function consumeTouched(
  database: Database,
  consumer: Consumer,
  work: (connection: Connection, ranges: TouchedRange[]) => Promise<void>,
): Promise<{ taken: number; caughtUp: boolean }> {
  // Read before the transaction begins: our own transaction must not hold back the horizon of what is safe to read.
  const rows = await database.columns<TouchedRow>(
    `select transaction_id, id, received_at, array_send(series_ids) as series_ids, array_send(first_at) as first_at, array_send(last_at) as last_at from (
       select t.transaction_id::text, t.id, t.received_at, t.series_ids, t.first_at, t.last_at,
         sum(cardinality(t.series_ids)) over (order by t.transaction_id, t.id) - cardinality(t.series_ids) as before
       from (
         select t.* from watermark mark join touched t on (t.transaction_id, t.id) > (mark.transaction_id, mark.touched_id)
         where mark.consumer = $1 and t.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
         order by t.transaction_id, t.id limit $2) t
       order by t.transaction_id, t.id) part
     where before < $3`,
    [consumer, BATCH_ROWS, BATCH_SPANS],
    { types: { series_ids: 'array', first_at: 'array', last_at: 'array' } },
  );
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return { taken: 0, caughtUp: true };
  const ranges = rows.flatMap((row) =>
    Array.from(row.series_ids, (series, i) => ({ series, firstAt: row.first_at[i] as number, lastAt: row.last_at[i] as number, receivedAt: row.received_at })),
  );
  await database.transaction(async (connection) => {
    // Another server may have taken the same part: then its move wins, and ours changes nothing.
    const moved = await connection.query(
      'update watermark set transaction_id = $2::xid8, touched_id = $3 where consumer = $1 and (transaction_id, touched_id) < ($4::xid8, $5::bigint)',
      [consumer, last.transaction_id, last.id, first.transaction_id, first.id],
    );
    if (moved.rowCount !== 1) throw new AppError('conflict', `Another server consumed the log for ${consumer}.`);
    await work(connection, ranges);
  });
  return { taken: rows.length, caughtUp: rows.length < BATCH_ROWS && ranges.length < BATCH_SPANS };
}

/** Puts readings that were stored before into the log once more, to be judged again; `at[i]` (epoch ms) is the reading of `series[i]`. */
export async function touchAgain(database: Database, readings: { series: number[]; at: number[] }, now: number): Promise<void> {
  if (readings.series.length === 0) return;
  await database.query('insert into touched (received_at, source_id, series_ids, first_at, last_at) values ($1, null, $2, $3, $3)', [
    instant(now),
    readings.series,
    readings.at.map(instant),
  ]);
}

/** Forgets what every consumer has behind it. */
export async function pruneTouched(database: Database): Promise<number> {
  const { rowCount } = await database.query(
    `delete from touched t using (select transaction_id, touched_id from watermark order by transaction_id, touched_id limit 1) oldest
     where (t.transaction_id, t.id) <= (oldest.transaction_id, oldest.touched_id)`,
  );
  return rowCount ?? 0;
}
