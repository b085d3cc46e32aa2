/** `npm run restore -- FILE`: a backup into the empty folder of an embedded store. */
import { systemClock } from '../clock.ts';
import { OperatorError } from '../contract/index.ts';
import { restoreBackup } from '../db/backup/restore.ts';
import { fileArgument, meantStore, runCommand } from './store-command.ts';

process.exitCode = await runCommand(
  async () => {
    const file = fileArgument(process.argv.slice(2), process.env, 'npm run restore -- FILE');
    const { databaseUrl, directory, city } = await meantStore(process.env);
    if (databaseUrl !== null)
      throw new OperatorError(
        'A backup is restored into the embedded store only: unset DATABASE_URL. Into a database of your own, restore with its own tools (pg_dump, pg_restore).',
      );
    const done = await restoreBackup({ file, directory, city, now: systemClock.now(), log: console.error });
    const later = done.migrated.length === 0 ? '' : ` and brought up to this version (${done.migrated.join(', ')})`;
    return `Restored ${done.rows} rows of ${done.tables} tables of ${city}, as of ${done.takenAt}, into ${done.directory}${later}.`;
  },
  { done: console.log, failed: console.error },
);
