/**
 * `npm run dev`: the client from vite's development server (which sends the page's own calls to the server), and the server
 * built and started again whenever a file of its own changes. The page is on port 5173.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fail, repository } from './progress.mjs';
import { setUp } from './setup.mjs';

/** Editors write a file in several steps, and a branch change touches hundreds: one restart for all of it. */
const QUIET_MS = 300;

const launch = (args) => spawn(process.execPath, args, { cwd: repository, stdio: 'inherit' });

/** Keeps one server running; a change stops it, and its end starts the next one. */
function keepServer() {
  let child = null;
  let timer = null;
  let changed = false;
  const start = () => {
    changed = false;
    child = launch(['server/start.mjs', '--server-only', ...process.argv.slice(2)]);
    child.on('close', () => {
      child = null;
      if (changed) start();
    });
  };
  const restart = () => {
    changed = true;
    if (child) child.kill('SIGTERM');
    else start();
  };
  for (const folder of ['server', 'seed']) {
    watch(join(repository, folder), { recursive: true }, (_event, name) => {
      if (!name || name.endsWith('.test.ts')) return;
      clearTimeout(timer);
      timer = setTimeout(restart, QUIET_MS);
    });
  }
  start();
  return () => child?.kill('SIGTERM');
}

try {
  await setUp({ build: ['server'] });
  const stopServer = keepServer();
  const client = launch(['node_modules/vite/bin/vite.js', '--config', 'vite.config.ts']);
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      stopServer();
      client.kill('SIGTERM');
      process.exit();
    });
  }
} catch (error) {
  fail(error);
}
