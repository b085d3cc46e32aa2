/**
 * How fast the past answers, over HTTP, from a store of 20 series × one year of minutes (10.5 million rows): a year of one series to 1,500
 * points, a week to 1,440, and 20 series × one day of minutes in one call. Beside the floor: the same rows read from the table by the
 * same driver and added up by nobody (`floor`), so that what the product adds is seen.
 *
 * `npm run bench:history -- [series] [days]`; writes test/bench/results/history.json. With TIMESCALE_URL set, on that server instead of
 * the embedded store, to history-timescaledb.json.
 */
import { randomUUID } from 'node:crypto';
import { copyReadings } from '../../server/db/copy-readings.ts';
import { createDatabase, type Database, instant } from '../../server/db/pool.ts';
import { createPartitions } from '../../server/db/postgresql/partitions.ts';
import { emptyColumns } from '../../server/readings/columns.ts';
import { createPoster, openBenchStore, percentile, startServerProcess, TOKEN, writeCity, writeReport } from './support.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const series = Number(process.argv[2] ?? 20);
const days = Number(process.argv[3] ?? 365);
const ROUNDS = 200;
const WARM_UP = 20;
const indicator = 'bench_minute';

/** The end of the data: a whole day, so that nothing is dirty but what is asked for. */
const end = Math.floor(Date.now() / DAY) * DAY;
const start = end - days * DAY;

/** A day with a peak a minute long: what averaging would lose. */
const valueAt = (id: number, minute: number): number => Math.round(100 * (20 + id + 10 * Math.sin((minute / 1440) * 2 * Math.PI) + (minute % 1511 === 0 ? 40 : 0))) / 100;

/** Rows come as they would have come in: minute by minute over all series, so that no series lies together on the disk. */
async function fill(database: Database, ids: readonly number[]): Promise<void> {
  const engine = (await database.query<{ kind: string }>("select relkind as kind from pg_class where oid = 'reading'::regclass")).rows[0]?.kind;
  const partitions = createPartitions(database, 'reading');
  const CHUNK_MINUTES = 360;
  for (let from = start; from < end; from += CHUNK_MINUTES * MINUTE) {
    if (engine === 'p') await partitions.ensure([from, from + CHUNK_MINUTES * MINUTE]);
    const rows = emptyColumns(ids.length * CHUNK_MINUTES);
    for (let i = 0; i < rows.length; i++) {
      const minute = Math.floor(i / ids.length);
      const id = ids[i % ids.length] as number;
      rows.series[i] = id;
      rows.observedAt[i] = from + minute * MINUTE;
      rows.value[i] = valueAt(id, (from - start) / MINUTE + minute);
      rows.quality[i] = 0;
    }
    await database.transaction((connection) => copyReadings(connection, rows));
  }
  await database.query(
    `insert into dirty_hour (series_id, hour, mark, first_changed_at, last_changed_at)
     select id, hour, 0, $2, $2 from unnest($1::int[]) as id, generate_series($2::timestamptz, $3::timestamptz - interval '1 hour', interval '1 hour') as hour`,
    [ids, instant(start), instant(end)],
  );
}

async function settled(database: Database): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ n: number }>('select count(*) as n from dirty_hour');
    if ((rows[0]?.n ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** A position in [0, 1), the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Question {
  name: string;
  /** p95 to reach, milliseconds, embedded and on TimescaleDB. */
  reach: { postgresql: number; timescaledb: number | null };
  ask(random: () => number): string;
  /** Rows that the floor reads for it. */
  floor(random: () => number): { series: number[]; from: number; to: number; relation: string; time: string };
}

const place = (random: () => number): string => `bench_${Math.floor(random() * series)}`;
const placeNumber = (name: string): number => Number(name.slice('bench_'.length));

const questions: Question[] = [
  {
    name: 'a year of one series to 1,500 points',
    reach: { postgresql: 12, timescaledb: 25 },
    ask: (random) => `indicator=${indicator}&place=${place(random)}&from=${start}&to=${end}&points=1500`,
    floor: (random) => ({ series: [placeNumber(place(random))], from: start, to: end, relation: 'reading_1h', time: 'bucket' }),
  },
  {
    name: 'a week of one series to 1,440 points',
    reach: { postgresql: 6, timescaledb: 12 },
    ask(random) {
      const from = start + Math.floor(random() * Math.max(days - 7, 0)) * DAY;
      return `indicator=${indicator}&place=${place(random)}&from=${from}&to=${from + 7 * DAY}&points=1440`;
    },
    floor(random) {
      const from = start + Math.floor(random() * Math.max(days - 7, 0)) * DAY;
      return { series: [placeNumber(place(random))], from, to: from + 7 * DAY, relation: 'reading', time: 'observed_at' };
    },
  },
  {
    name: `${series} series × one day of minutes in one call`,
    reach: { postgresql: 40, timescaledb: null },
    ask(random) {
      const from = start + Math.floor(random() * (days - 1)) * DAY;
      return `indicator=${indicator}&from=${from}&to=${from + DAY}&points=1440`;
    },
    floor(random) {
      const from = start + Math.floor(random() * (days - 1)) * DAY;
      return { series: Array.from({ length: series }, (_, i) => i), from, to: from + DAY, relation: 'reading', time: 'observed_at' };
    },
  },
];

async function measure(url: string, database: Database, { question, ids }: { question: Question; ids: readonly number[] }) {
  const random = seeded(7);
  const times: number[] = [];
  const floors: number[] = [];
  let points = 0;
  // The first ones warm what every later one finds warm.
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const query = question.ask(random);
    const startedAt = performance.now();
    const response = await fetch(`${url}/api/v1/history?${query}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const text = await response.text();
    const took = performance.now() - startedAt;
    if (response.status !== 200) throw new Error(`answered ${response.status} ${text.slice(0, 300)}`);
    if (round >= 0) times.push(took);
    if (round === ROUNDS - 1) points = (JSON.parse(text) as { series: { t: number[] }[] }).series.reduce((sum, one) => sum + one.t.length, 0);
  }
  // After it and not between, so that neither waits for the other's memory to be tidied.
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const floor = question.floor(random);
    const startedAt = performance.now();
    await database.query(`select * from ${floor.relation} where series_id = any ($1::int[]) and ${floor.time} >= $2 and ${floor.time} < $3`, [
      floor.series.map((n) => ids[n] as number),
      instant(floor.from),
      instant(floor.to),
    ]);
    if (round >= 0) floors.push(performance.now() - startedAt);
  }
  return {
    name: question.name,
    points,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    maxMs: percentile(times, 1),
    floorP50Ms: percentile(floors, 0.5),
    floorP95Ms: percentile(floors, 0.95),
    ratioToFloorP50: percentile(times, 0.5) / percentile(floors, 0.5),
    reach: question.reach,
  };
}

const store = await openBenchStore(process.env['TIMESCALE_URL'], `bench_${randomUUID().slice(0, 8)}`);
try {
  const city = writeCity(store.home, {
    series,
    storage: 'storage: { rawHorizon: 800d, retention: { raw: 900d, 1m: 900d } }',
    indicators: [{ id: indicator, interval: '1m', staleAfter: '5m' }],
  });
  const server = await startServerProcess({ CONFIG_DIR: city, DATABASE_URL: store.url, DATA_DIR: `${store.home}/unused`, LOG_LEVEL: 'warn' });
  const database = createDatabase({ connectionString: store.url }, { max: 4, onError: (error) => console.error(error.message) });
  try {
    // A series is made by its first reading, which lies after the year that is asked about.
    const first = Array.from({ length: series }, (_, i) => ({ indicator, place: `bench_${i}`, observedAt: end, value: 0 }));
    await createPoster(1)(`${server.url}/api/v1/readings`, Buffer.from(JSON.stringify({ readings: first })), 'application/json');
    const { rows } = await database.query<{ id: number }>("select id from series where indicator_id = $1 order by (substring(place_id from '\\d+'))::int", [indicator]);
    const ids = rows.map((row) => row.id);
    console.log(`filling ${ids.length} series × ${days} days …`);
    await fill(database, ids);
    await settled(database);
    await database.query('vacuum analyze reading');
    await database.query('vacuum analyze reading_1h');
    const results = [];
    for (const question of questions) {
      const result = await measure(server.url, database, { question, ids });
      results.push(result);
      console.log(`${result.name}: p50 ${result.p50Ms.toFixed(1)} ms, p95 ${result.p95Ms.toFixed(1)} ms (${result.points} points; floor p50 ${result.floorP50Ms.toFixed(1)} ms)`);
    }
    writeReport(store.engine === 'timescaledb' ? 'history-timescaledb' : 'history', {
      rows: ids.length * days * 1440,
      engine: store.engine,
      serverMaxRssMb: server.maxRssMb(),
      results,
    });
  } finally {
    await database.end();
    await server.stop();
  }
} finally {
  await store.close();
}
