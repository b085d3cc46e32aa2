/**
 * A server reduced to its database, run as a process of its own so that tests can kill it. `directory write` also commits numbered rows
 * on four connections; a number is printed only after its commit was answered, so what a test has read was acknowledged.
 * Speaks in lines of JSON: `{ready}`, `{stored}`, `{failed}`, `{log}`.
 */
import pg from 'pg';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../../server/db/embedded/launcher.ts';

const [, , directory = '', task = 'idle'] = process.argv;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const database = await startEmbeddedPostgres({ directory, log: (log) => say({ log }) });
  process.once('SIGTERM', () => void database.stop());
  say({ ready: { connection: database.connection, pid: database.pid } });
  if (task === 'write') await write(database.connection);
} catch (error) {
  say({ failed: error instanceof EmbeddedPostgresError ? error.code : 'unexpected', message: String(error) });
  process.exitCode = 1;
}

async function write(connection: object): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 4 });
  await pool.query('create table if not exists stored (number bigint primary key, filler text)');
  const { rows } = await pool.query<{ next: string }>('select coalesce(max(number), 0) + 1 as next from stored');
  let next = Number(rows[0]?.next);
  const writer = async (): Promise<void> => {
    for (;;) {
      const number = next++;
      await pool.query('insert into stored values ($1, repeat($2, 200))', [number, 'x']);
      say({ stored: number });
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
}
