/**
 * Builds what is stale: the server with the seed's commands, and the client. Plain JavaScript without packages of its own; vite
 * runs as a program.
 *
 * What always holds: nothing is built when no source changed; a build is made aside and moved into place, so a running server
 * never serves half of one; an interrupted build is done again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execute, repository, SetupError, step } from './progress.mjs';

/**
 * What is built, from what, and the file that shows that it is there. `outputs` are the folders of `dist` that the build owns.
 */
const parts = {
  server: {
    label: 'Building the server',
    config: 'vite.server.config.ts',
    inputs: ['server', 'seed', 'vite.server.config.ts', 'package-lock.json'],
    outputs: ['server', 'seed', 'chunks'],
    proof: 'dist/server/main.mjs',
    outDir: '.',
  },
  client: {
    label: 'Building the client',
    config: 'vite.config.ts',
    inputs: ['client', 'server/contract', 'vite.config.ts', 'package-lock.json'],
    outputs: ['client'],
    proof: 'dist/client/index.html',
    outDir: 'client',
  },
};

/** Files that change no build: tests, type settings, texts, the description of the schema, and recordings, which are read where they lie. */
const changesNoBuild = (path) => /\.test\.tsx?$|tsconfig\.json$|\.md$|\.mjs$|^server\/db\/schema\.sql$/.test(path) || path.startsWith('seed/recordings/');

function* filesUnder(path) {
  const absolute = join(repository, path);
  if (!existsSync(absolute)) return;
  if (statSync(absolute).isFile()) {
    yield path;
    return;
  }
  for (const name of readdirSync(absolute).sort()) yield* filesUnder(join(path, name));
}

/** A hash over the name and content of every input; equal hashes mean an equal build. */
function fingerprint(part) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const input of part.inputs) {
    for (const path of filesUnder(input)) {
      if (!changesNoBuild(path)) hash.update(`\0${path}\0`).update(readFileSync(join(repository, path)));
    }
  }
  return hash.digest('hex');
}

const stampOf = (name) => join(repository, `dist/.built-${name}`);

/** @returns {('server' | 'client')[]} the parts whose build is missing or older than its sources. */
export function staleParts(names = Object.keys(parts)) {
  return names.filter((name) => {
    const stamp = stampOf(name);
    return !existsSync(join(repository, parts[name].proof)) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint(parts[name]);
  });
}

async function build(name) {
  const part = parts[name];
  const before = fingerprint(part);
  const aside = join(repository, `dist/.next-${name}`);
  rmSync(aside, { recursive: true, force: true });
  rmSync(stampOf(name), { force: true });
  const vite = join(repository, 'node_modules/vite/bin/vite.js');
  await execute(process.execPath, [vite, 'build', '--config', part.config, '--outDir', join(aside, part.outDir), '--logLevel', 'warn'], {
    ...process.env,
    NODE_ENV: 'production',
    NO_COLOR: '1',
    CITY_VITALS_SCRIPT: '',
  });
  for (const output of part.outputs) {
    rmSync(join(repository, 'dist', output), { recursive: true, force: true });
    if (existsSync(join(aside, output))) renameSync(join(aside, output), join(repository, 'dist', output));
  }
  rmSync(aside, { recursive: true, force: true });
  // The state before the build is recorded: a source edited meanwhile makes the next start build again.
  writeFileSync(stampOf(name), before);
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Holds `dist/.building` while `work` runs, so two commands at once do not build over each other; a dead holder is ignored. */
async function alone(work) {
  const lock = join(repository, 'dist/.building');
  mkdirSync(join(repository, 'dist'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(readIfThere(lock));
      if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
      else await delay(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/**
 * Builds the named parts that are stale.
 * @param {('server' | 'client')[]} [names] all of them when absent
 */
export async function ensureBuilt(names) {
  if (staleParts(names).length === 0) return;
  await alone(async () => {
    for (const name of staleParts(names)) await step(parts[name].label, () => build(name));
  });
}

/**
 * Bundles one TypeScript program under `test/` and returns the bundle's path.
 * @param {string} script relative to the repository: `test/bench/ingest.ts`
 */
export async function bundleScript(script) {
  if (!existsSync(join(repository, script))) throw new SetupError(`There is no ${script}.`);
  const vite = join(repository, 'node_modules/vite/bin/vite.js');
  await execute(process.execPath, [vite, 'build', '--config', 'vite.server.config.ts', '--logLevel', 'warn'], {
    ...process.env,
    NODE_ENV: 'production',
    NO_COLOR: '1',
    CITY_VITALS_SCRIPT: script,
  });
  return join(repository, 'dist', relative('test', script).replace(/\.ts$/, '.mjs'));
}
