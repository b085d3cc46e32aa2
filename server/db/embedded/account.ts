/**
 * PostgreSQL refuses to run as root. A server started by root therefore runs its database under an unprivileged account, and everything
 * the database writes belongs to that account. A server started by an ordinary user runs it as that user.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedPostgresError, systemCode } from './errors.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Best first: made for this work, then made for having no rights at all. */
const preferredNames = ['postgres', '_postgres', 'nobody'];
/** Accounts of people start here on every common system; below are those of services, which may own files that matter. */
const firstPersonalUid = 1000;

/**
 * The account to drop to, or null to run as this process's own user. Data that exists keep their owner, so that `sudo npm start` after
 * `npm start` works. Throws `no_unprivileged_account`.
 */
export function chooseAccount(dataDirectory: string): Account | null {
  if (process.getuid === undefined || process.getuid() !== 0) return null;
  const known = knownAccounts();
  const owner = ownerOf(dataDirectory);
  if (owner !== null && owner.uid !== 0) return known.find((account) => account.uid === owner.uid) ?? { ...owner, name: `user ${owner.uid}` };
  const named = preferredNames.map((name) => known.find((account) => account.name === name)).find((account) => account !== undefined);
  const account = named ?? known.find(({ uid }) => uid >= firstPersonalUid);
  if (account !== undefined) return account;
  throw new EmbeddedPostgresError(
    'no_unprivileged_account',
    'PostgreSQL does not run as root, and this system has no other account to run it. Add one with "useradd --system postgres", start the server as an ordinary user, or set DATABASE_URL to a database of your own.',
  );
}

/**
 * `initdb` looks its own user up by number and fails without an entry, as in a container run with a bare user id.
 * Throws `no_unprivileged_account`.
 */
export function requireNamedUser(account: Account | null): void {
  if (account !== null || process.platform === 'win32') return;
  try {
    os.userInfo();
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'no_unprivileged_account',
      `The server runs as user ${process.getuid?.()}, which has no entry in /etc/passwd, and PostgreSQL cannot create a database without one. Add the entry, start the server as a user that has one, or set DATABASE_URL to a database of your own.`,
      { cause },
    );
  }
}

/** Hands `target` to the account; a link itself, never what it points to. */
export function giveTo(account: Account | null, target: string): void {
  if (account !== null) fs.lchownSync(target, account.uid, account.gid);
}

/** Hands over a whole folder, as after a backup that root put back. */
export function giveTreeTo(account: Account | null, directory: string): void {
  if (account === null) return;
  giveTo(account, directory);
  for (const entry of fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })) giveTo(account, path.join(directory, entry));
}

function ownerOf(target: string): { uid: number; gid: number } | null {
  try {
    const { uid, gid } = fs.statSync(target);
    return { uid, gid };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function knownAccounts(): Account[] {
  let table = '';
  try {
    table = fs.readFileSync('/etc/passwd', 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  const accounts = table.split('\n').map((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid) };
  });
  return accounts.filter(({ name, uid, gid }) => name !== '' && Number.isInteger(uid) && uid > 0 && Number.isInteger(gid));
}
