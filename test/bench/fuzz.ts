/**
 * A thousand malformed bodies and payloads, from one seed: whatever a sender may get wrong (cut, mixed up, of another type, of another
 * encoding, too deep, half compressed), at every HTTP door and over a real broker. The server must answer or count each, and go on.
 *
 * `npm run bench:fuzz -- [inputs] [seed]`; writes test/bench/results/fuzz.json and fails when one was neither answered nor counted.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startBroker } from '../support/mosquitto.ts';
import { createPoster, openBenchStore, startServerProcess, TOKEN, writeCity, writeReport } from './support.ts';

const inputs = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? 7);

let state = seed;
const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const good = {
  json: () => JSON.stringify({ readings: [{ indicator: 'bench_value', place: 'bench_1', observedAt: Date.now(), value: 1 }] }),
  ndjson: () => `${JSON.stringify({ indicator: 'bench_value', place: 'bench_1', observedAt: Date.now(), value: 1 })}\n{}\n`,
  line: () => `bench_value,place=bench_1 value=1 ${Date.now()}000000\nbench_value,place=bench_2 value=2i`,
  csv: () => 'time,place,value\n2026-01-31 08:00,bench_1,5\n2026-01-31 24:00,bench_2,6\n',
};

const odd: readonly unknown[] = [
  null,
  true,
  [],
  {},
  '',
  'NaN',
  -0,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  '\u0000',
  '\ud800',
  'a'.repeat(5000),
  [[[[]]]],
  { value: {} },
  '2026-02-30T25:61:00Z',
  -1,
];

/** One of the ways in which a body goes wrong. */
const spoil: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  (bytes) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 1 + random() * 8; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
    return copy;
  },
  (bytes) => Buffer.concat([bytes.subarray(bytes.length / 2), bytes, Buffer.from([0xff, 0xfe, 0x00])]),
  (bytes) => Buffer.from(bytes.toString('utf8').replace(/"(\w+)"/g, (text) => (random() < 0.3 ? (JSON.stringify(pick(odd)) ?? 'undefined') : text))),
  (bytes) =>
    Buffer.from(bytes.toString('utf8').replace(/\d+/g, (text) => (random() < 0.5 ? String(pick(['1e999', '--1', '0x1f', '٣', '', 'NaN', '99999999999999999999'])) : text))),
  () => Buffer.from('['.repeat(20_000)),
  () => Buffer.from(JSON.stringify({ readings: Array.from({ length: 50 }, () => pick(odd)) })),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  () => Buffer.from(Array.from({ length: 400 }, () => Math.floor(random() * 256))),
  (bytes) => Buffer.from(bytes.toString('utf8').replaceAll(/[,=" ]/g, (text) => (random() < 0.3 ? pick([',', '=', '\\', '\n', '"', ' ']) : text))),
];

const doors = [
  { path: '/api/v1/readings', type: 'application/json', body: good.json },
  { path: '/api/v1/readings', type: 'application/x-ndjson', body: good.ndjson },
  { path: '/api/v2/write', type: 'text/plain', body: good.line },
  { path: '/api/v2/write?precision=s', type: 'text/plain', body: good.line },
  {
    path: `/api/v1/csv?mapping=${encodeURIComponent(JSON.stringify({ time: { column: 'time' }, place: { column: 'place' }, value: { column: 'value' }, indicator: 'bench_value' }))}`,
    type: 'text/csv',
    body: good.csv,
  },
  { path: '/api/v1/csv?dryRun=true&mapping={', type: 'text/csv', body: good.csv },
] as const;

function writeSource(city: string, url: string): void {
  mkdirSync(path.join(city, 'sources'), { recursive: true });
  writeFileSync(
    path.join(city, 'sources/broker.yaml'),
    `sources:\n  - id: broker\n    name: { zh: 测量, en: Broker }\n    kind: mqtt\n    url: ${url}\n    topics:\n      - { topic: fuzz/json, payload: json }\n      - { topic: fuzz/line, payload: line }\n      - { topic: fuzz/number, payload: number, indicator: bench_value, place: bench_3 }\n`,
  );
}

interface Health {
  id: string;
  state: string;
  accepted: number;
  rejected: number;
}

const store = await openBenchStore(undefined, 'bench_fuzz');
const broker = await startBroker();
const city = writeCity(store.home, { series: 5, storage: '', indicators: [{ id: 'bench_value', interval: '1m', staleAfter: '5m' }] });
writeSource(city, broker.url);
const server = await startServerProcess({ CONFIG_DIR: city, DATABASE_URL: store.url, DATA_DIR: path.join(store.home, 'unused'), LOG_LEVEL: 'fatal' });
const poster = createPoster(4);
const statuses: Record<string, number> = {};
let unanswered = 0;
const toBroker = Math.floor(inputs * 0.3);
const headers = { authorization: `Bearer ${TOKEN}` };
const sourceHealth = async (): Promise<Health | undefined> =>
  ((await (await fetch(`${server.url}/api/v1/sources`, { headers })).json()) as { sources: Health[] }).sources.find(({ id }) => id === 'broker');

try {
  for (let i = 0; i < inputs - toBroker; i++) {
    const door = pick(doors);
    let body = pick(spoil)(Buffer.from(door.body()));
    const isGzip = random() < 0.15;
    if (isGzip) body = random() < 0.5 ? gzipSync(body) : gzipSync(body).subarray(0, 20);
    try {
      const { status, text } = await poster(`${server.url}${door.path}`, body, {
        'content-type': random() < 0.1 ? 'application/octet-stream' : door.type,
        ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
      });
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 500 || (status >= 400 && JSON.parse(text).error?.code === undefined)) {
        unanswered++;
        console.log(`${door.path} (${door.type}) answered ${status} ${text.slice(0, 200)} to ${JSON.stringify(body.toString('latin1').slice(0, 200))}`);
      }
    } catch (error) {
      unanswered++;
      console.log(`${door.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  // Each message is acknowledged and shows up in the source's counts: nothing disappears, and nothing comes again for ever.
  const client = await broker.client();
  while ((await sourceHealth())?.state === undefined) await new Promise((resolve) => setTimeout(resolve, 200));
  const bad = ['fuzz/json', 'fuzz/line', 'fuzz/number'] as const;
  for (let i = 0; i < toBroker; i++) {
    const topic = pick(bad);
    // What always is wrong, so that each must be counted: a body that happened to be good would be told by `accepted`.
    await client.publishAsync(topic, Buffer.concat([Buffer.from('!'), pick(spoil)(Buffer.from(topic === 'fuzz/line' ? good.line() : good.json()))]), { qos: 1 });
  }
  await client.publishAsync('fuzz/number', '42', { qos: 1 });
  let health: Health | undefined;
  const deadline = performance.now() + 30_000;
  do {
    await new Promise((resolve) => setTimeout(resolve, 200));
    health = await sourceHealth();
  } while ((health?.accepted ?? 0) < 1 && performance.now() < deadline);
  const alive = (await fetch(`${server.url}/readyz`)).status === 200;
  const accepted = await poster(`${server.url}/api/v1/readings`, Buffer.from(good.json()), 'application/json');
  const figures = {
    seed,
    http: inputs - toBroker,
    mqtt: toBroker,
    statuses,
    unanswered,
    broker: health,
    ready: alive,
    goodAfterwards: accepted.status,
    serverMaxRssMb: server.maxRssMb(),
  };
  writeReport('fuzz', figures);
  console.log(
    `${inputs} inputs: ${unanswered} not answered as they should be, statuses ${JSON.stringify(statuses)}; over MQTT ${health?.rejected} refused and counted of ${toBroker}, ${health?.accepted} accepted`,
  );
  if (unanswered > 0 || !alive || accepted.status !== 200 || (health?.accepted ?? 0) < 1 || (health?.rejected ?? 0) < toBroker) process.exitCode = 1;
} finally {
  await server.stop();
  await broker.close();
  await store.close();
}
