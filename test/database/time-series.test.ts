/**
 * One suite for both engines: whatever comes, in whatever order, and whatever is rolled up or compressed in between, every answer about
 * the past is that of a model which knows nothing of engines.
 */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followRollup, followTouched } from '../../server/compose/hand-over.ts';
import { historyStore } from '../../server/compose/history.ts';
import { type Indicator, indicatorSchema, type Resolution, type Series } from '../../server/contract/index.ts';
import { instant } from '../../server/db/pool.ts';
import type { Engine, RetentionClass } from '../../server/db/time-series.ts';
import { ensureSeries } from '../../server/indicators/store.ts';
import { createBatchBuilder } from '../../server/readings/columns.ts';
import { readHistory } from '../../server/readings/history.ts';
import { writeBatch } from '../../server/readings/store.ts';
import { importRows } from '../../server/readings/store-imports.ts';
import { addPreservedWindow, preserveReadings } from '../../server/readings/store-retention.ts';
import { COMPRESS_AFTER_MS, engines, openEngine, type TestEngine } from '../support/engines.ts';
import { type Bucket, createModel, type Model, type Sent, type Width, widths } from './time-series-model.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS = 4;

const anIndicator = (id: string, intervalMs: number): Indicator =>
  indicatorSchema.parse({
    id,
    name: { zh: id, en: id },
    domain: 'water',
    domainName: { zh: '水', en: 'Water' },
    unit: 'cm',
    unitLabel: { zh: '厘米', en: 'cm' },
    kind: 'gauge',
    grain: 'station',
    fold: 'max',
    intervalMs,
    staleAfterMs: 15 * MINUTE,
    worse: 'high',
    decimals: 0,
    facets: [],
    mapStyle: 'dot',
    retired: false,
  });

/** One is measured more often than once a minute and has minutes of its own; the other's readings are its minutes. */
const indicators = { level: anIndicator('level', 10 * SECOND), rain: anIndicator('rain', 5 * MINUTE) };

/** A store, a city's clock and two new series, with the model beside them. */
interface City {
  test: TestEngine;
  model: Model;
  series: readonly { row: Series; indicator: Indicator }[];
  now: number;
  /** What history is told to be still there. */
  finestKept(from: number): Resolution;
}

let places = 0;

async function newCity(test: TestEngine, now: number): Promise<City> {
  const place = `station_${++places}`;
  const { database } = test;
  await database.query("insert into place (id, kind, name_zh, name_en) values ($1, 'station', $1, $1)", [place]);
  for (const indicator of Object.values(indicators))
    await database.query('insert into indicator (id, definition) values ($1, $2) on conflict do nothing', [indicator.id, JSON.stringify(indicator)]);
  const rows = await ensureSeries(database, Object.keys(indicators).map((indicator) => ({ indicator, place, facet: null })) as Parameters<typeof ensureSeries>[1], {
    now,
    simulated: false,
    sourceId: null,
  });
  const series = rows.map((row) => ({ row, indicator: indicators[row.indicator as keyof typeof indicators] }));
  return { test, model: createModel(test.zone.name), series, now, finestKept: () => 'raw' };
}

async function write(city: City, sent: readonly Sent[], mayRepeat = true): Promise<void> {
  const { test, model, now } = city;
  const builder = createBatchBuilder();
  for (const reading of sent) builder.add(reading);
  const first = [...new Set(sent.map(({ series }) => series))].filter((series) => !model.has(series));
  const context = { receivedAt: now, sourceId: null, mayRepeat, lateAfterMs: () => 15 * MINUTE, first, canCopy: test.timeSeries.entry === 'copy' };
  await test.timeSeries.ensure(sent.map(({ observedAt }) => observedAt));
  const { accepted, duplicates, revised } = await writeBatch(
    test.database,
    builder.finish((series) => series),
    context,
  );
  expect({ accepted, duplicates, revised }).toEqual(model.write(sent, now));
}

async function consume({ test, now }: City): Promise<void> {
  while (await followTouched(test.database, now));
}

async function refresh({ test, now }: City): Promise<void> {
  while (await followRollup(test.database, test.timeSeries, { now, all: true }));
}

/** Compresses all that can be, whatever its age; what was compressed and has changed is compressed again. */
async function compress({ test }: City): Promise<void> {
  if (test.engine === 'postgresql') return;
  for (const relation of ['reading', 'reading_1m']) await test.database.query(`select compress_chunk(chunk) from show_chunks('${relation}') as chunk`);
}

async function ask(city: City, range: { from: number; to: number }, points: number) {
  const { store, zone, finestKept } = { store: historyStore(city.test.database), zone: city.test.zone, finestKept: (_: Indicator, from: number) => city.finestKept(from) };
  const wanted = city.series.map(({ row, indicator }) => ({ kind: 'series' as const, series: row, indicator }));
  const answers = [];
  for await (const answer of readHistory({ store, zone, finestKept }, wanted, { ...range, points })) answers.push(answer);
  return answers;
}

type Answer = Awaited<ReturnType<typeof ask>>[number];

const toBuckets = (answer: Answer): Bucket[] =>
  answer.t.map((t, i) => ({
    t,
    count: answer.count[i] as number,
    sum: answer.sum[i] as number,
    min: answer.min[i] as number | null,
    max: answer.max[i] as number | null,
    last: answer.last[i] as number | null,
    bad: answer.badCount[i] as number,
    suspect: answer.suspectCount[i] as number,
  }));

/** History at this width is the model's, revised marks and all. */
async function check(city: City, width: Width, range: { from: number; to: number }): Promise<void> {
  const answers = await ask(city, range, Math.ceil((range.to - range.from) / widths[width].ms) + 1);
  for (const [i, { row, indicator }] of city.series.entries()) {
    const answer = answers[i] as Answer;
    // A minute of what comes every five minutes is the reading itself.
    if (answer.resolution === 'raw') continue;
    expect(answer).toMatchObject({ resolution: widths[width].resolution, bucketMs: widths[width].ms });
    const buckets = city.model.buckets(row.id, width, range);
    expect(toBuckets(answer)).toEqual(buckets);
    expect(answer.mean).toEqual(buckets.map(({ count, sum }) => (count === 0 ? null : sum / count)));
    expect(answer.revised).toEqual(city.model.revised(row.id, width, { starts: buckets.map(({ t }) => t), staleMs: indicator.staleAfterMs }));
  }
}

async function checkReadings(city: City, range: { from: number; to: number }): Promise<void> {
  const answers = await ask(city, range, (range.to - range.from) / SECOND);
  for (const [i, { row }] of city.series.entries()) {
    const answer = answers[i] as Answer;
    const readings = city.model.readings(row.id, range.from, range.to);
    expect(answer.resolution).toBe('raw');
    expect(answer.t).toEqual(readings.map(({ observedAt }) => observedAt));
    expect(answer.last).toEqual(readings.map(({ value, quality }) => ((quality & 3) === 2 ? null : value)));
    expect(answer.badCount).toEqual(readings.map(({ quality }) => ((quality & 3) === 2 ? 1 : 0)));
    expect(answer.suspectCount).toEqual(readings.map(({ quality }) => ((quality & 3) === 1 ? 1 : 0)));
  }
}

/** Rows as they are stored, not as the engine would show them in real time. */
async function storedBuckets({ test }: City, relation: 'reading_1m' | 'reading_1h' | 'reading_1d', series: number): Promise<Bucket[]> {
  let table: string = relation;
  if (test.engine === 'timescaledb') {
    const { rows } = await test.database.query<{ name: string }>(
      "select format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) as name from timescaledb_information.continuous_aggregates where view_name = $1",
      [relation],
    );
    table = rows[0]?.name as string;
  }
  const { rows } = await test.database.query<Bucket>(
    `select bucket as t, count, sum, min, max, last, bad_count as bad, suspect_count as suspect from ${table} where series_id = $1 order by bucket`,
    [series],
  );
  return rows;
}

async function checkStored(city: City, range: { from: number; to: number }): Promise<void> {
  const { rows } = await city.test.database.query('select from dirty_hour');
  expect(rows).toHaveLength(0);
  for (const { row, indicator } of city.series) {
    const hasMinutes = city.test.engine === 'timescaledb' || indicator === indicators.level;
    expect(await storedBuckets(city, 'reading_1m', row.id)).toEqual(hasMinutes ? city.model.buckets(row.id, '1m', range) : []);
    expect(await storedBuckets(city, 'reading_1h', row.id)).toEqual(city.model.buckets(row.id, '1h', range));
    expect(await storedBuckets(city, 'reading_1d', row.id)).toEqual(city.model.buckets(row.id, '1d', range));
  }
}

type Step =
  | { do: 'write'; readings: readonly (Omit<Sent, 'series' | 'observedAt'> & { of: number; hour: number; minute: number; second: number })[]; mayRepeat: boolean }
  | { do: 'backfill'; of: number; hour: number; n: number; value: number }
  | { do: 'consume' | 'refresh' | 'compress' }
  | { do: 'pass'; ms: number };

/** Hours around the days' ends and the change of clocks, few enough that readings meet. */
const hour = fc.constantFrom(0, 1, 23, 24, 25, 26, 27, 30, 47, 48, 72, 94);
const reading = fc.record({
  of: fc.constantFrom(0, 1),
  hour,
  minute: fc.constantFrom(0, 5, 30, 55),
  second: fc.constantFrom(0, 10, 50),
  value: fc.integer({ min: -9, max: 9 }),
  quality: fc.constantFrom(0, 0, 0, 1, 5, 2, 14),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), readings: fc.array(reading, { minLength: 1, maxLength: 30 }), mayRepeat: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('backfill' as const), of: fc.constantFrom(0, 1), hour, n: fc.integer({ min: 1, max: 200 }), value: fc.integer({ min: -9, max: 9 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('consume' as const, 'refresh' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compress' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(MINUTE, HOUR, 26 * HOUR) }) },
);
const steps = fc.array(fc.record({ step, look: fc.constantFrom<Width>('1m', '10m', '1h', '6h', '1d', '7d') }), { minLength: 4, maxLength: 14 });

async function take(city: City, one: Step, base: number): Promise<void> {
  const id = (of: number): number => city.series[of]?.row.id as number;
  switch (one.do) {
    case 'write':
      return write(
        city,
        one.readings.map(({ of, hour: h, minute, second, value, quality }) => ({
          series: id(of),
          observedAt: base + h * HOUR + minute * MINUTE + (of === 0 ? second * SECOND : 0),
          value,
          quality,
        })),
        one.mayRepeat,
      );
    case 'backfill': {
      const { intervalMs } = city.series[one.of]?.indicator as Indicator;
      return write(
        city,
        Array.from({ length: one.n }, (_, k) => ({ series: id(one.of), observedAt: base + one.hour * HOUR + k * intervalMs, value: one.value + (k % 3), quality: 0 })),
        false,
      );
    }
    case 'consume':
      return consume(city);
    case 'refresh':
      return refresh(city);
    case 'compress':
      return compress(city);
    case 'pass':
      city.now += one.ms;
  }
}

/** Runs of the property for each engine and zone: the in-process TimescaleDB takes seconds for each. */
const RUNS: Readonly<Record<Engine, number>> = { postgresql: 12, timescaledb: 2 };
/** A failing run is made smaller for no longer than this, so that its seed is still told. */
const SHRINK_MS = 40_000;

const zones = [
  ['Asia/Shanghai', '2026-03-06'],
  // Clocks change on the 8th, which is a Sunday: the end of a week, too.
  ['America/New_York', '2026-03-06'],
  // Its days begin at 18:30 UTC, so hours do not add up to them.
  ['Asia/Kolkata', '2026-03-06'],
] as const;

describe.each(engines)('%s', (engine) => {
  describe.each(zones)('%s', (timeZone, firstDay) => {
    const begin = DateTime.fromISO(firstDay, { zone: timeZone });
    const base = begin.toMillis();
    const range = { from: base, to: begin.plus({ days: DAYS + 1 }).toMillis() };
    let test: TestEngine;
    beforeAll(async () => {
      test = await openEngine(engine, { timeZone });
    });
    afterAll(() => test?.close());

    it('answers as the model at every moment, and stores what the model holds in the end', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          const city = await newCity(test, base + 30 * HOUR);
          for (const { step: one, look } of all) {
            await take(city, one, base);
            await check(city, look, range);
          }
          for (const width of Object.keys(widths) as Width[]) await check(city, width, range);
          await checkReadings(city, range);
          city.now += 10 * DAY;
          await consume(city);
          await refresh(city);
          for (const width of Object.keys(widths) as Width[]) await check(city, width, range);
          await checkStored(city, range);
        }),
        { numRuns: RUNS[engine], interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false },
      );
    });
  });
});
