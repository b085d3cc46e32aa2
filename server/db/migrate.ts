/**
 * Numbered, final migrations. Each runs once, in order, in a transaction of its own, under a lock so that two servers that
 * start together do not migrate twice. A changed or vanished migration stops the start: it would mean a store nobody has tested.
 */
import { createHash } from 'node:crypto';
import { OperatorError } from '../contract/index.ts';
import { type Database, instant } from './pool.ts';
import type { Engine } from './time-series.ts';

const shared = import.meta.glob<string>('./migrations/*.sql', { query: '?raw', eager: true, import: 'default' });
const postgresql = import.meta.glob<string>('./migrations/postgresql/*.sql', { query: '?raw', eager: true, import: 'default' });
const timescaledb = import.meta.glob<string>('./migrations/timescaledb/*.sql', { query: '?raw', eager: true, import: 'default' });

interface Migration {
  number: number;
  name: string;
  sql: string;
}

/** Shared and engine migrations in one numbered order. */
function migrationsFor(engine: Engine): Migration[] {
  const files = { ...shared, ...(engine === 'postgresql' ? postgresql : timescaledb) };
  return Object.entries(files)
    .map(([path, sql]) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return { number: Number(name.slice(0, 4)), name, sql };
    })
    .sort((a, b) => a.number - b.number);
}

const hashOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex');

/** What a store of this version has run, in order. */
export function listMigrations(engine: Engine): { number: number; name: string; hash: string }[] {
  return migrationsFor(engine).map((migration) => ({ number: migration.number, name: migration.name, hash: hashOf(migration) }));
}

const MIGRATION_LOCK = 7_142_001;

/** The zone as a literal in SQL, where a parameter cannot stand: an IANA name holds none but these characters. */
function zoneLiteral(timeZone: string): string {
  if (!/^[\w+/-]+$/.test(timeZone)) throw new OperatorError(`${JSON.stringify(timeZone)} is not the name of a time zone.`);
  return `'${timeZone}'`;
}

/**
 * Brings the store up to date; returns the names of the migrations that ran now. `:time_zone` in a migration is the city's zone, which
 * is part of the store for good. `through`: the last number to run, for a store that is restored as an older version had it.
 */
export async function migrate(database: Database, options: { engine: Engine; timeZone: string; now: number; through?: number }): Promise<string[]> {
  const ran: string[] = [];
  await database.query('create table if not exists migration (number int primary key, name text not null, hash text not null, ran_at timestamptz not null)');
  for (const migration of migrationsFor(options.engine)) {
    if (migration.number > (options.through ?? Number.POSITIVE_INFINITY)) break;
    const hash = hashOf(migration);
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
      await connection.query(migration.sql.replaceAll(':time_zone', () => zoneLiteral(options.timeZone)));
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
