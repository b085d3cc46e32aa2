/**
 * Stops the database for a minute under load and starts it again: what was acknowledged must be there, nothing may be acknowledged
 * meanwhile, and the first acknowledgement must come within five seconds of its return.
 *
 * `npm run bench:outage -- [seconds]`; writes test/bench/results/outage.json and fails when the goal is missed.
 */
import path from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { createDatabase } from '../../server/db/pool.ts';
import { openBenchHome, startServerProcess, TOKEN, writeCity, writeReport } from './support.ts';

const seconds = Number(process.argv[2] ?? 60);
const SENDERS = 4;
const SERIES = 12;
const BATCH = 500;
const GOAL_MS = 5000;

const { home, leave } = openBenchHome();
const directory = path.join(home, 'store');
const open = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ directory, log: () => {} });
let postgres = await open();
const { host, user } = postgres.connection;
const city = writeCity(home, { series: SERIES, storage: '', indicators: [{ id: 'bench_value', interval: '1s', staleAfter: '1m' }] });
const server = await startServerProcess({
  CONFIG_DIR: city,
  DATABASE_URL: `postgresql://${user}@localhost/postgres?host=${encodeURIComponent(host)}`,
  DATA_DIR: path.join(home, 'unused'),
  LOG_LEVEL: 'silent',
});

const acknowledged = new Map<string, number>();
const answers = { taken: 0, refused: 0, duringOutage: 0 };
let isDown = false;
let backAt = Number.POSITIVE_INFINITY;
let recoveredMs: number | null = null;
let isOver = false;
let next = Date.now() - 6 * 3_600_000;

async function sender(): Promise<void> {
  while (!isOver) {
    const from = next;
    next += 3 * BATCH;
    const readings = Array.from({ length: BATCH }, (_, i) => ({ indicator: 'bench_value', place: `bench_${i % SERIES}`, observedAt: from + 3 * i, value: i }));
    for (;;) {
      // A statement that was under way when the database stopped may still be answered a moment later.
      const wasDown = isDown;
      const response = await fetch(`${server.url}/api/v1/readings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ readings }),
      });
      const text = await response.text();
      if (response.status === 200) {
        answers.taken++;
        if (wasDown && isDown) answers.duringOutage++;
        if (performance.now() > backAt) recoveredMs ??= performance.now() - backAt;
        for (const { place, observedAt, value } of readings) acknowledged.set(`${place} ${observedAt}`, value);
        break;
      }
      if (response.status !== 503 || response.headers.get('retry-after') === null) throw new Error(`answered ${response.status} ${text.slice(0, 200)}`);
      answers.refused++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (isOver) return;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const readiness = async (): Promise<number> => (await fetch(`${server.url}/readyz`)).status;
const senders = Array.from({ length: SENDERS }, sender);
await pause(3000);
const before = await readiness();
await postgres.stop();
isDown = true;
console.log(`the database is stopped for ${seconds} s …`);
await pause(seconds * 500);
const meanwhile = await readiness();
await pause(seconds * 500);
isDown = false;
postgres = await open();
backAt = performance.now();
await pause(8000);
isOver = true;
await Promise.all(senders);
const after = await readiness();
const maxRssMb = server.maxRssMb();
await server.stop();

const database = createDatabase(postgres.connection, { max: 1, onError: () => {} });
const { rows } = await database.query<{ place: string; at: number; value: number }>(
  'select s.place_id as place, r.observed_at as at, r.value from reading r join series s on s.id = r.series_id',
);
await database.end();
await postgres.stop();
leave();
const stored = new Map(rows.map((row) => [`${row.place} ${row.at}`, row.value]));
const lost = [...acknowledged].filter(([key, value]) => stored.get(key) !== value).length;
const figures = {
  seconds,
  acknowledgedReadings: acknowledged.size,
  lost,
  answers,
  readyz: { before, meanwhile, after },
  recoveredMs: recoveredMs === null ? null : Math.round(recoveredMs),
  serverMaxRssMb: maxRssMb,
};
writeReport('outage', figures);
console.log(
  `${acknowledged.size} readings acknowledged, ${lost} lost; ${answers.refused} times refused meanwhile; recovered ${figures.recoveredMs} ms after the database's return; readyz ${before}, ${meanwhile}, ${after}`,
);
if (lost > 0 || answers.duringOutage > 0 || recoveredMs === null || recoveredMs > GOAL_MS || meanwhile !== 503 || after !== 200) process.exitCode = 1;
