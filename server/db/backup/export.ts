/**
 * The store, as it is at one instant, into a file; the server goes on meanwhile. One read-only transaction sees one snapshot, so that a
 * reading, its log of touched ranges, an alert and its journal are in the file together or not at all.
 *
 * Each part's lock is given back as soon as its rows are out: a new month can be made and an old one dropped while the rest is copied.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { OperatorError } from '../../contract/index.ts';
import type { Connection, Database } from '../pool.ts';
import { type ArchiveWriter, createArchive } from './archive.ts';
import { copyOut, prepareToMoveTables } from './copy.ts';
import { CHECKSUMS, chunkName, FORMAT_VERSION, MANIFEST, type Manifest, sha256, type TableSum, toMember } from './format.ts';
import { refuseUnknownTransactionIds } from './remade.ts';
import { copyOutStatement, listSequences, listTables, type Table } from './tables.ts';

export interface BackupOptions {
  /** With room for two connections. */
  database: Database;
  file: string;
  /** Version of the product. */
  version: string;
  /** Epoch ms. */
  now: number;
  /** Ends it early: nothing is left behind. */
  signal?: AbortSignal | undefined;
}

export interface BackupDone {
  file: string;
  bytes: number;
  city: string;
  tables: number;
  rows: number;
}

/** Bounds the memory and makes members that tools open with ease. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** @throws OperatorError when the store cannot be carried this way, the file is there already, or old readings were dropped meanwhile; what `signal` gives. */
export function writeBackup(options: BackupOptions): Promise<BackupDone> {
  // All of it lies in the transaction's work, which may be run again.
  return options.database.transaction(async (connection) => {
    await connection.query('set transaction isolation level repeatable read, read only');
    await prepareToMoveTables(connection);
    const tables = await listTables(connection);
    refuseUnknownTransactionIds(tables);
    const manifest = toManifest(await readStore(connection), tables, options);
    const archive = await createArchive(options.file);
    try {
      const bytes = toMember(manifest);
      await archive.add({ name: MANIFEST, bytes });
      const sums: TableSum[] = [];
      for (const table of tables) sums.push(await exportTable({ ...options, connection, archive }, table));
      await archive.add({ name: CHECKSUMS, bytes: toMember({ manifest: sha256(bytes), tables: sums, sequences: await listSequences(connection) }) });
      options.signal?.throwIfAborted();
      const size = await archive.finish();
      return { file: options.file, bytes: size, city: manifest.city, tables: tables.length, rows: sums.reduce((sum, table) => sum + table.rows, 0) };
    } catch (error) {
      await archive.discard();
      throw error;
    }
  });
}

interface StoreFacts {
  city: string;
  timeZone: string;
  migrations: Manifest['migrations'];
}

/** @throws OperatorError on TimescaleDB, and where there is no store. */
async function readStore(connection: Connection): Promise<StoreFacts> {
  const { rows: found } = await connection.query<{ kind: string | null; has_store: boolean }>(
    "select (select relkind from pg_class where oid = to_regclass('public.reading')) as kind, to_regclass('public.store') is not null as has_store",
  );
  const { kind = null, has_store: hasStore = false } = found[0] ?? {};
  if (!hasStore || kind === null) throw new OperatorError('There is no store of City Vitals in this database yet: start the server once.');
  if (kind !== 'p') throw onTimescaledb();
  const { rows } = await connection.query<{ city_id: string; time_zone: string }>('select city_id, time_zone from store');
  const store = rows[0];
  if (store === undefined) throw new OperatorError('The store belongs to no city yet: start the server once.');
  const { rows: migrations } = await connection.query<Manifest['migrations'][number]>('select number, name, hash from migration order by number');
  return { city: store.city_id, timeZone: store.time_zone, migrations };
}

function onTimescaledb(): OperatorError {
  return new OperatorError(
    'This store is on TimescaleDB, whose compressed chunks and continuous aggregates only the database’s own tools can carry. ' +
      'Back it up with pg_dump --format=custom, and restore with pg_restore between timescaledb_pre_restore() and timescaledb_post_restore().',
  );
}

/** @throws OperatorError when the store can only be backed up by the database's own tools. */
export async function requireBackupPossible(database: Database): Promise<void> {
  await database.transaction(readStore);
}

function toManifest({ city, timeZone, migrations }: StoreFacts, tables: readonly Table[], { version, now }: BackupOptions): Manifest {
  return {
    format: FORMAT_VERSION,
    version,
    city,
    timeZone,
    engine: 'postgresql',
    takenAt: new Date(now).toISOString(),
    migrations,
    tables: tables.map(({ name, columns, partitions }) => ({ name, columns, partitions })),
  };
}

async function exportTable(context: BackupOptions & { connection: Connection; archive: ArchiveWriter }, table: Table): Promise<TableSum> {
  const { archive } = context;
  const hash = createHash('sha256');
  let bytes = 0;
  let chunks = 0;
  const chunker = createChunker(async (chunk) => {
    hash.update(chunk);
    bytes += chunk.length;
    await archive.add({ name: chunkName(table.name, ++chunks), bytes: chunk });
  });
  let rows = 0;
  for (const part of table.parts) {
    rows += await exportPart({ ...context, table }, part, chunker.push);
    await chunker.flush();
  }
  return { name: table.name, rows, bytes, sha256: hash.digest('hex') };
}

async function exportPart(
  context: BackupOptions & { connection: Connection; table: Table },
  part: Table['parts'][number],
  take: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  const { connection, table } = context;
  const name = pg.escapeIdentifier(part.name);
  await connection.query('savepoint part');
  try {
    await connection.query(`lock table only ${name} in access share mode`);
    const { rows } = await connection.query<{ is_same: boolean }>('select to_regclass($1)::oid = $2::oid as is_same', [name, part.oid]);
    if (rows[0]?.is_same !== true) throw droppedMeanwhile(part.name);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === '42P01' ? droppedMeanwhile(part.name) : error;
  }
  const count = await copyOut(context, copyOutStatement(table, part.name), take);
  await connection.query('rollback to savepoint part');
  return count;
}

/** What it held may have been preserved elsewhere, where the snapshot does not see it: the file would lack it. */
function droppedMeanwhile(name: string): OperatorError {
  return new OperatorError(`The oldest readings (${name}) were dropped while the backup ran. Nothing was written: run it again.`);
}

export interface Chunker {
  push(bytes: Buffer): Promise<void>;
  flush(): Promise<void>;
}

/** Gathers COPY text into chunks of whole rows. A row ends in a line feed, and there is no other: within values they are escaped. */
export function createChunker(give: (chunk: Buffer) => Promise<void>, limit = CHUNK_BYTES): Chunker {
  let parts: Buffer[] = [];
  let size = 0;
  return {
    async push(bytes) {
      parts.push(bytes);
      size += bytes.length;
      if (size < limit) return;
      const end = bytes.lastIndexOf(0x0a) + 1;
      if (end === 0) return;
      const chunk = Buffer.concat([...parts.slice(0, -1), bytes.subarray(0, end)]);
      parts = end === bytes.length ? [] : [bytes.subarray(end)];
      size = bytes.length - end;
      await give(chunk);
    },
    async flush() {
      if (size === 0) return;
      const chunk = Buffer.concat(parts);
      parts = [];
      size = 0;
      await give(chunk);
    },
  };
}
