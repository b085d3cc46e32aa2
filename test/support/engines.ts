/**
 * A migrated store on each engine, fresh for its caller. TimescaleDB runs inside the test's own process (a WASM build, one connection,
 * no COPY, no background workers), or on the server that TIMESCALE_URL names, in a database of its own that is dropped at the end.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { timescaledb } from '@electric-sql/pglite/timescaledb';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { detectEngine, openTimeSeries } from '../../server/db/engine.ts';
import { migrate } from '../../server/db/migrate.ts';
import { type ConnectionSettings, createDatabase, type Database } from '../../server/db/pool.ts';
import type { Engine, TimeSeries } from '../../server/db/time-series.ts';
import { ensureWatermarks } from '../../server/db/touched.ts';
import { createZone, type Zone } from '../../server/readings/zone.ts';

export interface TestEngine {
  engine: Engine;
  database: Database;
  timeSeries: TimeSeries;
  zone: Zone;
  close(): Promise<void>;
}

interface Place {
  settings: ConnectionSettings;
  /** Connections that the place can take. */
  max: number;
  canCopy: boolean;
  close(): Promise<void>;
}

export const engines: readonly Engine[] = ['postgresql', 'timescaledb'];

/** Readings older than this are compressed by the job; tests also compress by hand. */
export const COMPRESS_AFTER_MS = 14 * 86_400_000;

export async function openEngine(engine: Engine, { timeZone = 'Asia/Shanghai', now = Date.UTC(2026, 0, 1) }: { timeZone?: string; now?: number } = {}): Promise<TestEngine> {
  const place = await openPlace(engine);
  const database = createDatabase(place.settings, { max: place.max, onError: () => {}, namedStatements: place.max > 1 });
  const close = async (): Promise<void> => {
    await database.end();
    await place.close();
  };
  try {
    const found = await detectEngine(database, () => {});
    if (found !== engine) throw new Error(`this database is ${found}, not ${engine}`);
    await migrate(database, { engine, timeZone, now });
    await ensureWatermarks(database);
    const zone = createZone(timeZone);
    const timeSeries = openTimeSeries(database, engine, { timeZone, hasWholeHours: zone.hasWholeHours, compressAfterMs: COMPRESS_AFTER_MS, canCopy: place.canCopy });
    return { engine, database, timeSeries, zone, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openPlace(engine: Engine): Promise<Place> {
  if (engine === 'postgresql') return openEmbedded();
  const address = process.env['TIMESCALE_URL'];
  return address ? openOnServer(address) : openInProcess();
}

async function openEmbedded(): Promise<Place> {
  const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-engine-'));
  // As root the database runs under another account, which must be able to get here.
  chmodSync(home, 0o755);
  const postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  return {
    settings: postgres.connection,
    max: 8,
    canCopy: true,
    async close() {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function openInProcess(): Promise<Place> {
  const pglite = await PGlite.create({ extensions: { timescaledb } });
  // The socket does not pass on what a connection asks for at its start; there is one session only.
  await pglite.exec("set timezone = 'UTC'; set work_mem = '64MB'; set timescaledb.max_tuples_decompressed_per_dml_transaction = 0");
  const server = new PGLiteSocketServer({ db: pglite, host: '127.0.0.1', port: 0 });
  await server.start();
  const port = Number(server.getServerConn().split(':')[1]);
  return {
    settings: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' },
    max: 1,
    canCopy: false,
    async close() {
      await server.stop();
      await pglite.close();
    },
  };
}

async function openOnServer(address: string): Promise<Place> {
  const name = `city_vitals_test_${randomBytes(6).toString('hex')}`;
  const owner = createDatabase({ connectionString: address }, { max: 1, onError: () => {} });
  await owner.query(`create database ${name}`);
  const url = new URL(address);
  url.pathname = `/${name}`;
  return {
    settings: { connectionString: url.href },
    max: 8,
    canCopy: true,
    async close() {
      await owner.query(`drop database ${name} with (force)`);
      await owner.end();
    },
  };
}
