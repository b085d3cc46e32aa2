/**
 * Tables that hold transaction ids. Those count the transactions of one cluster and mean nothing in another, so the rows are made anew: the
 * log of touched ranges in its old order under fresh ids, and the followers' watermarks at its beginning, so that each looks once more at
 * all that was in the log. That changes nothing that stands: rollups are recomputed, and nothing is judged twice. An hour's mark is the id
 * of the transaction that dirtied it; it becomes 0, which is the id of none, so that it never passes for that of a later change.
 */
import pg from 'pg';
import type { Connection } from '../pool.ts';
import type { TableEntry } from './format.ts';
import { columnList } from './tables.ts';

const remade: Readonly<Record<string, { madeAnew: readonly string[]; insert(target: string, staged: string, columns: string): string }>> = {
  touched: {
    madeAnew: ['id', 'transaction_id'],
    insert: (target, staged, columns) => `insert into ${target} (${columns}) select ${columns} from ${staged} order by transaction_id, id`,
  },
  watermark: {
    madeAnew: ['transaction_id', 'touched_id'],
    insert: (target, staged, columns) => `insert into ${target} (${columns}, transaction_id, touched_id) select ${columns}, '0', 0 from ${staged}`,
  },
  dirty_hour: {
    madeAnew: ['mark'],
    insert: (target, staged, columns) => `insert into ${target} (${columns}, mark) select ${columns}, 0 from ${staged}`,
  },
};

export function isRemade(table: string): boolean {
  return Object.hasOwn(remade, table);
}

const stagedName = (table: string): string => pg.escapeIdentifier(`staged_${table}`);

/** A place for the rows as they were, gone at the end of the transaction; its name, quoted. */
export async function stage(connection: Connection, table: string): Promise<string> {
  await connection.query(`create temp table ${stagedName(table)} (like ${pg.escapeIdentifier(table)}) on commit drop`);
  return stagedName(table);
}

/** Puts the staged rows into their table. The sequences must stand already, so that numbers go on after the old ones. */
export async function remake(connection: Connection, table: TableEntry): Promise<void> {
  const rule = remade[table.name];
  if (rule === undefined) return;
  const kept = table.columns.filter(({ name }) => !rule.madeAnew.includes(name));
  await connection.query(rule.insert(pg.escapeIdentifier(table.name), stagedName(table.name), columnList(kept)));
}

/** @throws Error when a table holds transaction ids and nobody has said here what they become in another cluster. */
export function refuseUnknownTransactionIds(tables: readonly TableEntry[]): void {
  for (const { name, columns } of tables) {
    const column = columns.find(({ type }) => type === 'xid8' || type === 'xid');
    if (column !== undefined && !isRemade(name))
      throw new Error(`${name}.${column.name} holds transaction ids, which a backup cannot carry: say in remade.ts what becomes of them.`);
  }
}
