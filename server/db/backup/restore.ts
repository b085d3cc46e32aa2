/**
 * A backup into an empty store folder. The store is made aside, in `restoring/` of that folder, and takes its place by one rename when it is
 * whole and proved; the folder is claimed meanwhile, so that no server starts on it. A killed restore therefore leaves no store, and the
 * `restoring/` it leaves makes the server refuse the folder (embedded/cluster.ts) instead of beginning an empty one.
 */
import fs from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../../contract/index.ts';
import { claimHome } from '../embedded/claim.ts';
import { restoringFolder } from '../embedded/cluster.ts';
import { type Home, openHome } from '../embedded/home.ts';
import { startEmbeddedPostgres } from '../embedded/launcher.ts';
import { listMigrations, migrate } from '../migrate.ts';
import { createDatabase } from '../pool.ts';
import { syncFolder } from './archive.ts';
import type { Manifest } from './format.ts';
import { importBackup } from './import.ts';
import { type Verified, verifyBackup } from './verify.ts';

export interface RestoreOptions {
  file: string;
  /** The store's folder: `DATA_DIR/<city>`. */
  directory: string;
  /** Whose store the folder is for. */
  city: string;
  /** Epoch ms. */
  now: number;
  /** Told of each step that takes time. */
  log(message: string): void;
}

export interface RestoreDone {
  directory: string;
  takenAt: string;
  tables: number;
  rows: number;
  /** Names of later migrations that were run on what was restored. */
  migrated: string[];
}

/** @throws OperatorError, and EmbeddedPostgresError, that say what is wrong; the folder then holds no store, as before. */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreDone> {
  const { file, directory, city, log } = options;
  refuseUsed(directory);
  log(`checking ${file}`);
  const verified = await verifyBackup(file);
  const { manifest, checksums } = verified;
  if (manifest.city !== city)
    throw new OperatorError(`${file} is a backup of the city "${manifest.city}", not of "${city}". Set CONFIG_DIR to that city's folder, or name another backup.`);
  requireKnownMigrations(file, manifest);
  const home = await openHome(directory, log);
  const claim = await claimHome(home);
  try {
    if (fs.existsSync(home.data)) throw notEmpty(home.root, ['pg']);
    const aside = path.join(home.root, restoringFolder);
    await removeFormer(aside, log);
    const migrated = await makeAside(aside, verified, options);
    await takePlace(home, aside);
    return { directory: home.root, takenAt: manifest.takenAt, tables: manifest.tables.length, rows: checksums.tables.reduce((sum, table) => sum + table.rows, 0), migrated };
  } finally {
    await claim.release();
  }
}

/** What the embedded database itself leaves in a folder before it holds a store. */
const harmless = /^(claims|s|pg\.log(\.1)?|programs|belongs-to|database-location|init-incomplete-.*)$/;

function refuseUsed(directory: string): void {
  if (!fs.existsSync(directory)) return;
  const used = fs.readdirSync(directory).filter((name) => !harmless.test(name) && name !== restoringFolder);
  if (used.length > 0) throw notEmpty(directory, used);
}

function notEmpty(directory: string, names: readonly string[]): OperatorError {
  return new OperatorError(
    `${directory} is not empty (it holds ${names.slice(0, 5).join(', ')}). A backup is restored into an empty folder only: move that one away, or set DATA_DIR to another.`,
  );
}

/** The migrations of the backup must be the first of ours, so that its rows fit and the rest can be run on them. */
function requireKnownMigrations(file: string, { migrations, version }: Manifest): void {
  const ours = listMigrations('postgresql');
  for (const [i, migration] of migrations.entries()) {
    const own = ours[i];
    if (own === undefined)
      throw new OperatorError(`${file} was written by a newer version of City Vitals (${version}; it has migration ${migration.name}). Restore it with that version.`);
    if (own.number !== migration.number || own.hash !== migration.hash)
      throw new OperatorError(
        `${file} was written by a version of City Vitals (${version}) whose migration ${migration.name} differs from ours (${own.name}). Restore it with that version.`,
      );
  }
}

/** A database of a killed restore may still be running: starting it takes it over, and then it is stopped. */
async function removeFormer(aside: string, log: (message: string) => void): Promise<void> {
  if (fs.existsSync(path.join(aside, 'pg', 'PG_VERSION'))) {
    log('removing what a restore that did not end has left');
    await startEmbeddedPostgres({ directory: aside, log }).then((former) => former.stop());
  }
  fs.rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
}

/** The whole store in the folder `aside`, stopped; nothing is left there after a failure. Names of the migrations that the backup did not have. */
async function makeAside(aside: string, verified: Verified, { file, now, log }: RestoreOptions): Promise<string[]> {
  const { timeZone, migrations } = verified.manifest;
  fs.mkdirSync(aside);
  // The mark of what is under way must be on disk before anything else of it.
  await syncFolder(path.dirname(aside));
  try {
    const postgres = await startEmbeddedPostgres({ directory: aside, log });
    try {
      const database = createDatabase(postgres.connection, { max: 2, onError: (error) => log(`a connection was lost: ${error.message}`) });
      try {
        await migrate(database, { engine: 'postgresql', timeZone, now, through: migrations.at(-1)?.number ?? 0 });
        log('copying the rows');
        await importBackup(database, file, { verified, log });
        return await migrate(database, { engine: 'postgresql', timeZone, now });
      } finally {
        await database.end();
      }
    } finally {
      await postgres.stop();
    }
  } catch (error) {
    fs.rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

/** From here on the store is there. What is left of `restoring/` then means nothing. */
async function takePlace(home: Home, aside: string): Promise<void> {
  fs.renameSync(path.join(aside, 'pg'), home.data);
  await syncFolder(home.root);
  fs.rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
}
