/**
 * How fast the door is, beside its floor: readings through HTTP (JSON and line protocol, batches of 5,000, four senders, bodies
 * encoded beforehand) and raw COPY BINARY of as many rows into the same table by four connections, in one run on one machine.
 * The ratio is the result; the absolute figures are the machine's.
 *
 * `npm run bench:ingest -- [readings]` (default 1,000,000 for each way); writes test/bench/results/ingest.json.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type CopyRows, copyReadings } from '../../server/db/copy-readings.ts';
import { startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { createPartitions } from '../../server/db/partitions.ts';
import { createDatabase, type Database } from '../../server/db/pool.ts';

const SERIES = 200;
const BATCH = 5000;
const SENDERS = 4;
const ROUNDS = 3;
const TOKEN = 'bench-ingest-token-0123456789';
const total = Number(process.argv[2] ?? 1_000_000);
const batches = Math.ceil(total / BATCH);
const repository = path.resolve(import.meta.dirname, '../..');
const HOUR_MS = 3_600_000;

/** Every way and round writes a day of its own, so that none meets the rows of another. */
function timeOf(slot: number, batch: number, row: number): number {
  const day = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS - (2 + slot) * 24 * HOUR_MS;
  return day + (batch * (BATCH / SERIES) + Math.floor(row / SERIES)) * 10;
}

const valueAt = (batch: number, row: number): number => Math.round(100 * (20 + 10 * Math.sin(batch / 7 + row / 31))) / 100;
const placeOf = (row: number): string => `bench_${row % SERIES}`;

function jsonBody(slot: number, batch: number): Buffer {
  const readings = Array.from({ length: BATCH }, (_, row) => ({ indicator: 'bench_value', place: placeOf(row), observedAt: timeOf(slot, batch, row), value: valueAt(batch, row) }));
  return Buffer.from(JSON.stringify({ readings }));
}

function lineBody(slot: number, batch: number): Buffer {
  return Buffer.from(Array.from({ length: BATCH }, (_, row) => `bench_value,place=${placeOf(row)} value=${valueAt(batch, row)} ${timeOf(slot, batch, row)}000000`).join('\n'));
}

function copyColumns(slot: number, batch: number, series: readonly number[]): CopyRows {
  const columns = { length: BATCH, series: new Int32Array(BATCH), observedAt: new Float64Array(BATCH), value: new Float64Array(BATCH), quality: new Int16Array(BATCH) };
  const points = BATCH / SERIES;
  for (let i = 0; i < BATCH; i++) {
    // Sorted by series and time, as the door's own batches are.
    const row = Math.floor(i / points) + (i % points) * SERIES;
    columns.series[i] = series[row % SERIES] as number;
    columns.observedAt[i] = timeOf(slot, batch, row);
    columns.value[i] = valueAt(batch, row);
  }
  return columns;
}

/** Runs every batch through `send`, `SENDERS` at a time; readings a second. */
async function measure(send: (batch: number) => Promise<void>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (next < batches) await send(next++);
    }),
  );
  return (batches * BATCH) / ((performance.now() - startedAt) / 1000);
}

function writeCity(directory: string): void {
  for (const folder of ['indicators', 'places']) mkdirSync(path.join(directory, folder), { recursive: true });
  writeFileSync(path.join(directory, 'city.yaml'), 'id: bench\nname: { zh: 测量, en: Bench }\ntimeZone: UTC\nlanguages: [en]\ncenter: [0, 0]\nbounds: [-1, -1, 1, 1]\n');
  writeFileSync(
    path.join(directory, 'indicators/bench.yaml'),
    'domain: { id: bench, name: { zh: 测量, en: Bench } }\nindicators:\n  - { id: bench_value, name: { zh: 值, en: Value }, unit: cm, kind: gauge, grain: station, fold: mean, interval: 1s, staleAfter: 1m }\n',
  );
  const rows = Array.from({ length: SERIES }, (_, i) => `bench_${i},测量点${i},Bench ${i},station,bench,0.${i},0.${i}`);
  writeFileSync(path.join(directory, 'places/stations.csv'), `id,name_zh,name_en,kind,parent,longitude,latitude\n${rows.join('\n')}\n`);
}

async function startServerProcess(environment: Record<string, string>): Promise<{ url: string; stop(): Promise<void>; maxRssMb(): number }> {
  const child = spawn(process.execPath, [path.join(repository, 'server/start.mjs'), '--no-feed', '--server-only'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      maxRssMb: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
      async stop() {
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  }
  throw new Error('the server ended before it was served');
}

const agent = new http.Agent({ keepAlive: true, maxSockets: SENDERS });

function post(url: string, body: Buffer, contentType: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: 'POST', agent, headers: { 'content-type': contentType, 'content-length': body.length, authorization: `Bearer ${TOKEN}` } },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => {
          const isWhole = response.statusCode === 204 || (response.statusCode === 200 && JSON.parse(text).accepted === BATCH);
          if (isWhole) resolve();
          else reject(new Error(`answered ${response.statusCode} ${text.slice(0, 300)}`));
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function runRounds(url: string, database: Database): Promise<{ copy: number[]; json: number[]; line: number[] }> {
  const result = { copy: [] as number[], json: [] as number[], line: [] as number[] };
  // The series must exist before their rows are copied; the first readings make them.
  await post(`${url}/api/v1/readings`, jsonBody(40, 0), 'application/json');
  const { rows } = await database.query<{ id: number }>("select id from series order by (substring(place_id from '\\d+'))::int");
  const series = rows.map((row) => row.id);
  const partitions = createPartitions(database);
  for (let round = 0; round < ROUNDS; round++) {
    const slots = { copy: round * 3, json: round * 3 + 1, line: round * 3 + 2 };
    await partitions.ensure([timeOf(slots.copy, 0, 0), timeOf(slots.copy, batches, 0)]);
    const columns = Array.from({ length: batches }, (_, batch) => copyColumns(slots.copy, batch, series));
    result.copy.push(await measure((batch) => database.transaction((connection) => copyReadings(connection, columns[batch] as CopyRows))));
    for (const way of ['json', 'line'] as const) {
      const bodies = Array.from({ length: batches }, (_, batch) => (way === 'json' ? jsonBody(slots.json, batch) : lineBody(slots.line, batch)));
      const at = way === 'json' ? `${url}/api/v1/readings` : `${url}/api/v2/write?precision=ns`;
      result[way].push(await measure((batch) => post(at, bodies[batch] as Buffer, way === 'json' ? 'application/json' : 'text/plain')));
    }
    console.log(`round ${round + 1}: COPY ${Math.round(result.copy.at(-1) ?? 0)}/s, JSON ${Math.round(result.json.at(-1) ?? 0)}/s, line ${Math.round(result.line.at(-1) ?? 0)}/s`);
  }
  return result;
}

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-bench-'));
// As root the database runs under another account, which must be able to get here.
chmodSync(home, 0o755);
const postgres = await startEmbeddedPostgres({ directory: path.join(home, 'data'), log: () => {} });
const database = createDatabase(postgres.connection, { max: SENDERS + 2, onError: (error) => console.error(error.message) });
try {
  writeCity(path.join(home, 'city'));
  const { host, user } = postgres.connection;
  const databaseUrl = `postgresql://${user}@localhost/postgres?host=${encodeURIComponent(host)}`;
  const server = await startServerProcess({
    PORT: '0',
    HOST: '127.0.0.1',
    CONFIG_DIR: path.join(home, 'city'),
    DATABASE_URL: databaseUrl,
    INGEST_TOKEN: TOKEN,
    LOG_LEVEL: 'warn',
    DATA_DIR: path.join(home, 'unused'),
  });
  const rounds = await runRounds(server.url, database);
  const rss = server.maxRssMb();
  await server.stop();
  const perSecond = { copy: median(rounds.copy), json: median(rounds.json), line: median(rounds.line) };
  const ratio = { json: median(rounds.json.map((v, i) => v / (rounds.copy[i] ?? v))), line: median(rounds.line.map((v, i) => v / (rounds.copy[i] ?? v))) };
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repository, encoding: 'utf8' }).trim();
  const report = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    readingsEachWay: batches * BATCH,
    rounds,
    perSecond,
    ratio,
    serverMaxRssMb: Math.round(rss),
  };
  mkdirSync(path.join(repository, 'test/bench/results'), { recursive: true });
  writeFileSync(path.join(repository, 'test/bench/results/ingest.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.log(
    `ratio to raw COPY BINARY (median of ${ROUNDS} rounds): JSON ${ratio.json.toFixed(2)}, line protocol ${ratio.line.toFixed(2)}; server's peak memory ${Math.round(rss)} MB`,
  );
} finally {
  await database.end();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}
