/** Which engine a store stands on: found out, never configured. A store keeps the engine that it was made with. */
import { OperatorError } from '../contract/index.ts';
import type { Database } from './pool.ts';
import { openPostgresqlTimeSeries } from './postgresql/time-series.ts';
import type { Engine, TimeSeries, TimeSeriesOptions } from './time-series.ts';
import { openTimescaledbTimeSeries } from './timescaledb/time-series.ts';

/**
 * TimescaleDB where the database offers it, else plain PostgreSQL. `log` is told why.
 * @throws OperatorError when the store was made with TimescaleDB and the extension is gone.
 */
export async function detectEngine(database: Database, log: (message: string) => void): Promise<Engine> {
  const { rows } = await database.query<{ kind: string | null; offered: boolean }>(
    `select (select relkind from pg_class where oid = to_regclass('reading')) as kind,
       exists (select from pg_available_extensions where name = 'timescaledb') as offered`,
  );
  const { kind, offered } = rows[0] ?? { kind: null, offered: false };
  if (kind === 'p') {
    if (offered) log('The store stays on plain PostgreSQL, with which it was made, though the database offers TimescaleDB.');
    return 'postgresql';
  }
  if (!offered) {
    if (kind !== null) throw new OperatorError('This store was made with TimescaleDB, which the database no longer offers. Install the extension again.');
    return 'postgresql';
  }
  try {
    await database.query('create extension if not exists timescaledb');
    return 'timescaledb';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (kind !== null) throw new OperatorError(`This store was made with TimescaleDB, which does not load: ${reason}`);
    log(`The database offers TimescaleDB but does not let it be used (${reason}); the store will be plain PostgreSQL.`);
    return 'postgresql';
  }
}

export function openTimeSeries(database: Database, engine: Engine, options: TimeSeriesOptions): TimeSeries {
  return engine === 'postgresql' ? openPostgresqlTimeSeries(database, options) : openTimescaledbTimeSeries(database, options);
}
