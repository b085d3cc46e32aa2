/**
 * The quarantine's rows. Bounded for each source by number and size, and for all by age; the oldest go first, and what goes is counted.
 * The row of `quarantine_size` is locked before anything else of its source is touched, so two servers take turns.
 */
import { createHash } from 'node:crypto';
import type { ErrorCode } from '../contract/index.ts';
import { type Connection, type Database, instant, type Queryable } from '../db/pool.ts';
import type { Original, OriginalFormat, PieceRefusal } from './piece.ts';

export type { Database } from '../db/pool.ts';

/** One refused original, ready to be stored: cut and free of what the store cannot hold. */
export interface KeptOriginal {
  sourceId: string;
  hash: Buffer;
  receivedAt: number;
  lastReceivedAt: number;
  /** How often it came within the batch. */
  times: number;
  refusal: PieceRefusal;
  format: OriginalFormat;
  original: Buffer;
  isCut: boolean;
  detail: string;
  bytes: number;
}

export interface QuarantineBounds {
  /** Of one source. */
  entries: number;
  bytes: number;
  ageMs: number;
}

export interface QuarantineSize {
  entries: number;
  bytes: number;
  dropped: number;
}

/** Longest kept beginning of an original. */
export const MAX_ORIGINAL_BYTES = 64 * 1024;
const MAX_MESSAGE = 1000;
const MAX_DETAIL = 4096;
/** What a row costs besides its texts, roughly. */
const ROW_BYTES = 200;

/** PostgreSQL's text knows no NUL, its jsonb no half of a surrogate pair; senders send both. */
const clean = (text: string, length: number): string => Buffer.from(text.slice(0, length).replaceAll('\u0000', '\ufffd')).toString();

/** The longest beginning of at most `length` bytes that ends with a whole character (of what is UTF-8). */
function beginning(bytes: Buffer, length: number): Buffer {
  if (bytes.length <= length) return bytes;
  let end = length;
  while (end > length - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

const NUMBER_ALONE = /^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i;
const OWN_TIME = /\s-?\d+\s*$/;

/**
 * What tells no time of its own is another reading each time it comes, though it reads the same: a plain number, a line without a time
 * stamp. Its arrival is part of it then, so that a replay brings back all of them.
 */
const saysNoTime = ({ format, text }: Original): boolean => (format === 'mqtt' && text.length < 40 && NUMBER_ALONE.test(text)) || (format === 'line' && !OWN_TIME.test(text));

/** `bytes`: the original as it came where it is no text. */
export function toKept(entry: { sourceId: string; receivedAt: number; original: Original; bytes?: Buffer | undefined; refusal: PieceRefusal }): KeptOriginal {
  const { original, refusal } = entry;
  const whole = entry.bytes ?? Buffer.from(original.text);
  const kept = beginning(whole, MAX_ORIGINAL_BYTES);
  const detail = JSON.stringify(Object.fromEntries(Object.entries(original.detail).map(([key, value]) => [clean(key, 200), clean(value, MAX_DETAIL)])));
  const message = clean(refusal.message, MAX_MESSAGE);
  return {
    sourceId: entry.sourceId,
    hash: createHash('sha256')
      .update(`${original.format}\n${detail}\n${saysNoTime(original) ? entry.receivedAt : ''}\n`)
      .update(whole)
      .digest(),
    receivedAt: entry.receivedAt,
    lastReceivedAt: entry.receivedAt,
    times: 1,
    refusal: { code: refusal.code, path: clean(refusal.path, MAX_MESSAGE), message },
    format: original.format,
    // A copy: a part would keep the whole body it was cut from in memory.
    original: kept.length === whole.length ? kept : Buffer.from(kept),
    isCut: kept.length < whole.length,
    detail,
    bytes: kept.length + detail.length + message.length + ROW_BYTES,
  };
}

/** The same original twice in one batch is one row; the newest reason stands. */
function merge(entries: readonly KeptOriginal[]): KeptOriginal[] {
  const merged = new Map<string, KeptOriginal>();
  for (const entry of entries) {
    const key = `${entry.sourceId} ${entry.hash.toString('base64')}`;
    const same = merged.get(key);
    if (same === undefined) merged.set(key, entry);
    else {
      const [receivedAt, lastReceivedAt] = [Math.min(same.receivedAt, entry.receivedAt), Math.max(same.lastReceivedAt, entry.lastReceivedAt)];
      merged.set(key, { ...entry, receivedAt, lastReceivedAt, times: same.times + entry.times });
    }
  }
  return [...merged.values()];
}

/** The sizes of these sources, locked to the end of the transaction, in one order for all. */
async function lockSizes(connection: Connection, sourceIds: readonly string[]): Promise<void> {
  await connection.query('insert into quarantine_size (source_id) select unnest($1::text[]) on conflict do nothing', [sourceIds]);
  await connection.query('select from quarantine_size where source_id = any ($1::text[]) order by source_id for update', [sourceIds]);
}

/**
 * Stores refused originals and drops the oldest beyond the bounds, in one transaction. `unkept`: refused ones that are not among `entries`,
 * only to be counted. Answers the new size of each source.
 */
export async function insertRefused(
  database: Database,
  batch: { entries: readonly KeptOriginal[]; unkept: ReadonlyMap<string, number> },
  bounds: QuarantineBounds,
): Promise<Map<string, QuarantineSize>> {
  const entries = merge(batch.entries);
  const sourceIds = [...new Set([...entries.map((entry) => entry.sourceId), ...batch.unkept.keys()])].sort();
  return database.transaction(async (connection) => {
    await lockSizes(connection, sourceIds);
    await insertEntries(connection, entries);
    await connection.query('update quarantine_size s set dropped = s.dropped + u.n from unnest($1::text[], $2::int[]) as u (source_id, n) where s.source_id = u.source_id', [
      [...batch.unkept.keys()],
      [...batch.unkept.values()],
    ]);
    for (const sourceId of sourceIds) await dropOldest(connection, sourceId, bounds);
    return sizesOf(connection, sourceIds);
  });
}

async function insertEntries(connection: Connection, entries: readonly KeptOriginal[]): Promise<void> {
  if (entries.length === 0) return;
  await connection.query(
    `with stored as (
       insert into quarantine (source_id, hash, received_at, last_received_at, times, code, path, message, format, original, is_cut, detail, bytes)
       select u.source_id, u.hash, u.received_at, u.last_received_at, u.times, u.code, u.path, u.message, u.format, u.original, u.is_cut, u.detail, u.bytes
       from unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::boolean[], $11::jsonb[], $12::int[], $13::timestamptz[])
         with ordinality as u (source_id, hash, received_at, times, code, path, message, format, original, is_cut, detail, bytes, last_received_at, n) order by u.n
       on conflict (source_id, hash) do update set times = quarantine.times + excluded.times, code = excluded.code, path = excluded.path, message = excluded.message,
         last_received_at = greatest(quarantine.last_received_at, excluded.last_received_at)
       returning source_id, bytes, xmax = 0 as is_new),
     added as (select source_id, count(*) as entries, sum(bytes) as bytes from stored where is_new group by source_id)
     update quarantine_size s set entries = s.entries + added.entries, bytes = s.bytes + added.bytes from added where s.source_id = added.source_id`,
    [
      entries.map((e) => e.sourceId),
      entries.map((e) => e.hash),
      entries.map((e) => instant(e.receivedAt)),
      entries.map((e) => e.times),
      entries.map((e) => e.refusal.code),
      entries.map((e) => e.refusal.path),
      entries.map((e) => e.refusal.message),
      entries.map((e) => e.format),
      entries.map((e) => e.original),
      entries.map((e) => e.isCut),
      entries.map((e) => e.detail),
      entries.map((e) => e.bytes),
      entries.map((e) => instant(e.lastReceivedAt)),
    ],
  );
}

/** Rows that one step may drop: what a batch adds at most, so that mostly one step suffices. */
const DROP_ROWS = 1000;

async function dropOldest(connection: Connection, sourceId: string, bounds: QuarantineBounds): Promise<void> {
  for (;;) {
    const size = (await sizesOf(connection, [sourceId])).get(sourceId);
    if (size === undefined || (size.entries <= bounds.entries && size.bytes <= bounds.bytes)) return;
    await connection.query(
      `with oldest as (select id, bytes from quarantine where source_id = $1 order by id limit $4),
       summed as (select id, bytes, row_number() over (order by id) as n, sum(bytes) over (order by id) as freed from oldest),
       gone as (delete from quarantine q using summed where q.id = summed.id and (summed.n <= $2 or summed.freed - summed.bytes < $3) returning q.bytes),
       total as (select count(*) as entries, coalesce(sum(bytes), 0) as bytes from gone)
       update quarantine_size s set entries = s.entries - total.entries, bytes = s.bytes - total.bytes, dropped = s.dropped + total.entries from total where s.source_id = $1`,
      [sourceId, size.entries - bounds.entries, size.bytes - bounds.bytes, DROP_ROWS],
    );
  }
}

async function sizesOf(connection: Queryable, sourceIds: readonly string[]): Promise<Map<string, QuarantineSize>> {
  const { rows } = await connection.query<QuarantineSize & { source_id: string }>(
    'select source_id, entries, bytes, dropped from quarantine_size where source_id = any ($1::text[])',
    [sourceIds],
  );
  return new Map(rows.map(({ source_id, ...size }) => [source_id, size]));
}

/** Of every source that ever had something in quarantine. */
export async function allSizes(database: Database): Promise<Map<string, QuarantineSize>> {
  const { rows } = await database.query<QuarantineSize & { source_id: string }>('select source_id, entries, bytes, dropped from quarantine_size');
  return new Map(rows.map(({ source_id, ...size }) => [source_id, size]));
}

/** Drops, of one source, what has not come since `before`; answers how many rows went. */
export async function dropAged(database: Database, sourceId: string, before: number): Promise<number> {
  return database.transaction(async (connection) => {
    await lockSizes(connection, [sourceId]);
    const { rows } = await connection.query<{ n: number }>(
      `with gone as (delete from quarantine where source_id = $1 and last_received_at < $2 returning bytes),
       total as (select count(*) as n, coalesce(sum(bytes), 0) as bytes from gone)
       update quarantine_size s set entries = s.entries - total.n, bytes = s.bytes - total.bytes, dropped = s.dropped + total.n from total where s.source_id = $1 returning total.n as n`,
      [sourceId, instant(before)],
    );
    return rows[0]?.n ?? 0;
  });
}

/** Takes these rows out, for they are stored as readings or discarded; `deed` runs in the same transaction when any was there. Answers how many were there. */
export async function removeEntries(database: Database, target: { sourceId: string; ids: readonly number[] }, deed?: (connection: Connection) => Promise<void>): Promise<number> {
  return database.transaction(async (connection) => {
    await lockSizes(connection, [target.sourceId]);
    const { rows } = await connection.query<{ n: number }>(
      `with gone as (delete from quarantine where source_id = $1 and id = any ($2::bigint[]) returning bytes),
       total as (select count(*) as n, coalesce(sum(bytes), 0) as bytes from gone)
       update quarantine_size s set entries = s.entries - total.n, bytes = s.bytes - total.bytes from total where s.source_id = $1 returning total.n as n`,
      [target.sourceId, target.ids],
    );
    const removed = rows[0]?.n ?? 0;
    if (removed > 0) await deed?.(connection);
    return removed;
  });
}

/** New reasons of rows that stay. */
export async function updateReasons(database: Queryable, reasons: readonly { id: number; refusal: PieceRefusal }[]): Promise<void> {
  await database.query(
    'update quarantine q set code = u.code, path = u.path, message = u.message from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as u (id, code, path, message) where q.id = u.id',
    [
      reasons.map((r) => r.id),
      reasons.map((r) => r.refusal.code),
      reasons.map((r) => clean(r.refusal.path, MAX_MESSAGE)),
      reasons.map((r) => clean(r.refusal.message, MAX_MESSAGE)),
    ],
  );
}

export interface StoredEntry {
  id: number;
  received_at: number;
  last_received_at: number;
  times: number;
  code: ErrorCode;
  path: string;
  message: string;
  format: OriginalFormat;
  original: Buffer;
  is_cut: boolean;
  detail: Record<string, string>;
}

const COLUMNS = 'id, received_at, last_received_at, times, code, path, message, format, original, is_cut, detail';

/** Newest first; `before`: only ids below it. */
export async function selectEntries(database: Queryable, query: { sourceId: string; before: number | null; code: string | null; limit: number }): Promise<StoredEntry[]> {
  const { rows } = await database.query<StoredEntry>(
    `select ${COLUMNS} from quarantine where source_id = $1 and ($2::bigint is null or id < $2) and ($3::text is null or code = $3) order by id desc limit $4`,
    [query.sourceId, query.before, query.code, query.limit],
  );
  return rows;
}

/** For a replay: these rows, or those after `after`; oldest first. */
export async function selectForReplay(database: Queryable, query: { sourceId: string; ids: readonly number[] | null; after: number; limit: number }): Promise<StoredEntry[]> {
  const { rows } = await database.query<StoredEntry>(
    `select ${COLUMNS} from quarantine where source_id = $1 and ($2::bigint[] is null or id = any ($2)) and id > $3 order by id limit $4`,
    [query.sourceId, query.ids, query.after, query.limit],
  );
  return rows;
}
