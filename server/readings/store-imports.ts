/**
 * Storing imported aggregates. A bucket that has readings is refused, so that nothing is counted twice. Several entries share a
 * transaction and its questions: what is there of the blocks they touch is read, merged here and written back.
 */
import { byteaArray, instantArray, int2Array, int4Array } from '../db/binary.ts';
import { type Connection, type Database, instant } from '../db/pool.ts';
import { givenRuns, packBlock, unpackBlock } from './import-block.ts';
import { applyEntry, type Blocks, blocksOf, type ImportEntry, keyOf, type MergeCounts } from './import-merge.ts';
import type { ImportColumns } from './imports.ts';
import type { Zone } from './zone.ts';

export interface ImportOutcome extends MergeCounts {
  /** Positions in `rows` whose bucket has readings. */
  withReadings: number[];
}

/** Whose blocks are being written: two imports into one block would else each lose the other's buckets. */
const IMPORT_LOCK = 7_142_003;

/** All of the entries or none, one after the other; their outcomes in the same order. Rows of an entry are in order of time, each bucket once. */
export async function importRows(database: Database, { entries, zone }: { entries: readonly ImportEntry[]; zone: Zone }): Promise<ImportOutcome[]> {
  const filled = entries.filter(({ rows }) => rows.t.length > 0);
  if (filled.length === 0) return entries.map(() => ({ accepted: 0, duplicates: 0, revised: 0, withReadings: [] }));
  return database.transaction(async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
    const taken = await positionsWithReadings(connection, entries);
    const blocks = blocksOf(filled, zone);
    await readBlocks(connection, blocks);
    const outcomes = entries.map((entry, n) => {
      const withReadings = taken.get(n) ?? [];
      return { ...applyEntry(blocks, { ...entry, rows: without(entry.rows, withReadings) }, zone), withReadings };
    });
    await writeBlocks(connection, blocks);
    return outcomes;
  });
}

/** By position in `entries`: positions of rows whose bucket has readings. One look for each entry; where that finds any, one for each bucket. */
async function positionsWithReadings(connection: Connection, entries: readonly ImportEntry[]): Promise<Map<number, number[]>> {
  const asked = entries.flatMap(({ series, widthMs, rows }, n) =>
    rows.t.length === 0 ? [] : [{ n, row: -1, series, from: rows.t[0] as number, to: (rows.t.at(-1) as number) + widthMs }],
  );
  const found = new Map<number, number[]>();
  const buckets: Span[] = [];
  for (const { n } of await spansWithReadings(connection, asked)) {
    const { series, widthMs, rows } = entries[n] as ImportEntry;
    rows.t.forEach((from, row) => {
      buckets.push({ n, row, series, from, to: from + widthMs });
    });
  }
  for (const { n, row } of await spansWithReadings(connection, buckets)) found.set(n, [...(found.get(n) ?? []), row]);
  return found;
}

interface Span {
  /** Position of the entry. */
  n: number;
  row: number;
  series: number;
  from: number;
  to: number;
}

/** Those within which there is a reading. */
async function spansWithReadings(connection: Connection, spans: readonly Span[]): Promise<Span[]> {
  if (spans.length === 0) return [];
  // The bounds name the partitions, the limit makes it one look into the index for each, whatever the planner believes.
  const { rows } = await connection.query<{ n: number }>(
    `select asked.n::int as n from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) with ordinality as asked (series_id, from_at, to_at, n)
     cross join lateral (
       select from reading r where r.series_id = asked.series_id and r.observed_at >= asked.from_at and r.observed_at < asked.to_at
         and r.observed_at >= $4 and r.observed_at < $5 limit 1) found
     order by asked.n`,
    [
      int4Array(spans.map(({ series }) => series)),
      instantArray(spans.map(({ from }) => from)),
      instantArray(spans.map(({ to }) => to)),
      instant(spans.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY)),
      instant(spans.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY)),
    ],
  );
  return rows.map(({ n }) => spans[n - 1] as Span);
}

function without(rows: ImportColumns, positions: readonly number[]): ImportColumns {
  if (positions.length === 0) return rows;
  const left = new Set(positions);
  const of = (column: readonly number[]): number[] => column.filter((_, i) => !left.has(i));
  const { row, t, count, sum, min, max, last, bad, suspect } = rows;
  return { row: of(row), t: of(t), count: of(count), sum: of(sum), min: of(min), max: of(max), last: of(last), bad: of(bad), suspect: of(suspect) };
}

/** Fills those that are stored. */
async function readBlocks(connection: Connection, blocks: Blocks): Promise<void> {
  const wanted = [...blocks.values()];
  const { rows } = await connection.query<{ n: number; data: Buffer }>(
    `select wanted.n::int as n, b.data from unnest($1::int[], $2::int2[], $3::timestamptz[]) with ordinality as wanted (series_id, resolution, block, n)
     cross join lateral (select data from imported_block i where i.series_id = wanted.series_id and i.resolution = wanted.resolution and i.block = wanted.block limit 1) b`,
    [int4Array(wanted.map(({ series }) => series)), int2Array(wanted.map(({ resolution }) => resolution)), instantArray(wanted.map(({ at }) => at))],
  );
  for (const { n, data } of rows) {
    const block = wanted[n - 1];
    if (block !== undefined) blocks.set(keyOf(block), { ...block, rows: unpackBlock(data, block.at) });
  }
}

async function writeBlocks(connection: Connection, blocks: Blocks): Promise<void> {
  const changed = [...blocks.values()].filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return;
  await connection.query(
    `insert into imported_block (series_id, resolution, block, given, data)
     select series_id, resolution, block, given::int[], data from unnest($1::int[], $2::int2[], $3::timestamptz[], $4::text[], $5::bytea[]) as b (series_id, resolution, block, given, data)
     on conflict (series_id, resolution, block) do update set given = excluded.given, data = excluded.data`,
    [
      int4Array(changed.map(({ series }) => series)),
      int2Array(changed.map(({ resolution }) => resolution)),
      instantArray(changed.map(({ at }) => at)),
      changed.map(({ rows, at }) => `{${givenRuns(rows, at)}}`),
      byteaArray(changed.map(({ rows, at }) => packBlock(rows, at))),
    ],
  );
}
