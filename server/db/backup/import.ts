/**
 * The rows of a verified backup into a store that was just made by the same migrations, in one transaction, and then the proof: what is read
 * back has the counts and the checksums of what was written.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { OperatorError } from '../../contract/index.ts';
import type { Connection, Database } from '../pool.ts';
import { createPartitions, type Partitioned } from '../postgresql/partitions.ts';
import { readArchive } from './archive.ts';
import { type CopyIn, copyIn, copyOut, prepareToMoveTables } from './copy.ts';
import { type Checksums, parseChunkName, type TableEntry } from './format.ts';
import { isRemade, remake, stage } from './remade.ts';
import { columnList, copyOutStatement, listTables, type Table } from './tables.ts';
import type { Verified } from './verify.ts';

/**
 * @throws OperatorError when a table of the backup has another shape here. `log` is told of tables that are not City Vitals' own and stay out.
 */
export async function importBackup(database: Database, file: string, { verified, log }: { verified: Verified; log(message: string): void }): Promise<void> {
  const { manifest, checksums } = verified;
  const here = new Map((await database.transaction(listTables)).map((table) => [table.name, table]));
  const carried = manifest.tables.filter(({ name }) => here.has(name));
  for (const { name } of manifest.tables) if (!here.has(name)) log(`The backup also holds the table ${name}, which is none of City Vitals' own; it stays out.`);
  for (const name of here.keys()) if (!carried.some((table) => table.name === name)) throw new OperatorError(`${file} lacks the table ${name}; it cannot be restored.`);
  for (const table of carried) await makeRoom(database, { file, table, here: here.get(table.name) as Table });
  await database.transaction(async (connection) => {
    await prepareToMoveTables(connection);
    // What the migrations themselves put in is in the backup too, as it was there.
    for (const { name } of [...carried].reverse()) await connection.query(`delete from ${pg.escapeIdentifier(name)}`);
    const counts = await copyAll(connection, file, new Map(carried.map((table) => [table.name, table])));
    for (const { name, rows } of checksums.tables) if (here.has(name) && (counts.get(name) ?? 0) !== rows) throw notTheSame(name);
    await setSequences(connection, checksums);
    for (const table of carried) await remake(connection, table);
    await connection.query('analyze');
  });
  await prove(database, checksums);
}

/** The months that the backup has rows of; everything else that the rows need was made by the migrations. */
async function makeRoom(database: Database, { file, table, here }: { file: string; table: TableEntry; here: Table }): Promise<void> {
  const shape = ({ columns }: TableEntry): string => columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  if (shape(table) !== shape(here) || (table.partitions === null) !== (here.partitions === null))
    throw new OperatorError(`${file} cannot be restored: its table ${table.name} (${shape(table)}) is here (${shape(here)}).`);
  const months = (table.partitions ?? []).map((name) => {
    const match = name.startsWith(table.name) ? /^_(\d{4})_(\d\d)$/.exec(name.slice(table.name.length)) : null;
    if (match === null) throw new OperatorError(`${file} cannot be restored: ${name} is no month of ${table.name}.`);
    return Date.UTC(Number(match[1]), Number(match[2]) - 1);
  });
  // The name is that of a partitioned table of this version's own migrations, and those are partitioned by month.
  if (months.length > 0) await createPartitions(database, table.name as Partitioned).ensure(months);
}

/** All rows, in the order of the file; rows of each table. */
async function copyAll(connection: Connection, file: string, tables: ReadonlyMap<string, TableEntry>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let open: { name: string; into: CopyIn } | null = null;
  for await (const member of readArchive(file)) {
    const name = parseChunkName(member.name)?.table ?? '';
    if (open !== null && open.name !== name) {
      counts.set(open.name, await open.into.finish());
      open = null;
    }
    const table = tables.get(name);
    if (table === undefined) continue;
    open ??= { name, into: await begin(connection, table) };
    await open.into.write(member.bytes);
  }
  if (open !== null) counts.set(open.name, await open.into.finish());
  // A remade table without rows is staged too, so that `remake` finds what it asks for.
  for (const name of tables.keys()) if (isRemade(name) && !counts.has(name)) await stage(connection, name);
  return counts;
}

async function begin(connection: Connection, table: TableEntry): Promise<CopyIn> {
  const target = isRemade(table.name) ? await stage(connection, table.name) : pg.escapeIdentifier(table.name);
  return copyIn(connection, `copy ${target} (${columnList(table.columns)}) from stdin`);
}

/** Numbers go on where the store had come to: none is given out twice, also where the newest row is gone. */
async function setSequences(connection: Connection, { sequences }: Checksums): Promise<void> {
  const { rows } = await connection.query<{ name: string; relation: string; attribute: string }>(`
    select s.relname as name, t.relname as relation, a.attname as attribute from pg_depend d
    join pg_class s on s.oid = d.objid and s.relkind = 'S' and s.relnamespace = 'public'::regnamespace
    join pg_class t on t.oid = d.refobjid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')`);
  const last = new Map(sequences.map((sequence) => [sequence.name, sequence.last]));
  for (const { name, relation, attribute } of rows) {
    await connection.query(
      `select setval($1::regclass, top) from (select greatest($2::int8, max(${pg.escapeIdentifier(attribute)})) as top from ${pg.escapeIdentifier(relation)}) newest where top is not null`,
      [pg.escapeIdentifier(name), last.get(name) ?? null],
    );
  }
}

/** Reads everything back. Of the remade tables only the number of rows can be the same. */
async function prove(database: Database, checksums: Checksums): Promise<void> {
  await database.transaction(async (connection) => {
    await prepareToMoveTables(connection);
    const wanted = new Map(checksums.tables.map((table) => [table.name, table]));
    for (const table of await listTables(connection)) {
      const sum = wanted.get(table.name);
      const found = isRemade(table.name) ? await countRows(connection, table.name) : await sumOf({ database, connection }, table);
      if (found.rows !== sum?.rows || (found.sha256 !== null && found.sha256 !== sum.sha256)) throw notTheSame(table.name);
    }
  });
}

interface Found {
  rows: number;
  sha256: string | null;
}

async function countRows(connection: Connection, table: string): Promise<Found> {
  const { rows } = await connection.query<{ count: number }>(`select count(*) as count from ${pg.escapeIdentifier(table)}`);
  return { rows: rows[0]?.count ?? 0, sha256: null };
}

async function sumOf(context: { database: Database; connection: Connection }, table: Table): Promise<Found> {
  const hash = createHash('sha256');
  let rows = 0;
  for (const part of table.parts) {
    rows += await copyOut(context, copyOutStatement(table, part.name), async (bytes) => {
      hash.update(bytes);
    });
  }
  return { rows, sha256: hash.digest('hex') };
}

function notTheSame(table: string): OperatorError {
  return new OperatorError(`What was restored of ${table} is not what the backup holds. Nothing was kept: check the disk, and restore again.`);
}
