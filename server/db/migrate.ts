/**
 * Numbered, final migrations. Each runs once, in order, in a transaction of its own, under a lock so that two servers that
 * start together do not migrate twice. A changed or vanished migration stops the start: it would mean a store nobody has tested.
 */
import { createHash } from 'node:crypto';
import { OperatorError } from '../contract/index.ts';
import { type Database, instant } from './pool.ts';

export type Engine = 'postgresql' | 'timescaledb';

const shared = import.meta.glob<string>('./migrations/*.sql', { query: '?raw', eager: true, import: 'default' });
const postgresql = import.meta.glob<string>('./migrations/postgresql/*.sql', { query: '?raw', eager: true, import: 'default' });

interface Migration {
  number: number;
  name: string;
  sql: string;
}

/** Shared and engine migrations in one numbered order. */
function migrationsFor(engine: Engine): Migration[] {
  const files = engine === 'postgresql' ? { ...shared, ...postgresql } : shared;
  return Object.entries(files)
    .map(([path, sql]) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return { number: Number(name.slice(0, 4)), name, sql };
    })
    .sort((a, b) => a.number - b.number);
}

const MIGRATION_LOCK = 7_142_001;

/** Brings the store up to date; returns the names of the migrations that ran now. */
export async function migrate(database: Database, options: { engine: Engine; now: number }): Promise<string[]> {
  const ran: string[] = [];
  await database.query('create table if not exists migration (number int primary key, name text not null, hash text not null, ran_at timestamptz not null)');
  for (const migration of migrationsFor(options.engine)) {
    const hash = createHash('sha256').update(migration.sql).digest('hex');
    const isNew = await database.transaction(async (connection) => {
      await connection.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const { rows } = await connection.query<{ name: string; hash: string }>('select name, hash from migration where number = $1', [migration.number]);
      const known = rows[0];
      if (known !== undefined) {
        if (known.hash !== hash)
          throw new OperatorError(
            `Migration ${migration.name} differs from the one this store was made with (${known.name}). Use the version of City Vitals that made it, or restore a backup.`,
          );
        return false;
      }
      await connection.query(migration.sql);
      await connection.query('insert into migration (number, name, hash, ran_at) values ($1, $2, $3, $4)', [migration.number, migration.name, hash, instant(options.now)]);
      return true;
    });
    if (isNew) ran.push(migration.name);
  }
  const newest = Math.max(...migrationsFor(options.engine).map((m) => m.number));
  const { rows } = await database.query<{ name: string }>('select name from migration where number > $1 order by number limit 1', [newest]);
  if (rows[0] !== undefined) throw new OperatorError(`This store was made by a newer version of City Vitals (it has migration ${rows[0].name}). Start that version.`);
  return ran;
}
