/**
 * Checks that package-lock.json is one that `npm ci` accepts on every machine. npm leaves the optional packages of other platforms out
 * of it when the registry at hand does not carry them, and `npm ci` then refuses the file everywhere. Plain JavaScript without packages.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../server/progress.mjs';

/** Where npm would look for `name` from the package at `path`: its own node_modules first, then those above it. */
function isNamed(packages, path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`]) return true;
    if (base === '') return false;
  }
}

/** @returns {string[]} what is missing, one line each; empty when the lock file is whole */
export function missingFromLock() {
  const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isNamed(packages, path, name))
      .map((name) => `package-lock.json has no entry for ${name}, which ${path || 'package.json'} asks for: npm ci will refuse it`),
  );
}
