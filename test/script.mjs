/**
 * Runs a TypeScript program under `test/`: `node test/script.mjs bench/ingest` bundles `test/bench/ingest.ts` and runs it, and
 * `node test/script.mjs screenshots` runs every program of that folder. Arguments after the first go to the program. Programs
 * that look at pages get a browser in CHROME_PATH.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleScript } from '../server/build.mjs';
import { fail, repository, runToEnd, SetupError } from '../server/progress.mjs';
import { setUp } from '../server/setup.mjs';
import { findBrowser } from './support/find-browser.mjs';

/** `bench/ingest` → one script; `screenshots` → every script of the folder. */
function scriptsNamed(name) {
  const folder = join('test', name);
  if (!existsSync(join(repository, folder)) || !statSync(join(repository, folder)).isDirectory()) return [join('test', `${name}.ts`)];
  return readdirSync(join(repository, folder))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => join(folder, file));
}

async function main([name, ...args]) {
  if (!name) throw new SetupError('Say what to run: node test/script.mjs bench/ingest');
  await setUp();
  const env = name.startsWith('screenshots') ? { ...process.env, CHROME_PATH: await findBrowser() } : process.env;
  for (const script of scriptsNamed(name)) {
    const code = await runToEnd([await bundleScript(script), ...args], env);
    if (code !== 0) return code;
  }
  return 0;
}

main(process.argv.slice(2)).then((code) => process.exit(code), fail);
