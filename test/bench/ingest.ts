/**
 * How fast the door is, beside its floor: readings through HTTP (JSON and line protocol, batches of 5,000, four senders, bodies
 * encoded beforehand) and raw COPY BINARY of as many rows into the same table by four connections, in one run on one machine.
 * The ratio is the result; the absolute figures are the machine's. Then the same readings once more (duplicates), and once with
 * a rule on the indicator, for information.
 *
 * `npm run bench:ingest -- [readings]` (default 1,000,000 for each way); writes test/bench/results/ingest.json.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CopyRows, copyReadings } from '../../server/db/copy-readings.ts';
import { createDatabase, type Database } from '../../server/db/pool.ts';
import { createPartitions } from '../../server/db/postgresql/partitions.ts';
import { type BenchStore, cpuSeconds, createPoster, openBenchStore, percentile, type ServerProcess, startServerProcess, writeCity, writeReport } from './support.ts';

const SERIES = 200;
const BATCH = 5000;
const SENDERS = 4;
const ROUNDS = 3;
const batches = Math.ceil(Number(process.argv[2] ?? 1_000_000) / BATCH);
const MINUTE_MS = 60_000;
/** The indicator's declared interval: a series has a reading a second. */
const STEP_MS = 1000;
/** What one way writes in one round, whole minutes. */
const SPAN_MS = Math.ceil(((batches + 1) * (BATCH / SERIES) * STEP_MS) / MINUTE_MS) * MINUTE_MS;

/** Every way and round writes a span of its own before the present, so that none meets the rows of another; this is where one begins. */
type Slot = number;
const present = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const before = (spans: number): Slot => present - spans * SPAN_MS;

const timeOf = (slot: Slot, batch: number, row: number): number => slot + (batch * (BATCH / SERIES) + Math.floor(row / SERIES)) * STEP_MS;
const valueAt = (batch: number, row: number): number => Math.round(100 * (20 + 10 * Math.sin(batch / 7 + row / 31))) / 100;
const placeOf = (row: number): string => `bench_${row % SERIES}`;
const all = <T>(make: (batch: number) => T): T[] => Array.from({ length: batches }, (_, batch) => make(batch));

function jsonBody(slot: Slot, batch: number): Buffer {
  const readings = Array.from({ length: BATCH }, (_, row) => ({ indicator: 'bench_value', place: placeOf(row), observedAt: timeOf(slot, batch, row), value: valueAt(batch, row) }));
  return Buffer.from(JSON.stringify({ readings }));
}

function lineBody(slot: Slot, batch: number): Buffer {
  return Buffer.from(Array.from({ length: BATCH }, (_, row) => `bench_value,place=${placeOf(row)} value=${valueAt(batch, row)} ${timeOf(slot, batch, row)}000000`).join('\n'));
}

function copyColumns(slot: Slot, batch: number, series: readonly number[]): CopyRows {
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

/** A rule that looks at every reading and never fires: no value goes beyond 30. */
function writeRule(directory: string): void {
  const rule =
    'rules:\n  - { id: bench_high, name: { zh: 高, en: High }, kind: threshold, scope: { indicator: bench_value }, direction: above, limits: [{ level: yellow, value: 35 }] }\n';
  writeFileSync(path.join(directory, 'rules/bench.yaml'), rule);
}

const poster = createPoster(SENDERS);

interface Rate {
  perSecond: number;
  /** Processor time for each reading, microseconds. */
  cpuUs: { server: number; database: number; senders: number };
}

interface Bench {
  store: BenchStore;
  database: Database;
  server: ServerProcess;
  series: number[];
  ensurePartitions(times: number[]): Promise<void>;
}

/** Runs every batch through `send`, `SENDERS` at a time. */
async function measure(bench: Bench, send: (batch: number) => Promise<void>): Promise<Rate> {
  const clocks = () => [
    performance.now() / 1000,
    cpuSeconds(bench.server.pid, false),
    cpuSeconds(bench.store.pid ?? 0, true),
    process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
  ];
  const before = clocks();
  let next = 0;
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (next < batches) await send(next++);
    }),
  );
  poster.rest();
  const [seconds = 1, server = 0, database = 0, senders = 0] = clocks().map((after, i) => after - (before[i] ?? 0));
  const each = (used: number): number => Math.round((used * 1e8) / (batches * BATCH)) / 100;
  return { perSecond: Math.round((batches * BATCH) / seconds), cpuUs: { server: each(server), database: each(database), senders: each(senders) } };
}

/** Sends one body; every reading of it must be counted as `expected`. */
async function sendJson(url: string, body: Buffer, expected: 'accepted' | 'duplicates'): Promise<void> {
  const { status, text } = await poster(`${url}/api/v1/readings`, body, 'application/json');
  if (status !== 200 || JSON.parse(text)[expected] !== BATCH) throw new Error(`answered ${status} ${text.slice(0, 300)}`);
}

async function sendLines(url: string, body: Buffer): Promise<void> {
  const { status, text } = await poster(`${url}/api/v2/write?precision=ns`, body, 'text/plain');
  if (status !== 204) throw new Error(`answered ${status} ${text.slice(0, 300)}`);
}

async function startBench(store: BenchStore, { city, database }: { city: string; database: Database }): Promise<Bench> {
  const server = await startServerProcess({ CONFIG_DIR: city, DATABASE_URL: store.url, DATA_DIR: path.join(store.home, 'unused') });
  return { store, database, server, series: await seriesOf(database), ensurePartitions: createPartitions(database, 'reading').ensure };
}

async function seriesOf(database: Database): Promise<number[]> {
  const { rows } = await database.query<{ id: number }>("select id from series order by (substring(place_id from '\\d+'))::int");
  return rows.map((row) => row.id);
}

interface Round {
  copy: Rate;
  json: Rate;
  line: Rate;
}

async function runRound(bench: Bench, slots: Record<keyof Round, Slot>): Promise<{ round: Round; jsonBodies: Buffer[] }> {
  const { database, server, series } = bench;
  await bench.ensurePartitions(Object.values(slots).flatMap((slot) => [timeOf(slot, 0, 0), timeOf(slot, batches, 0)]));
  const columns = all((batch) => copyColumns(slots.copy, batch, series));
  const copy = await measure(bench, (batch) => database.transaction((connection) => copyReadings(connection, columns[batch] as CopyRows)));
  const lines = all((batch) => lineBody(slots.line, batch));
  const line = await measure(bench, (batch) => sendLines(server.url, lines[batch] as Buffer));
  const jsonBodies = all((batch) => jsonBody(slots.json, batch));
  const json = await measure(bench, (batch) => sendJson(server.url, jsonBodies[batch] as Buffer, 'accepted'));
  return { round: { copy, json, line }, jsonBodies };
}

/** All that a repeated reading could have changed. */
async function stateOf(database: Database): Promise<string> {
  const { rows } = await database.query(
    `select (select count(*) from reading) as readings, (select sum(hashtext(reading::text)::bigint) from reading) as hash,
       (select count(*) from reading_revision) as revisions, (select max(id) from touched) as touched`,
  );
  return JSON.stringify(rows[0]);
}

const told = (rate: Rate): string => `${rate.perSecond}/s (µs a reading: server ${rate.cpuUs.server}, database ${rate.cpuUs.database}, senders ${rate.cpuUs.senders})`;
const median = (values: readonly number[]): number => percentile(values, 0.5);
const ratios = (rounds: readonly Round[], way: keyof Round): number => median(rounds.map((round) => round[way].perSecond / round.copy.perSecond));

/** The rounds without a rule; the first round's readings sent again must leave the store as it was. */
async function runRounds(bench: Bench): Promise<{ rounds: Round[]; again: Rate[] }> {
  const { database, server } = bench;
  const rounds: Round[] = [];
  const again: Rate[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const { round, jsonBodies } = await runRound(bench, { copy: before(4 + n * 3), json: before(5 + n * 3), line: before(6 + n * 3) });
    rounds.push(round);
    const stored = n === 0 ? await stateOf(database) : '';
    const repeated = await measure(bench, (batch) => sendJson(server.url, jsonBodies[batch] as Buffer, 'duplicates'));
    again.push(repeated);
    if (n === 0 && stored !== (await stateOf(database))) throw new Error(`readings sent again changed the store: ${stored}, then ${await stateOf(database)}`);
    console.log(`round ${n + 1}: COPY ${told(round.copy)}\n  JSON ${told(round.json)}\n  line ${told(round.line)}\n  JSON again ${told(repeated)}`);
  }
  return { rounds, again };
}

const store = await openBenchStore(undefined, 'bench_ingest');
const database = createDatabase({ connectionString: store.url }, { max: SENDERS + 2, onError: (error) => console.error(error.message) });
try {
  // Long enough that every reading of the bench is in time, as a living feed's are, and is judged where there is a rule.
  const city = writeCity(store.home, { series: SERIES, storage: '', indicators: [{ id: 'bench_value', interval: '1s', staleAfter: '7d' }] });
  const bench = await startBench(store, { city, database });
  // The series must exist before their rows are copied; the first readings make them.
  await sendJson(bench.server.url, jsonBody(before(4 + 3 * ROUNDS), 0), 'accepted');
  bench.series = await seriesOf(database);
  const { rounds, again } = await runRounds(bench);
  const memory = { readings: ROUNDS * 2 * batches * BATCH, sentAgain: ROUNDS * batches * BATCH, serverMaxRssMb: bench.server.maxRssMb() };
  await bench.server.stop();

  writeRule(city);
  const judging = await startBench(store, { city, database });
  const { round: withRule } = await runRound(judging, { copy: before(3), json: before(2), line: before(1) });
  await judging.server.stop();
  console.log(`with a rule: COPY ${told(withRule.copy)}\n  JSON ${told(withRule.json)}\n  line ${told(withRule.line)}`);

  const ratio = {
    line: ratios(rounds, 'line'),
    json: ratios(rounds, 'json'),
    jsonAgainToFirst: median(again.map((rate, n) => rate.perSecond / (rounds[n] as Round).json.perSecond)),
    lineWithRule: ratios([withRule], 'line'),
    jsonWithRule: ratios([withRule], 'json'),
  };
  writeReport('ingest', { readingsEachWay: batches * BATCH, ratio, memory, rounds, again, withRule });
  console.log(
    `ratio to raw COPY BINARY (median of ${ROUNDS} rounds): line protocol ${ratio.line.toFixed(2)}, JSON ${ratio.json.toFixed(2)}; server's peak memory ${memory.serverMaxRssMb} MB`,
  );
  console.log(
    `duplicates to their first pass: ${ratio.jsonAgainToFirst.toFixed(2)}; with a rule, for information: line protocol ${ratio.lineWithRule.toFixed(2)}, JSON ${ratio.jsonWithRule.toFixed(2)}`,
  );
} finally {
  await database.end();
  await store.close();
}
