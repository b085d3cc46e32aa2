/**
 * `npm start`: sets up what is missing, starts the server, and keeps the city's feed running beside it: the simulator of a demonstration
 * city, or the replay of recordings. Plain JavaScript without packages: it runs before there are any. `--no-feed` leaves the feed out;
 * `--server-only` does not build the client; `--days N` and `--seed N` go to the simulator's first run.
 *
 * The feed is a process of its own that sends readings through the public door, like any other sender: it may die and be
 * restarted without the server noticing, and it never outlives the server.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail, repository } from './progress.mjs';
import { setUp } from './setup.mjs';

/** A feed that dies at once must not spin; one that ran a while starts over soon. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const STEADY_MS = 60_000;

/** The feed needs no more of the environment than this; the server's own secrets stay with the server. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LOG_LEVEL', 'NODE_OPTIONS'];

const feedEnvironment = (token) => ({
  ...Object.fromEntries(PASSED_ON.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]])),
  INGEST_TOKEN: token,
});

/**
 * Starts the feed, and starts it again whenever it dies, with growing pauses.
 * @param {{ url: string, configDirectory: string, feed: import('./main.ts').Feed }} running
 * @param {string[]} extra for the simulator
 * @returns {() => void} ends it for good
 */
function superviseFeed(running, extra) {
  let child = null;
  let timer = null;
  let ended = false;
  let wait = FIRST_WAIT_MS;

  const more = running.feed.kind === 'replay' ? ['--anchor', running.feed.anchor] : extra;
  const start = () => {
    const began = Date.now();
    // The pipe on stdin closes when this process dies, however it dies: `--with-parent` ends the replay then.
    child = spawn(process.execPath, [join(repository, 'dist/seed/cli.mjs'), running.feed.kind, '--url', running.url, '--city', running.configDirectory, ...more, '--with-parent'], {
      cwd: repository,
      env: feedEnvironment(running.feed.token),
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.stdin.on('error', () => {});
    child.on('error', () => {});
    child.on('close', (code, signal) => {
      child = null;
      // Code 0 is a feed that came to its end.
      if (ended || code === 0) return;
      wait = Date.now() - began > STEADY_MS ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      console.error(`The feed stopped (${signal ?? `exit code ${code}`}); it starts again in ${wait / 1000} s.`);
      timer = setTimeout(start, wait);
    });
  };
  start();

  return () => {
    ended = true;
    clearTimeout(timer);
    child?.kill('SIGTERM');
  };
}

/** `--days N` and `--seed N`, as they were typed: the simulator checks them. */
const simulatorFlags = (flags) => ['--days', '--seed'].flatMap((name) => (flags.includes(name) ? [name, flags[flags.indexOf(name) + 1] ?? ''] : []));

try {
  const flags = process.argv.slice(2);
  await setUp({ withDevelopment: false, build: flags.includes('--server-only') ? ['server'] : ['server', 'client'] });
  const { run } = await import('../dist/server/main.mjs');
  const running = await run(process.env);
  if (running.feed && !flags.includes('--no-feed')) {
    const endFeed = superviseFeed(running, simulatorFlags(flags));
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, endFeed);
    void running.stopped.finally(endFeed);
  }
  await running.stopped;
  process.exit();
} catch (error) {
  fail(error);
}
