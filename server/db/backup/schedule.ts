/**
 * Backups by themselves: one whenever the newest in the folder is older than the period, then the oldest beyond a number go. What is due
 * is read from the folder, so a restart neither skips nor repeats one. A failure is told, counted and tried again; the server goes on.
 */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { startFollower } from '../../follower.ts';
import type { Database } from '../pool.ts';
import { requireBackupPossible, writeBackup } from './export.ts';

export interface BackupScheduleDeps {
  database: Database;
  /** Made when missing; files of others in it are left alone. */
  directory: string;
  everyMs: number;
  /** How many files stay. */
  keep: number;
  city: string;
  /** Version of the product. */
  version: string;
  now(): number;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  log: { info(message: string): void; warn(message: string, error?: unknown): void };
}

export interface LastBackup {
  /** Epoch ms of the instant that the file holds. */
  at: number;
  file: string;
  bytes: number;
}

export interface Backups {
  /** The newest good file in the folder; null: none. */
  lastBackup(): LastBackup | null;
  /** Since the start. */
  failures(): number;
  /** Resolves when one that was due at the call has been made or has failed. */
  settled(): Promise<void>;
  /** Ends one under way, leaving nothing of it, and begins no other. */
  close(): Promise<void>;
}

/** It looks whether one is due; a clock that is moved, or a machine that slept, is noticed within this. */
const LOOK_MS = 30_000;
/** A folder that is full or away is not asked again and again. */
const RETRY_MS = 10 * 60_000;
/** No backup takes this long: what is half written since then was left by a kill. */
const ABANDONED_MS = 86_400_000;

/** @throws OperatorError when this store cannot be backed up this way. Never because of the folder: that is told as a failure. */
export async function startBackups(deps: BackupScheduleDeps): Promise<Backups> {
  const { now, everyMs, log } = deps;
  await requireBackupPossible(deps.database);
  const ending = new AbortController();
  let last = (await listBackups(deps).catch(() => [])).at(-1) ?? null;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;

  const work = async (): Promise<boolean> => {
    const at = now();
    // A file of the future is a clock that was set back: nothing is gained by waiting for it.
    const isDue = last === null || at >= last.at + everyMs || at < last.at;
    if (!isDue || (at < notBefore && notBefore <= at + RETRY_MS)) return false;
    try {
      last = await makeOne(deps, at, ending.signal);
      log.info(`backed up to ${last.file} (${last.bytes} bytes)`);
    } catch (error) {
      if (ending.signal.aborted) return false;
      failures++;
      notBefore = at + RETRY_MS;
      log.warn(`the backup into ${deps.directory} failed; it will be tried again in ${RETRY_MS / 60_000} minutes`, error);
    }
    return false;
  };
  const follower = startFollower({ work, setTimer: deps.setTimer, everyMs: LOOK_MS, failed: (error) => log.warn('the backups failed', error) });
  return {
    lastBackup: () => last,
    failures: () => failures,
    settled: () => follower.settled(),
    async close() {
      ending.abort(new Error('the server is ending'));
      await follower.close();
    },
  };
}

async function makeOne(deps: BackupScheduleDeps, at: number, signal: AbortSignal): Promise<LastBackup> {
  const { database, directory, version } = deps;
  await mkdir(directory, { recursive: true });
  await removeAbandoned(deps, at);
  const file = path.join(
    directory,
    `${deps.city}-${new Date(at)
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replace(/[-:]/g, '')}.tar.gz`,
  );
  const { bytes } = await writeBackup({ database, file, version, now: at, signal });
  await rotate(deps).catch((error: unknown) => deps.log.warn('the old backups could not be looked through', error));
  return { at, file, bytes };
}

/** Files of this schedule, oldest first: `<city>-20261124T100000Z.tar.gz`. */
async function listBackups({ directory, city }: BackupScheduleDeps): Promise<LastBackup[]> {
  const found: LastBackup[] = [];
  for (const name of await readdir(directory)) {
    const at = timeOf(name, city);
    if (at === null) continue;
    const file = path.join(directory, name);
    found.push({ at, file, bytes: (await stat(file)).size });
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The instant in the name of a file of this schedule, or null for any other file. */
function timeOf(name: string, city: string): number | null {
  if (!name.startsWith(`${city}-`)) return null;
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.gz$/.exec(name.slice(city.length + 1));
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** A file that cannot be removed today goes another time: the new backup is good all the same. */
async function rotate(deps: BackupScheduleDeps): Promise<void> {
  const files = await listBackups(deps);
  for (const { file } of files.slice(0, Math.max(0, files.length - deps.keep))) {
    await rm(file, { force: true }).catch((error: unknown) => deps.log.warn(`the old backup ${file} could not be removed`, error));
  }
}

async function removeAbandoned({ directory, city, log }: BackupScheduleDeps, now: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const begun = name.endsWith('.part') ? timeOf(name.slice(0, -'.part'.length), city) : null;
    if (begun === null || begun > now - ABANDONED_MS) continue;
    await rm(path.join(directory, name), { force: true });
    log.warn(`removed ${name} from ${directory}: a backup that was killed had left it`);
  }
}
