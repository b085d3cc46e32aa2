/**
 * The data directory: made once, whole, and refused when another major version wrote it. `initdb` works in a folder of its own beside
 * it, which takes the final name only when everything is on disk. So `data` is either absent or complete, whenever the power goes, and
 * nothing that ever held data is deleted here.
 */
import fs from 'node:fs';
import path from 'node:path';
import { giveTo, requireNamedUser } from './account.ts';
import type { Binaries } from './binaries.ts';
import { runCommand } from './command.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import type { Home } from './home.ts';

const incompletePrefix = 'init-incomplete-';

/** Where a restore makes its database, beside `data`, before it moves it there. */
export const restoringFolder = 'restoring';

/** The superuser's name; there is one in every database, whatever account runs it. */
export const superuser = 'postgres';

/** Text sorts by code point everywhere, so that an index stays right when the system's locales change. */
const initdbArguments = ['-U', superuser, '--auth=trust', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums'];

/** Makes the data directory if there is none. Throws `initdb_failed`, `other_major_version`, `directory_unusable`. */
export async function ensureCluster(home: Home, binaries: Binaries, options: { log: (message: string) => void; signal?: AbortSignal | undefined }): Promise<void> {
  removeIncomplete(home);
  const version = versionOf(home.data);
  if (version !== null) return refuseOtherMajor(home, version, binaries.major);
  refuseUnfinishedRestore(home);
  requireNamedUser(home.account);
  options.log(`creating the database in ${home.data}`);
  const unready = fs.mkdtempSync(path.join(home.root, incompletePrefix));
  giveTo(home.account, unready);
  const { ok, output } = await runCommand(binaries.initdb, ['-D', unready, ...initdbArguments], { account: home.account, cwd: home.root, signal: options.signal });
  if (!ok) {
    throw new EmbeddedPostgresError(
      'initdb_failed',
      `PostgreSQL could not create its database in ${home.root}: ${output}\nPut right what it names (often a full disk) and start again; nothing has to be removed.`,
    );
  }
  fs.renameSync(unready, home.data);
  syncDirectory(home.root);
}

/** The major version that wrote `data`, or null when there is no data directory. Throws `directory_unusable` on a folder of something else. */
function versionOf(data: string): string | null {
  try {
    return fs.readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  if (!fs.existsSync(data) || fs.readdirSync(data).length === 0) return null;
  throw new EmbeddedPostgresError(
    'directory_unusable',
    `${data} holds files but no PostgreSQL database (PG_VERSION is missing). Restore it from a backup, or move it away and start again with an empty database.`,
  );
}

function refuseOtherMajor(home: Home, version: string, major: string): void {
  if (version === major) return;
  throw new EmbeddedPostgresError(
    'other_major_version',
    `The database in ${home.data} was written by PostgreSQL ${version}, and this release runs PostgreSQL ${major}, which cannot read it. Nothing was changed. ` +
      `To migrate, either start the release that wrote it (or PostgreSQL ${version} itself on that directory), dump it with pg_dump, restore the dump into a PostgreSQL ${major} server and name that with DATABASE_URL; ` +
      `or make an empty database with initdb of PostgreSQL ${major} (initdb ${initdbArguments.join(' ')}), bring the data over with pg_upgrade, and put the result in place of ${home.data}.`,
  );
}

/** An empty database in the place of one that somebody was restoring would pass for it. */
function refuseUnfinishedRestore({ root }: Home): void {
  const aside = path.join(root, restoringFolder);
  if (!fs.existsSync(aside)) return;
  throw new EmbeddedPostgresError(
    'directory_unusable',
    `A restore into ${root} did not end, so there is no database. Run "npm run restore -- FILE" again, or remove ${aside} to begin with an empty database.`,
  );
}

/** Left by first starts that were cut short. A leftover `initdb` may still write into one; that one goes next time. */
function removeIncomplete(home: Home): void {
  for (const name of fs.readdirSync(home.root)) {
    if (!name.startsWith(incompletePrefix)) continue;
    try {
      fs.rmSync(path.join(home.root, name), { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      if (systemCode(error) !== 'ENOTEMPTY') throw error;
    }
  }
}

/** A rename is on disk only once its folder is. Windows opens no folders and needs none of it. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(directory, 'r');
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}
