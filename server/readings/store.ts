/**
 * Writing `reading`: one transaction in which readings, revisions and the log of what was touched are there together or not at all.
 * One verb for each function; parameters only.
 */
import { float8Array, instantArray, int2Array, int4Array } from '../db/binary.ts';
import { copyReadings } from '../db/copy-readings.ts';
import { type Connection, type Database, instant, isDuplicateKey } from '../db/pool.ts';
import { type Batch, emptyColumns, type ReadingColumns, type Spans, touchedSpans } from './columns.ts';

export interface WriteOutcome {
  accepted: number;
  duplicates: number;
  revised: number;
}

export interface WriteContext {
  receivedAt: number;
  sourceId: string | null;
  /** Many of these readings may be stored already. */
  mayRepeat: boolean;
  /** How long after its time a reading of the series is late, milliseconds. */
  lateAfterMs(series: number): number;
  /** Series of the batch that may never have had a reading before. */
  first: readonly number[];
  /** False where the connection cannot COPY. */
  canCopy: boolean;
}

/**
 * Stores a settled batch. First as plain COPY, which most batches survive; when a row is there already, what is stored is compared and
 * only the rest is written.
 */
export async function writeBatch(database: Database, batch: Batch, context: WriteContext): Promise<WriteOutcome & { hadRepeats: boolean }> {
  const { rows, superseded, repeats } = batch;
  const within = { duplicates: repeats, revised: superseded.length };
  if (!context.mayRepeat && context.canCopy) {
    try {
      await database.transaction(async (connection) => {
        await copyReadings(connection, rows);
        await follow(connection, { rows, superseded, context });
      });
      return { accepted: rows.length, ...within, hadRepeats: false };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  const changed = await changedRows(database, rows);
  // A batch that changes nothing leaves no trace: nothing is to be rolled up or judged again.
  if (changed.length === 0 && superseded.length === 0) return { accepted: 0, duplicates: rows.length + within.duplicates, revised: within.revised, hadRepeats: true };
  return database.transaction(async (connection) => {
    const outcome = await upsertReadings(connection, changed, context.receivedAt);
    await follow(connection, { rows: changed, superseded, context });
    return {
      accepted: outcome.accepted,
      duplicates: rows.length - outcome.accepted - outcome.revised + within.duplicates,
      revised: outcome.revised + within.revised,
      hadRepeats: outcome.accepted < rows.length,
    };
  });
}

function asParameters(rows: ReadingColumns): Buffer[] {
  return [int4Array(rows.series), instantArray(rows.observedAt), float8Array(rows.value), int2Array(rows.quality)];
}

const INCOMING = 'unnest($1::int[], $2::timestamptz[], $3::float8[], $4::int2[]) with ordinality as incoming (series_id, observed_at, value, quality, n)';

/** The rows that are not stored as they are. Most of what is sent again is there and the same, so this is asked before anything is locked. */
async function changedRows(database: Database, rows: ReadingColumns): Promise<ReadingColumns> {
  if (rows.length === 0) return rows;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const t of rows.observedAt.subarray(0, rows.length)) {
    if (t < from) from = t;
    if (t > to) to = t;
  }
  // The bounds name the partitions, else each row would be looked for in every month; the limit makes it one look into the index for
  // each row, whatever the planner believes of a month that nobody has analysed yet.
  const [answer] = await database.columns<{ n: Float64Array }>(
    `select string_agg(int4send(n::int), '') as n from (
       select incoming.n from ${INCOMING}
       left join lateral (
         select series_id, value, quality from reading
         where series_id = incoming.series_id and observed_at = incoming.observed_at and observed_at >= $5 and observed_at <= $6 limit 1) r on true
       where r.series_id is null or r.value <> incoming.value or r.quality <> incoming.quality order by incoming.n) different`,
    [...asParameters(rows), instant(from), instant(to)],
    { types: { n: 'int4' } },
  );
  const picked = answer?.n ?? new Float64Array(0);
  const changed = emptyColumns(picked.length);
  picked.forEach((n, at) => {
    changed.series[at] = rows.series[n - 1] as number;
    changed.observedAt[at] = rows.observedAt[n - 1] as number;
    changed.value[at] = rows.value[n - 1] as number;
    changed.quality[at] = rows.quality[n - 1] as number;
  });
  return changed;
}

/**
 * Insert what is new; of what was there, lock it, and where it differs keep the old value as a revision and put the new one.
 * Two statements, so that the second sees what a concurrent sender committed while the first one waited for it.
 *
 * The first one locks by an update of nothing, and the second one writes as an insert: TimescaleDB cannot lock rows that are compressed, and
 * only by the key of an insert does it know which few to decompress, where an update from a join would decompress the whole table.
 */
async function upsertReadings(connection: Connection, rows: ReadingColumns, receivedAt: number): Promise<{ accepted: number; revised: number }> {
  if (rows.length === 0) return { accepted: 0, revised: 0 };
  const parameters = asParameters(rows);
  const inserted = await connection.query(
    `insert into reading (series_id, observed_at, value, quality) select series_id, observed_at, value, quality from ${INCOMING}
     on conflict (series_id, observed_at) do update set value = reading.value where false`,
    parameters,
  );
  const accepted = inserted.rowCount ?? 0;
  if (accepted === rows.length) return { accepted, revised: 0 };
  const { rows: result } = await connection.query<{ revised: number }>(
    `with incoming as materialized (select * from ${INCOMING}),
     old as materialized (
       select r.series_id, r.observed_at, r.value, r.quality, incoming.value as new_value, incoming.quality as new_quality
       from incoming join reading r using (series_id, observed_at)
       where (r.value, r.quality) is distinct from (incoming.value, incoming.quality)
       order by r.series_id, r.observed_at),
     kept as (insert into reading_revision (series_id, observed_at, value, quality, replaced_at) select series_id, observed_at, value, quality, $5 from old),
     changed as (
       insert into reading (series_id, observed_at, value, quality) select series_id, observed_at, new_value, new_quality from old
       on conflict (series_id, observed_at) do update set value = excluded.value, quality = excluded.quality)
     select count(*) as revised from old`,
    [...parameters, instant(receivedAt)],
  );
  return { accepted, revised: result[0]?.revised ?? 0 };
}

/** What is told in the same transaction: old values, what was touched, what came late, which series began. */
async function follow(connection: Connection, work: { rows: ReadingColumns; superseded: ReadingColumns; context: WriteContext }): Promise<void> {
  const { rows, superseded, context } = work;
  await insertRevisions(connection, superseded, context.receivedAt);
  const spans = touchedSpans(rows);
  if (spans.series.length === 0) return;
  if (context.first.length > 0)
    await connection.query('update series set first_received_at = $2 where id = any ($1::int[]) and first_received_at is null', [context.first, instant(context.receivedAt)]);
  await logLate(connection, spans, context);
  await connection.query('insert into touched (received_at, source_id, series_ids, first_at, last_at) values ($1, $2, $3, $4, $5)', [
    instant(context.receivedAt),
    context.sourceId,
    int4Array(spans.series),
    instantArray(spans.first),
    instantArray(spans.last),
  ]);
}

async function insertRevisions(connection: Connection, rows: ReadingColumns, replacedAt: number): Promise<void> {
  if (rows.length === 0) return;
  await connection.query(`insert into reading_revision (series_id, observed_at, value, quality, replaced_at) select series_id, observed_at, value, quality, $5 from ${INCOMING}`, [
    ...asParameters(rows),
    instant(replacedAt),
  ]);
}

/** Notes the spans that came when their buckets could already have been read as whole: not those of a series that has only begun. */
async function logLate(connection: Connection, spans: Spans, { receivedAt, lateAfterMs }: WriteContext): Promise<void> {
  const late: number[] = [];
  for (const [i, series] of spans.series.entries()) if (receivedAt - (spans.first[i] as number) > lateAfterMs(series)) late.push(i);
  if (late.length === 0) return;
  await connection.query(
    `insert into late_range (series_id, first_at, last_at, received_at)
     select u.series_id, u.first_at, u.last_at, $4 from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $5::float8[]) as u (series_id, first_at, last_at, after_ms)
     join series s on s.id = u.series_id where s.first_received_at + u.after_ms * interval '1 millisecond' < $4::timestamptz`,
    [
      int4Array(late.map((i) => spans.series[i] as number)),
      instantArray(late.map((i) => spans.first[i] as number)),
      instantArray(late.map((i) => spans.last[i] as number)),
      instant(receivedAt),
      float8Array(late.map((i) => lateAfterMs(spans.series[i] as number))),
    ],
  );
}

interface StoredReading {
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
