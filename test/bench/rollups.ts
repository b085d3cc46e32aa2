/**
 * How fast a long past comes in, and how small it is: aggregates through `POST /api/v1/rollups` (bodies encoded beforehand, two senders),
 * beside raw COPY of the same columns into a plain table, a row for each bucket with its key, in one run on one machine. The mix is that of
 * a demonstration's past: quarters of an hour for two weeks, hours to 90 days, days to 400. Then the same bodies once more (duplicates).
 *
 * `npm run bench:rollups -- [series]` (default 600, some 2 million buckets); writes test/bench/results/rollups.json.
 */
import path from 'node:path';
import { from as copyFrom } from 'pg-copy-streams';
import { createDatabase, type Database, instant } from '../../server/db/pool.ts';
import { cpuSeconds, openBenchStore, percentile, startServerProcess, writeCity, writeReport } from './support.ts';

const SERIES = Math.ceil(Number(process.argv[2] ?? 600));
const SENDERS = 2;
const ROUNDS = 3;
/** Series of one body: some 40,000 buckets, 2 MB. */
const TOGETHER = 12;
const PASSWORD = 'bench-password-0123456789';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTER_MS = HOUR_MS / 4;
const present = Math.floor(Date.now() / DAY_MS) * DAY_MS;

interface Rollup {
  indicator: string;
  place: string;
  resolution: '1m' | '1h' | '1d';
  widthMs: number;
  t: number[];
  count: number[];
  sum: number[];
  min: number[];
  max: number[];
  last: number[];
}

/** What a sensor with noise on a slow wave gives, to one decimal. `readings`: how many in each bucket. */
function rollup(of: { place: number; resolution: Rollup['resolution']; widthMs: number; readings: number; from: number; n: number }): Rollup {
  const { place, resolution, widthMs, readings, from, n } = of;
  const made: Rollup = { indicator: 'bench_value', place: `bench_${place}`, resolution, widthMs, t: [], count: [], sum: [], min: [], max: [], last: [] };
  let state = place + 1;
  for (let i = 0; i < n; i++) {
    const values = Array.from({ length: Math.min(readings, 12) }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return Math.round(10 * (20 + 10 * Math.sin(i / 40 + place) + (4 * state) / 2_147_483_647)) / 10;
    });
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    made.t.push(from + i * widthMs);
    made.count.push(readings);
    made.sum.push(readings === values.length ? values.reduce((a, b) => a + b, 0) : mean * readings);
    made.min.push(Math.min(...values));
    made.max.push(Math.max(...values));
    made.last.push(values.at(-1) as number);
  }
  return made;
}

/** Every round has a past of its own, 400 days before that of the round before. */
function rollupsOf(place: number, round: number): Rollup[] {
  const end = present - 2 * DAY_MS - round * 400 * DAY_MS;
  const readings = [1, 3, 15][place % 3] as number;
  return [
    rollup({ place, resolution: '1m', widthMs: QUARTER_MS, readings, from: end - 14 * DAY_MS, n: 14 * 96 }),
    rollup({ place, resolution: '1h', widthMs: HOUR_MS, readings: 4 * readings, from: end - 90 * DAY_MS, n: 76 * 24 }),
    rollup({ place, resolution: '1d', widthMs: DAY_MS, readings: 96 * readings, from: end - 398 * DAY_MS, n: 308 }),
  ];
}

const bodies = (round: number): Rollup[][] =>
  Array.from({ length: Math.ceil(SERIES / TOGETHER) }, (_, body) =>
    Array.from({ length: Math.min(TOGETHER, SERIES - body * TOGETHER) }, (_none, i) => rollupsOf(body * TOGETHER + i, round)).flat(),
  );
const bucketsIn = (rollups: readonly Rollup[]): number => rollups.reduce((sum, { t }) => sum + t.length, 0);

interface Rate {
  perSecond: number;
  /** Processor time for each bucket, microseconds. */
  cpuUs: { server: number; database: number };
}

async function measure<T>(of: { parts: readonly T[]; buckets: number; pids: { server: number; database: number } }, send: (part: T) => Promise<void>): Promise<Rate> {
  const { parts, buckets, pids } = of;
  const clocks = () => [performance.now() / 1000, cpuSeconds(pids.server, false), cpuSeconds(pids.database, true)];
  const before = clocks();
  let next = 0;
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (next < parts.length) await send(parts[next++] as T);
    }),
  );
  const [seconds = 1, server = 0, database = 0] = clocks().map((after, i) => after - (before[i] ?? 0));
  const each = (used: number): number => Math.round((used * 1e8) / buckets) / 100;
  return { perSecond: Math.round(buckets / seconds), cpuUs: { server: each(server), database: each(database) } };
}

const FLOOR = `create table floor (series_id int not null, resolution int2 not null, bucket timestamptz not null, width_s int not null, given boolean not null, count int not null,
  sum float8 not null, min float8, max float8, last float8, bad_count int not null, suspect_count int not null, primary key (series_id, resolution, bucket))`;

function copyText(rollups: readonly Rollup[]): string {
  const lines: string[] = [];
  for (const { place, resolution, widthMs, t, count, sum, min, max, last } of rollups) {
    const [series, number] = [place.slice(place.indexOf('_') + 1), ['1m', '1h', '1d'].indexOf(resolution) + 1];
    t.forEach((at, i) => {
      lines.push(`${series}\t${number}\t${instant(at)}\t${widthMs / 1000}\tt\t${count[i]}\t${sum[i]}\t${min[i]}\t${max[i]}\t${last[i]}\t0\t0\n`);
    });
  }
  return lines.join('');
}

const copyFloor = (database: Database, text: string): Promise<void> =>
  database.transaction(async (connection) => {
    const stream = connection.query(copyFrom('copy floor from stdin'));
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject).on('finish', resolve);
      stream.end(text);
    });
  });

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD }),
  });
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

const bytesOf = async (database: Database, table: string): Promise<number> => {
  const { rows } = await database.query<{ bytes: number }>('select pg_total_relation_size($1::regclass) as bytes', [table]);
  return rows[0]?.bytes ?? 0;
};

const store = await openBenchStore(undefined, 'bench_rollups');
const database = createDatabase({ connectionString: store.url }, { max: SENDERS + 2, onError: (error) => console.error(error.message) });
try {
  const city = writeCity(store.home, { series: SERIES, storage: '', indicators: [{ id: 'bench_value', interval: '5m', staleAfter: '1h' }] });
  const server = await startServerProcess({ CONFIG_DIR: city, DATABASE_URL: store.url, DATA_DIR: path.join(store.home, 'unused'), ADMIN_PASSWORD: PASSWORD });
  const cookie = await signIn(server.url);
  await database.query(FLOOR);
  const pids = { server: server.pid, database: store.pid ?? 0 };
  const post = async ({ body, expected, n }: { body: string; expected: 'accepted' | 'duplicates'; n: number }): Promise<void> => {
    const response = await fetch(`${server.url}/api/v1/rollups`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body });
    const text = await response.text();
    // Days and hours that were summed up before count as revised when they come as they stand.
    const answer = response.ok ? JSON.parse(text) : {};
    if (answer[expected] + answer.revised !== n || answer.rejectedRows !== 0) throw new Error(`answered ${response.status} ${text.slice(0, 300)}`);
  };
  const rounds: { copy: Rate; http: Rate; again: Rate }[] = [];
  let buckets = 0;
  let bodyBytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const all = bodies(round);
    const of = { buckets: all.reduce((sum, rollups) => sum + bucketsIn(rollups), 0), pids };
    const copy = await measure({ ...of, parts: all.map(copyText) }, (text) => copyFloor(database, text));
    const parts = all.map((rollups) => ({ body: JSON.stringify({ rollups }), n: bucketsIn(rollups) }));
    const http = await measure({ ...of, parts }, (part) => post({ ...part, expected: 'accepted' }));
    const again = await measure({ ...of, parts }, (part) => post({ ...part, expected: 'duplicates' }));
    rounds.push({ copy, http, again });
    buckets += of.buckets;
    bodyBytes += parts.reduce((sum, { body }) => sum + body.length, 0);
    console.log(
      `round ${round + 1}: COPY ${copy.perSecond}/s, HTTP ${http.perSecond}/s (µs a bucket: server ${http.cpuUs.server}, database ${http.cpuUs.database}), again ${again.perSecond}/s`,
    );
  }
  const bytesPerBucket = {
    body: Math.round((10 * bodyBytes) / buckets) / 10,
    stored: Math.round((10 * (await bytesOf(database, 'imported_block'))) / buckets) / 10,
    floor: Math.round((10 * (await bytesOf(database, 'floor'))) / buckets) / 10,
  };
  const median = (values: readonly number[]): number => percentile(values, 0.5);
  const ratio = {
    http: median(rounds.map(({ http, copy }) => http.perSecond / copy.perSecond)),
    againToFirst: median(rounds.map(({ again, http }) => again.perSecond / http.perSecond)),
  };
  writeReport('rollups', { buckets, ratio, bytesPerBucket, serverMaxRssMb: server.maxRssMb(), rounds });
  console.log(
    `ratio to raw COPY (median of ${ROUNDS} rounds): ${ratio.http.toFixed(2)}; bytes a bucket: stored ${bytesPerBucket.stored}, as rows ${bytesPerBucket.floor}, in the body ${bytesPerBucket.body}`,
  );
  await server.stop();
} finally {
  await database.end();
  await store.close();
}
