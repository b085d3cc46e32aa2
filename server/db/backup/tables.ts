/**
 * What there is to carry, asked of the database itself when a backup begins: a table that a later migration adds is carried without a word
 * here. Only tables that hold transaction ids, which mean nothing in another cluster, are named (`remade.ts`).
 */
import pg from 'pg';
import type { Connection } from '../pool.ts';
import type { TableEntry } from './format.ts';

export interface Table extends TableEntry {
  /** Columns of the primary key, in its order; none: every column orders the rows. */
  key: string[];
  /** What holds the rows: the table itself, or its partitions, oldest first. `oid`s tell a partition from a later one of the same name. */
  parts: { name: string; oid: number }[];
  /** Other tables that its rows refer to. */
  refersTo: string[];
}

interface TableRow {
  name: string;
  columns: { name: string; type: string }[];
  key: string[];
  parts: { name: string; oid: number }[];
  is_partitioned: boolean;
  refers_to: string[];
}

/** Ordinary and partitioned tables of the schema `public`, in an order in which no row refers to a later table. */
export async function listTables(connection: Connection): Promise<Table[]> {
  const { rows } = await connection.query<TableRow>(`
    select c.relname as name, c.relkind = 'p' as is_partitioned,
      (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce((select json_agg(a.attname order by k.n) from pg_index i
        cross join lateral unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality as k (attnum, n)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary), '[]') as key,
      case when c.relkind = 'p'
        then coalesce((select json_agg(json_build_object('name', p.relname, 'oid', p.oid::int8) order by p.relname)
          from pg_partition_tree(c.oid) t join pg_class p on p.oid = t.relid where t.isleaf and p.oid <> c.oid), '[]')
        else json_build_array(json_build_object('name', c.relname, 'oid', c.oid::int8)) end as parts,
      coalesce((select json_agg(distinct r.relname) from pg_constraint f join pg_class r on r.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '[]') as refers_to
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`);
  return inOrderOfReference(
    rows.map((row) => ({
      name: row.name,
      columns: row.columns.map(({ name, type }) => ({ name, type })),
      key: row.key,
      parts: row.parts,
      partitions: row.is_partitioned ? row.parts.map((part) => part.name) : null,
      refersTo: row.refers_to,
    })),
  );
}

function inOrderOfReference(tables: readonly Table[]): Table[] {
  const ordered: Table[] = [];
  let rest = [...tables];
  while (rest.length > 0) {
    const waiting = new Set(rest.map((table) => table.name));
    const free = rest.filter((table) => !table.refersTo.some((name) => waiting.has(name)));
    // Tables that refer to each other in a circle come last; their keys must then be deferrable.
    const next = free.length > 0 ? free : rest;
    ordered.push(...next);
    rest = rest.filter((table) => !next.includes(table));
  }
  return ordered;
}

/** The last number of each sequence of the schema; numbers are drawn outside of any snapshot, so ask after the rows were read. */
export async function listSequences(connection: Connection): Promise<{ name: string; last: number | null }[]> {
  const { rows } = await connection.query<{ name: string; last: number | null }>(
    "select sequencename as name, last_value as last from pg_sequences where schemaname = 'public' order by sequencename",
  );
  return rows;
}

export function columnList(columns: readonly { name: string }[]): string {
  return columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
}

/** The statement that sends the rows of one part out as text, in the order of the key, the same in every database. */
export function copyOutStatement(table: Pick<Table, 'columns' | 'key'>, part: string): string {
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  const order = (table.key.length > 0 ? table.key : table.columns.map(({ name }) => name)).map((name) =>
    isText(types.get(name)) ? `${pg.escapeIdentifier(name)} collate "C"` : pg.escapeIdentifier(name),
  );
  return `copy (select ${columnList(table.columns)} from only ${pg.escapeIdentifier(part)} order by ${order.join(', ')}) to stdout`;
}

/** Texts sort by the database's rules unless told otherwise. */
function isText(type: string | undefined): boolean {
  return type === 'text' || type?.startsWith('character') === true || type === 'name';
}
