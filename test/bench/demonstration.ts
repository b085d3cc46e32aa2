/**
 * The first start of the demonstration city, as its user meets it: how long the last two days take, how long the whole past, whether the live
 * stream and the page suffer meanwhile, and how large the store is then. Beside raw COPY of as many readings into a plain table with their
 * key, before and after, in the same run on the same machine.
 *
 * `npm run bench:demonstration -- [days]` (default: as `npm start`); writes test/bench/results/demonstration.json. Takes some ten minutes.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { from as copyFrom } from 'pg-copy-streams';
import { createDatabase, instant } from '../../server/db/pool.ts';
import { openBenchHome, openBenchStore, percentile, writeReport } from './support.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const PASSWORD = 'bench-password-0123456789';
const FLOOR_ROWS = 500_000;
const SAMPLE_MS = 2_000;
const days = process.argv[2];

/** Readings a second that raw COPY stores. */
async function copyPerSecond(): Promise<number> {
  const store = await openBenchStore(undefined, 'bench_demonstration');
  const database = createDatabase({ connectionString: store.url }, { max: 1, onError: (error) => console.error(error.message) });
  try {
    await database.query(
      'create table floor (series_id int not null, observed_at timestamptz not null, value float8 not null, quality int2 not null, primary key (series_id, observed_at))',
    );
    const start = Date.now();
    const lines = Array.from({ length: FLOOR_ROWS }, (_, i) => `${i % 4618}\t${instant(start - Math.floor(i / 4618) * 60_000)}\t${(i % 1000) / 10}\t0\n`).join('');
    const began = performance.now();
    await database.transaction(async (connection) => {
      const stream = connection.query(copyFrom('copy floor from stdin'));
      await new Promise<void>((resolve, reject) => {
        stream.on('error', reject).on('finish', resolve);
        stream.end(lines);
      });
    });
    return Math.round((FLOOR_ROWS * 1000) / (performance.now() - began));
  } finally {
    await database.end();
    await store.close();
  }
}

interface Sample {
  /** How long `/latest` of 4,600 series took, ms. */
  answeredMs: number;
  /** How old the newest reading of the street sensors was, which report every minute, seconds. */
  newestAgeS: number;
}

async function sampler(url: string): Promise<() => Promise<Sample>> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD }),
  });
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return async () => {
    const began = performance.now();
    const answer = (await (await fetch(`${url}/api/v1/latest`, { headers: { cookie } })).json()) as { serverTime: number; latest: { indicator: string; observedAt: number }[] };
    const newest = answer.latest.reduce((last, { indicator, observedAt }) => (indicator === 'pond_depth' ? Math.max(last, observedAt) : last), 0);
    return { answeredMs: performance.now() - began, newestAgeS: (answer.serverTime - newest) / 1000 };
  };
}

const spread = (values: readonly number[]) => ({ p50: Math.round(percentile(values, 0.5)), p95: Math.round(percentile(values, 0.95)) });
const answers = (samples: readonly Sample[]) => ({ samples: samples.length, latestMs: spread(samples.map(({ answeredMs }) => answeredMs)) });
/** Of the live stream; while the first readings come there is nothing whose age could be told. */
const ages = (samples: readonly Sample[]) => ({ newestAgeS: spread(samples.map(({ newestAgeS }) => newestAgeS)) });

const megabytes = (folder: string): number => Math.round(Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]) / 1024);

const { home, leave } = openBenchHome();
const floor = [await copyPerSecond()];
const child = spawn(process.execPath, [path.join(repository, 'server/start.mjs'), '--server-only', ...(days === undefined ? [] : ['--days', days])], {
  env: { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn', DATA_DIR: home, ADMIN_PASSWORD: PASSWORD, CONFIG_DIR: path.join(repository, 'metrics-config/linjiang') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.once('exit', () => child.kill('SIGKILL'));
let take: (() => Promise<Sample>) | null = null;
const recent: Sample[] = [];
const past: Sample[] = [];
let figures: { readings: number; recentSeconds: number; aggregates: number; pastSeconds: number } = { readings: 0, recentSeconds: 0, aggregates: 0, pastSeconds: 0 };
let sampling = false;
const timer = setInterval(() => {
  if (take === null || sampling) return;
  sampling = true;
  void take()
    .then((sample) => (figures.readings === 0 ? recent : past).push(sample))
    .finally(() => {
      sampling = false;
    });
}, SAMPLE_MS);
try {
  for await (const line of createInterface(child.stdout)) {
    console.log(line.replace(/#token=\S+/, ''));
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (take === null && url !== undefined) take = await sampler(url);
    const live = /^(\d+) readings of the last two days are there after (\d+) s/.exec(line);
    if (live !== null) figures = { ...figures, readings: Number(live[1]), recentSeconds: Number(live[2]) };
    const done = /^The past is there: (\d+) aggregates in (\d+) s/.exec(line);
    if (done === null) continue;
    figures = { ...figures, aggregates: Number(done[1]), pastSeconds: Number(done[2]) };
    break;
  }
  clearInterval(timer);
  const folder = path.join(home, 'linjiang/pg');
  const size = { storeMb: megabytes(folder), ofThatLogMb: megabytes(path.join(folder, 'pg_wal')) };
  child.kill('SIGTERM');
  await once(child, 'exit');
  floor.push(await copyPerSecond());
  const copy = percentile(floor, 0.5);
  const ratio = figures.readings / Math.max(figures.recentSeconds, 1) / copy;
  writeReport('demonstration', {
    ...figures,
    ratioToCopy: Math.round(ratio * 100) / 100,
    copyPerSecond: floor,
    ...size,
    whileRecent: answers(recent),
    whilePast: { ...answers(past), ...ages(past) },
  });
  console.log(JSON.stringify({ ...figures, ratioToCopy: ratio, floor, ...size, whileRecent: answers(recent), whilePast: { ...answers(past), ...ages(past) } }, null, 2));
} finally {
  clearInterval(timer);
  child.kill('SIGKILL');
  leave();
}
