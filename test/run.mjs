/**
 * `npm test`: sets up what is missing (packages, builds, a browser) and runs every check, each ending in one line such as
 * `unit: 123 passed, 0 failed`. A failure does not stop the rest; the exit code is 1 if anything failed. `npm test -- unit db`
 * runs the named ones alone. Plain JavaScript without packages: it runs before there are any.
 *
 * What counts as a failure besides a failed test: a file that could not be loaded, a skipped test, a runner without any test,
 * and an error outside every test. None of them may look like success.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../server/build.mjs';
import { fail, repository, SetupError } from '../server/progress.mjs';
import { setUp } from '../server/setup.mjs';
import { checkPlanted } from './planted.mjs';
import { missingFromLock } from './support/check-lock.mjs';
import { findBrowser } from './support/find-browser.mjs';

/** A runner that takes longer hangs: the whole of `npm test` is meant to end within six minutes on two cores. */
const LIMIT_MS = 10 * 60_000;

/** @typedef {{ passed: number, failed: number }} Count */

/**
 * Runs a program, shows the lines that `interesting` picks, and returns its exit code and whole output. Killed with all its
 * children when it exceeds the limit.
 */
function run(args, { env = process.env, interesting = () => false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    let pending = '';
    const take = (text) => {
      output += text;
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) if (interesting(line)) console.log(line);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
    const killGroup = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {}
    };
    const limit = setTimeout(() => {
      output += `\nIt was ended after ${LIMIT_MS / 60_000} minutes.\n`;
      killGroup();
    }, LIMIT_MS);
    const interrupted = () => {
      killGroup();
      process.exit(130);
    };
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
    child.on('close', (code) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve({ code: code ?? 1, output });
    });
  });
}

const bin = (path) => join(repository, 'node_modules', path);

/** One program that passes or fails as a whole. @returns {Promise<Count>} */
async function one(label, args) {
  const { code, output } = await run(args);
  if (code === 0) return { passed: 1, failed: 0 };
  console.log(`${label} failed:\n${output.trimEnd()}`);
  return { passed: 0, failed: 1 };
}

const total = (counts) => counts.reduce((sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed }), { passed: 0, failed: 0 });

/** One check for each project of tsconfig.json, in the order of their references. */
async function types() {
  const { references } = JSON.parse(readFileSync(join(repository, 'tsconfig.json'), 'utf8'));
  const counts = [];
  for (const { path } of references) counts.push(await one(`tsc -b ${path}`, [bin('typescript/bin/tsc'), '-b', path]));
  return total(counts);
}

/** Biome itself, the proof that Biome sees, the check of the folders that are shipped, and that of the lock file. */
async function lint() {
  const biome = await one('biome ci', [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--error-on-warnings', '.']);
  const { passed, failures } = checkPlanted();
  for (const failure of failures) console.log(`planted violation: ${failure}`);
  const cities = [];
  for (const city of ['metrics-config/linjiang', 'metrics-config/open-data'])
    cities.push(await one(`config:check ${city}`, [join(repository, 'dist/server/config-check.mjs'), city]));
  const missing = missingFromLock();
  for (const line of missing) console.log(line);
  return total([biome, { passed, failed: failures.length }, ...cities, { passed: missing.length === 0 ? 1 : 0, failed: missing.length === 0 ? 0 : 1 }]);
}

const knip = () => one('knip', [bin('knip/bin/knip.js'), '--no-progress']);

/** What vitest's JSON report says, counted as the head of this file says. @returns {Count} */
function countReport(report, code) {
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'));
  for (const file of brokenFiles) console.log(`${file.name}: ${file.message || 'failed outside its tests'}`);
  const skipped = report.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => `${file.name}: ${test.fullName}`),
  );
  for (const name of skipped) console.log(`skipped, which counts as failed: ${name}`);
  if (report.numTotalTests === 0) console.log('no test was found, which counts as failed');
  const failed = report.numFailedTests + brokenFiles.length + skipped.length;
  const silent = failed === 0 && (code !== 0 || report.numTotalTests === 0);
  return { passed: report.numPassedTests, failed: silent ? 1 : failed };
}

/** One project of vitest.config.ts. @returns {Promise<Count>} */
async function vitest(project, env = process.env) {
  const folder = mkdtempSync(join(tmpdir(), 'city-vitals-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = [bin('vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--passWithNoTests'];
    const { code, output } = await run(args, { env: { ...env, NO_COLOR: '1' }, interesting: (line) => /^ [✓×❯] \|/.test(line) });
    if (!existsSync(report)) {
      console.log(output.trimEnd());
      return { passed: 0, failed: 1 };
    }
    const count = countReport(JSON.parse(readFileSync(report, 'utf8')), code);
    if (count.failed > 0) console.log(`${'─'.repeat(80)}\n${output.trimEnd()}\n${'─'.repeat(80)}`);
    return count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function browser() {
  try {
    const path = await findBrowser();
    console.log(`browser: ${path}`);
    return await vitest('browser', { ...process.env, CHROME_PATH: path });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    return { passed: 0, failed: 1 };
  }
}

const runners = { types, lint, knip, unit: () => vitest('unit'), db: () => vitest('db'), live: () => vitest('live'), browser };

/** What each runner needs built; the others need nothing. */
const builds = { lint: ['server'], db: ['server'], live: ['server', 'client'], browser: ['server', 'client'] };

/** A build that fails must not hide what the runners find that need none. */
async function buildFor(names) {
  try {
    await ensureBuilt([...new Set(names.flatMap((name) => builds[name] ?? []))]);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    return false;
  }
}

async function main(named) {
  const unknown = named.filter((name) => !(name in runners));
  if (unknown.length > 0) throw new SetupError(`There is no runner ${unknown.join(', ')}. There are: ${Object.keys(runners).join(', ')}.`);
  const began = Date.now();
  await setUp({ build: [] });
  const names = named.length > 0 ? named : Object.keys(runners);
  let ok = await buildFor(names);
  for (const name of names) {
    const start = Date.now();
    const { passed, failed } = await runners[name]();
    ok &&= failed === 0;
    console.log(`(${name} took ${((Date.now() - start) / 1000).toFixed(1)} s)`);
    console.log(`${name}: ${passed} passed, ${failed} failed`);
  }
  console.log(`\n${ok ? 'Everything passed' : 'Something failed'} in ${((Date.now() - began) / 1000).toFixed(0)} s.`);
  process.exit(ok ? 0 : 1);
}

main(process.argv.slice(2)).catch(fail);
