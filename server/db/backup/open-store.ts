/**
 * The way of a command to the store: an external database by its address; the embedded one through its socket while a server runs it,
 * else started for as long as the command needs it. A server's database is never stopped or started anew, and none is made.
 */
import fs from 'node:fs';
import { OperatorError } from '../../contract/index.ts';
import { superuser } from '../embedded/cluster.ts';
import { openHome } from '../embedded/home.ts';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../embedded/launcher.ts';
import { waitUntil } from '../embedded/poll.ts';
import { readPidFile } from '../embedded/postmaster.ts';
import type { ConnectionSettings } from '../pool.ts';

export interface ReachedStore {
  settings: ConnectionSettings;
  stop(): Promise<void>;
}

/** A server that has just begun to start holds the folder before its database takes connections. */
const READY_WITHIN_MS = 30_000;

/** @throws OperatorError when there is no store; EmbeddedPostgresError when it cannot be started. */
export async function reachStore(options: { databaseUrl: string | null; directory: string; log(message: string): void }): Promise<ReachedStore> {
  const { databaseUrl, directory, log } = options;
  if (databaseUrl !== null) return { settings: { connectionString: databaseUrl }, stop: () => Promise.resolve() };
  const noStore = new OperatorError(`There is no store in ${directory}. Set DATA_DIR and CONFIG_DIR (or DATABASE_URL) as the server has them.`);
  if (!fs.existsSync(directory)) throw noStore;
  const home = await openHome(directory, log);
  if (!fs.existsSync(home.data)) throw noStore;
  try {
    const postgres = await startEmbeddedPostgres({ directory, log });
    return { settings: postgres.connection, stop: postgres.stop };
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError) || error.code !== 'already_in_use') throw error;
    return { settings: await settingsOfRunning(home.data, error), stop: () => Promise.resolve() };
  }
}

/** PostgreSQL writes down where it listens: port and socket folder are the fourth and fifth line, its state the eighth. */
async function settingsOfRunning(data: string, inUse: Error): Promise<ConnectionSettings> {
  const lines = (): string[] => readPidFile(data) ?? [];
  if (!(await waitUntil(() => (lines()[7] ?? '').startsWith('ready'), { withinMs: READY_WITHIN_MS }))) throw inUse;
  const [, , , port = '', folder = ''] = lines();
  return { host: folder === '' ? '127.0.0.1' : folder, port: Number(port), user: superuser, database: 'postgres' };
}
