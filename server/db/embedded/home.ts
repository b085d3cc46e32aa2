/**
 * Where one embedded database keeps everything: its data, its socket, its log, the claims of servers on it, and a copy of the programs
 * when it needs one. Data and socket folders are open to the database's account alone.
 *
 * All of it lies in the directory the caller names, except in one case: root started the server below a folder that no other account may
 * enter (`/root`, a `mktemp -d`). PostgreSQL could then never reach its own data, so they get a folder of their own under `/var/lib`,
 * and a note in the caller's directory remembers which.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Account, chooseAccount, giveTo, giveTreeTo } from './account.ts';
import { runCommand } from './command.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';

export interface Home {
  /** Absolute and free of links, so that two spellings of one directory are one home. */
  readonly root: string;
  readonly account: Account | null;
  /** Exists only once it is a complete database. */
  readonly data: string;
  readonly sockets: string;
  readonly claims: string;
  readonly log: string;
}

const locationNote = 'database-location';
const sharedRoot = '/var/lib/city-vitals';
/** `sockaddr_un.sun_path` holds 108 bytes on Linux and 104 on macOS and the BSDs, the closing zero among them. */
const socketPathBytes = process.platform === 'linux' ? 107 : 103;
/** The port is only a part of the socket's name. */
export const socketPort = 5432;

/**
 * Makes (first start) or finds the home of `directory`. Throws `directory_unusable` and `no_unprivileged_account`.
 */
export async function openHome(directory: string, log: (message: string) => void): Promise<Home> {
  try {
    fs.mkdirSync(directory, { recursive: true });
    const recorded = recordedLocation(directory);
    const account = chooseAccount(path.join(recorded ?? directory, 'pg'));
    const root = fs.realpathSync(recorded ?? (await reachableRoot(directory, account, log)));
    const home = { root, account, data: path.join(root, 'pg'), sockets: socketDirectory(root), claims: path.join(root, 'claims'), log: path.join(root, 'pg.log') };
    for (const folder of [home.claims, home.sockets]) makePrivate(folder, account);
    if (account !== null && fs.existsSync(home.data) && fs.statSync(home.data).uid === 0) giveTreeTo(account, home.data);
    return home;
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(
      'directory_unusable',
      `The database directory ${directory} cannot be used (${reason}). Give the server a directory it may write to with DATA_DIR.`,
      { cause },
    );
  }
}

/** A name for `target` that fits where paths may not be long and is the same in every process. */
export function shortName(target: string): string {
  return `city-vitals-${createHash('sha256').update(target).digest('hex').slice(0, 16)}`;
}

/** Whether a unix socket called `name` in `directory` has a path the system accepts. */
export function fitsSocketPath(directory: string, name: string): boolean {
  return Buffer.byteLength(path.join(directory, name)) <= socketPathBytes;
}

/**
 * `/tmp` and not `os.tmpdir()`: that one follows TMPDIR and may be long or closed to the database's account, and two servers with
 * different settings must still meet at one place.
 */
function socketDirectory(root: string): string {
  const own = path.join(root, 's');
  return process.platform === 'win32' || fitsSocketPath(own, `.s.PGSQL.${socketPort}`) ? own : path.join('/tmp', shortName(root));
}

function makePrivate(folder: string, account: Account | null): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
    giveTo(account, folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
  const found = fs.lstatSync(folder);
  if (process.platform === 'win32') return;
  // A folder in /tmp may have been put there by anyone: a stranger's, or a link, would hand the database to its owner.
  const expectedUid = account?.uid ?? process.getuid?.();
  if (!found.isDirectory() || (found.uid !== expectedUid && found.uid !== process.getuid?.())) {
    throw new EmbeddedPostgresError('directory_unusable', `${folder} belongs to someone else (user ${found.uid}). Remove it, or give the server another directory with DATA_DIR.`);
  }
  giveTo(account, folder);
  fs.chmodSync(folder, 0o700);
}

function recordedLocation(directory: string): string | null {
  const note = path.join(directory, locationNote);
  if (!fs.existsSync(note)) return null;
  const location = fs.readFileSync(note, 'utf8').trim();
  if (fs.existsSync(location)) return location;
  throw new EmbeddedPostgresError(
    'directory_unusable',
    `${note} says that the database lives in ${location}, which is not there. Restore that folder from a backup, or remove ${note} to begin with an empty database.`,
  );
}

/** `directory` itself, or a new folder elsewhere when the account cannot enter it. */
async function reachableRoot(directory: string, account: Account | null, log: (message: string) => void): Promise<string> {
  if (account === null || (await canEnter(directory, account))) return directory;
  if (fs.existsSync(path.join(directory, 'pg'))) {
    throw new EmbeddedPostgresError(
      'directory_unusable',
      `The database in ${directory} belongs to ${account.name}, who can no longer enter that directory. Let that account pass through the folders above it (chmod o+x), or move the directory and name it with DATA_DIR.`,
    );
  }
  fs.mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
  const root = fs.mkdtempSync(path.join(sharedRoot, `${path.basename(directory)}-`));
  giveTo(account, root);
  try {
    fs.writeFileSync(path.join(directory, locationNote), `${root}\n`, { flag: 'wx', flush: true });
  } catch (error) {
    // Another server came to the same conclusion first; both must use one folder.
    if (systemCode(error) !== 'EEXIST') throw error;
    fs.rmdirSync(root);
    return recordedLocation(directory) ?? directory;
  }
  fs.writeFileSync(path.join(root, 'belongs-to'), `${path.resolve(directory)}\n`);
  log(`PostgreSQL does not run as root, and ${account.name} may not enter ${directory}: the database lives in ${root}`);
  return root;
}

async function canEnter(directory: string, account: Account): Promise<boolean> {
  const { ok } = await runCommand('/bin/sh', ['-c', 'cd -P -- "$1"', 'sh', path.resolve(directory)], { account, cwd: '/' });
  return ok;
}
