/** Which engine a store stands on: found out, never configured. A store keeps the engine that it was made with. */
import { OperatorError } from '../contract/index.ts';
import type { Database } from './pool.ts';
import { openPostgresqlTimeSeries } from './postgresql/time-series.ts';
import type { Engine, TimeSeries, TimeSeriesOptions } from './time-series.ts';
import { openTimescaledbTimeSeries } from './timescaledb/time-series.ts';

/** The oldest TimescaleDB on which the tests have run. */
const LEAST_VERSION = [2, 23] as const;

/**
 * TimescaleDB where the database offers it, else plain PostgreSQL. `log` is told why.
 * @throws OperatorError when the store was made with TimescaleDB and the extension is gone or cannot be used.
 */
export async function detectEngine(database: Database, log: (message: string) => void): Promise<Engine> {
  const { rows } = await database.query<{ kind: string | null; offered: boolean }>(
    `select (select relkind from pg_class where oid = to_regclass('reading')) as kind,
       exists (select from pg_available_extensions where name = 'timescaledb') as offered`,
  );
  const { kind, offered } = rows[0] ?? { kind: null, offered: false };
  const refuse = (reason: string): Engine => {
    if (kind !== null) throw new OperatorError(`This store was made with TimescaleDB, which cannot be used: ${reason}`);
    log(`The database offers TimescaleDB, which cannot be used (${reason}); the store will be plain PostgreSQL.`);
    return 'postgresql';
  };
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
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  const { rows: found } = await database.query<{ version: string; license: string | null }>(
    "select extversion as version, current_setting('timescaledb.license', true) as license from pg_extension where extname = 'timescaledb'",
  );
  const { version = '0', license = null } = found[0] ?? {};
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1])) return refuse(`version ${version} is older than ${LEAST_VERSION.join('.')}`);
  // Compression and aggregates of aggregates belong to its community edition.
  if (license === 'apache') return refuse('its Apache edition lacks what is needed; the community edition has it');
  return 'timescaledb';
}

export function openTimeSeries(database: Database, engine: Engine, options: TimeSeriesOptions): TimeSeries {
  return engine === 'postgresql' ? openPostgresqlTimeSeries(database, options) : openTimescaledbTimeSeries(database, options);
}
