/** `npm run backup -- FILE`: the store into a file, while the server runs or not. */
import packageJson from '../../package.json' with { type: 'json' };
import { systemClock } from '../clock.ts';
import { OperatorError } from '../contract/index.ts';
import { writeBackup } from '../db/backup/export.ts';
import { reachStore } from '../db/backup/open-store.ts';
import { createDatabase } from '../db/pool.ts';
import { fileArgument, meantStore, runCommand } from './store-command.ts';

const log = (message: string): void => console.error(message);
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort(new OperatorError('The backup was ended early; nothing was written.')));

process.exitCode = await runCommand(
  async () => {
    const file = fileArgument(process.argv.slice(2), process.env, 'npm run backup -- FILE');
    const { databaseUrl, directory } = await meantStore(process.env);
    const store = await reachStore({ databaseUrl, directory, log });
    try {
      const database = createDatabase(store.settings, { max: 2, onError: (error) => log(`a connection to the store was lost: ${error.message}`) });
      try {
        const done = await writeBackup({ database, file, version: packageJson.version, now: systemClock.now(), signal: ending.signal });
        return `Backed up ${done.rows} rows of ${done.tables} tables of ${done.city} to ${done.file} (${done.bytes} bytes).`;
      } finally {
        await database.end();
      }
    } finally {
      await store.stop();
    }
  },
  { done: console.log, failed: console.error },
);
