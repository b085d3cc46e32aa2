/**
 * Kills the server or its database at random moments under load (-9, 20 times), then compares every acknowledged reading and every rollup
 * with what was sent. A sender that got no answer sends the same batch again until it does; corrections are among the readings.
 *
 * `npm run bench:kills -- [kills]`; writes test/bench/results/kills.json and fails when anything was lost or is wrong.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { createDatabase, type Database } from '../../server/db/pool.ts';
import { openBenchHome, startServerProcess, TOKEN, writeCity, writeReport } from './support.ts';

const kills = Number(process.argv[2] ?? 20);
const SENDERS = 4;
const SERIES = 12;
const BATCH = 300;
const HOUR = 3_600_000;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Reading {
  indicator: string;
  place: string;
  observedAt: number;
  value: number;
}

/** What was acknowledged: series and time to the newest value. */
const model = new Map<string, number>();
const keyOf = ({ place, observedAt }: Reading): string => `${place} ${observedAt}`;

const { home, leave } = openBenchHome();
const city = writeCity(home, { series: SERIES, storage: '', indicators: [{ id: 'bench_value', interval: '10s', staleAfter: '1m' }] });
const data = path.join(home, 'data');
const start = () => startServerProcess({ CONFIG_DIR: city, DATA_DIR: data, LOG_LEVEL: 'silent' });
let server = await start();
let url = server.url;
let isOver = false;
let answered = 0;
let unanswered = 0;

/** Sends one batch until it is acknowledged, to whatever server there is. */
async function sendForSure(batch: Reading[]): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${url}/api/v1/readings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify({ readings: batch }),
      });
      const answer = (await response.json()) as { rejected?: object[] };
      if (response.status === 200) {
        if (answer.rejected?.length !== 0) throw new TypeError(`refused: ${JSON.stringify(answer.rejected?.[0])}`);
        answered++;
        for (const reading of batch) model.set(keyOf(reading), reading.value);
        return;
      }
      if (response.status !== 503) throw new TypeError(`answered ${response.status} ${JSON.stringify(answer)}`);
    } catch (error) {
      if (error instanceof TypeError && !/fetch failed|terminated|body/i.test(error.message)) throw error;
    }
    unanswered++;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function sender(number: number): Promise<void> {
  const random = seeded(100 + number);
  const sent: Reading[] = [];
  // Each sender has times of its own, spread over three days, so that late hours are made anew all the time.
  let next = Math.floor(Date.now() / HOUR) * HOUR - 72 * HOUR + number;
  while (!isOver) {
    const batch = new Map<string, Reading>();
    while (batch.size < BATCH) {
      const old = sent[Math.floor(random() * sent.length)];
      const value = Math.round(random() * 10_000) / 100;
      const isNew = old === undefined || random() >= 0.05;
      if (isNew) next += 4 * Math.ceil(random() * 200);
      const reading = isNew ? { indicator: 'bench_value', place: `bench_${Math.floor(random() * SERIES)}`, observedAt: next, value } : { ...old, value };
      batch.set(keyOf(reading), reading);
    }
    const list = [...batch.values()];
    await sendForSure(list);
    sent.push(...list.slice(0, 20));
    if (next > Date.now() - 3 * HOUR) return;
  }
}

const random = seeded(42);
const senders = Array.from({ length: SENDERS }, (_, number) => sender(number));
const counts = { server: 0, database: 0 };
for (let kill = 0; kill < kills; kill++) {
  await new Promise((resolve) => setTimeout(resolve, 500 + random() * 2500));
  if (random() < 0.5) {
    counts.server++;
    await server.kill();
    server = await start();
    url = server.url;
  } else {
    counts.database++;
    const pid = Number(readFileSync(path.join(data, 'bench', clusterFolder()), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
  }
  console.log(`kill ${kill + 1} of ${kills}: ${answered} batches acknowledged, ${unanswered} tried again`);
}
await new Promise((resolve) => setTimeout(resolve, 3000));
isOver = true;
await Promise.all(senders);
await server.stop();

/** Where the cluster keeps its pid, below the city's folder. */
function clusterFolder(): string {
  const found = readdirSync(path.join(data, 'bench'), { recursive: true }).find((file) => String(file).endsWith('postmaster.pid'));
  if (found === undefined) throw new Error('the database has no pid file');
  return String(found);
}

/** The rollups settle by the server's own followers; then the store itself is compared, without the server. */
server = await start();
const deadline = Date.now() + 120_000;
const postgresOf = () => startEmbeddedPostgres({ directory: path.join(data, 'bench'), log: () => {} });
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 14_000));
  await server.stop();
  const postgres = await postgresOf();
  const database = createDatabase(postgres.connection, { max: 2, onError: () => {} });
  try {
    const { rows } = await database.query<{ dirty: number; pending: number }>(
      `select (select count(*) from dirty_hour where hour < $1) as dirty,
         (select count(*) from watermark m join touched t on (t.transaction_id, t.id) > (m.transaction_id, m.touched_id) where m.consumer = 'rollup') as pending`,
      [new Date(Date.now() - 2 * HOUR).toISOString()],
    );
    if ((rows[0]?.dirty === 0 && rows[0].pending === 0) || Date.now() > deadline) {
      const result = await compare(database);
      writeReport('kills', { kills, killed: counts, acknowledgedReadings: model.size, batches: answered, triedAgain: unanswered, unsettled: rows[0], ...result });
      console.log(`${kills} kills: ${model.size} readings acknowledged, ${result.lost} lost or wrong, ${result.wrongRollups} wrong rollups of ${result.rollups}`);
      if (result.lost + result.wrongRollups + result.invented > 0) process.exitCode = 1;
      break;
    }
  } finally {
    await database.end();
    await postgres.stop();
  }
  server = await start();
}
leave();

async function compare(database: Database): Promise<{ lost: number; invented: number; rollups: number; wrongRollups: number }> {
  const { rows } = await database.query<{ place: string; at: number; value: number }>(
    'select s.place_id as place, r.observed_at as at, r.value from reading r join series s on s.id = r.series_id',
  );
  const stored = new Map(rows.map((row) => [`${row.place} ${row.at}`, row.value]));
  const lost = [...model].filter(([key, value]) => stored.get(key) !== value).length;
  const invented = [...stored.keys()].filter((key) => !model.has(key)).length;
  let rollups = 0;
  let wrongRollups = 0;
  for (const [relation, width] of [
    ['reading_1m', 60_000],
    ['reading_1h', HOUR],
    ['reading_1d', 24 * HOUR],
  ] as const) {
    const expected = new Map<string, { count: number; sum: number; min: number; max: number }>();
    for (const [key, value] of model) {
      const [place, at] = key.split(' ') as [string, string];
      // The hour that is not over, and its day, are read from the readings.
      const start = Math.floor(Number(at) / width) * width;
      const bucket = `${place} ${start}`;
      const known = expected.get(bucket);
      if (known === undefined) expected.set(bucket, { count: 1, sum: value, min: value, max: value });
      else Object.assign(known, { count: known.count + 1, sum: known.sum + value, min: Math.min(known.min, value), max: Math.max(known.max, value) });
    }
    const { rows: made } = await database.query<{ place: string; at: number; count: number; sum: number; min: number; max: number }>(
      `select s.place_id as place, b.bucket as at, b.count, b.sum, b.min, b.max from ${relation} b join series s on s.id = b.series_id`,
    );
    rollups += made.length;
    wrongRollups += Math.abs(expected.size - made.length);
    for (const row of made) {
      const want = expected.get(`${row.place} ${row.at}`);
      const isRight =
        want !== undefined &&
        want.count === row.count &&
        want.min === row.min &&
        want.max === row.max &&
        Math.abs(want.sum - row.sum) <= 1e-9 * Math.max(1, Math.abs(want.sum)) * want.count;
      if (!isRight) wrongRollups++;
    }
  }
  return { lost, invented, rollups, wrongRollups };
}
