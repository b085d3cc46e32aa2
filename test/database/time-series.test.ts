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
import { openTimescaledbTimeSeries } from '../../server/db/timescaledb/time-series.ts';
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
      const intervalMs = one.of === 0 ? indicators.level.intervalMs : indicators.rain.intervalMs;
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

/** Runs of the property for each engine and zone: the in-process TimescaleDB takes seconds for each. PROPERTY_RUNS multiplies them. */
const TIMES = Number(process.env['PROPERTY_RUNS'] ?? 1);
const RUNS: Readonly<Record<Engine, number>> = { postgresql: 15 * TIMES, timescaledb: 4 * TIMES };
/** A failing run is made smaller for no longer than this, so that its seed is still told. */
const SHRINK_MS = 40_000 * TIMES;

const beginOf = (timeZone: string): DateTime => DateTime.fromISO('2026-03-06', { zone: timeZone });

function answersAsTheModel(open: () => TestEngine, timeZone: string): void {
  it('answers as the model at every moment, and stores what the model holds in the end', { timeout: SHRINK_MS + 60_000 }, async () => {
    const test = open();
    const base = beginOf(timeZone).toMillis();
    const range = {
      from: base,
      to: beginOf(timeZone)
        .plus({ days: DAYS + 1 })
        .toMillis(),
    };
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
      { numRuns: RUNS[test.engine], interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false },
    );
  });
}

const levelOf = (city: City): number => city.series[0]?.row.id as number;
const rainOf = (city: City): number => city.series[1]?.row.id as number;

/** Three readings, ten seconds apart. */
const aMoment = (series: number, at: number, value = 1): Sent[] => [0, 1, 2].map((k) => ({ series, observedAt: at + k * 10 * SECOND, value: value + k, quality: 0 }));

async function settle(city: City): Promise<void> {
  await consume(city);
  await refresh(city);
}

async function countOf(city: City, what: string, series: number): Promise<number> {
  const { rows } = await city.test.database.query<{ n: number }>(`select count(*) as n from ${what} where series_id = $1`, [series]);
  return rows[0]?.n ?? 0;
}

/** Observation times that are in a relation, oldest first. */
async function timesIn(city: City, relation: 'reading' | 'reading_preserved', series: number): Promise<number[]> {
  const { rows } = await city.test.database.query<{ t: number }>(`select observed_at as t from ${relation} where series_id = $1 order by 1`, [series]);
  return rows.map(({ t }) => t);
}

describe.each(engines)('%s', (engine) => {
  // Clocks change on the 8th, the end of a week; days that begin at 18:30 UTC, to which hours do not add up.
  describe.each(['America/New_York', 'Asia/Kolkata'])('%s', (timeZone) => {
    let test: TestEngine;
    beforeAll(async () => {
      test = await openEngine(engine, { timeZone });
    });
    afterAll(() => test?.close());
    answersAsTheModel(() => test, timeZone);
  });

  describe('Asia/Shanghai', () => {
    const base = beginOf('Asia/Shanghai').toMillis();
    let test: TestEngine;
    beforeAll(async () => {
      test = await openEngine(engine);
    });
    afterAll(() => test?.close());
    answersAsTheModel(() => test, 'Asia/Shanghai');

    it('what is sent again changes nothing, compressed or not', async () => {
      const city = await newCity(test, base + 2 * DAY);
      const sent = [...aMoment(levelOf(city), base), ...aMoment(levelOf(city), base + DAY), ...aMoment(rainOf(city), base + HOUR)];
      await write(city, sent);
      await settle(city);
      const traces = () =>
        test.database.query('select (select max(id) from touched) as touched, (select count(*) from reading_revision) as revised, (select count(*) from late_range) as late');
      const before = (await traces()).rows;
      for (const mayRepeat of [true, false]) await write(city, sent, mayRepeat);
      await compress(city);
      for (const mayRepeat of [true, false]) await write(city, sent, mayRepeat);
      expect((await traces()).rows).toEqual(before);
    });

    it('every value that was replaced is kept once, whoever was first, compressed or not', async () => {
      const city = await newCity(test, base + 2 * DAY);
      const series = levelOf(city);
      await write(city, aMoment(series, base, 100));
      await settle(city);
      await compress(city);
      await Promise.all(
        [1, 2, 3, 4].map((value) => {
          const builder = createBatchBuilder();
          builder.add({ series, observedAt: base, value, quality: 0 });
          return writeBatch(
            test.database,
            builder.finish((id) => id),
            { receivedAt: city.now, sourceId: null, mayRepeat: true, lateAfterMs: () => 15 * MINUTE, first: [], canCopy: false },
          );
        }),
      );
      const { rows: replaced } = await test.database.query<{ value: number }>('select value from reading_revision where series_id = $1', [series]);
      const { rows: stands } = await test.database.query<{ value: number }>('select value from reading where series_id = $1 and observed_at = $2', [series, instant(base)]);
      expect([...replaced, ...stands].map(({ value }) => value).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 100]);
      expect(await countOf(city, 'reading', series)).toBe(3);
    });

    it('an import fills what has no readings, and is refused where there are some', async () => {
      const city = await newCity(test, base + 2 * DAY);
      const series = levelOf(city);
      await write(city, aMoment(series, base, 5));
      await settle(city);
      await compress(city);
      const t = [base, base + HOUR, base + HOUR + MINUTE];
      const all = (value: number): number[] => t.map(() => value);
      const rows = { row: [0, 1, 2], t, count: all(6), sum: all(60), min: all(9), max: [11, 12, 11], last: [10, 10, 8], bad: all(0), suspect: all(1) };
      const input = { series, resolution: '1m' as const, widthMs: MINUTE, rows, timeZone: test.zone.name };
      expect(await importRows(test.database, input)).toEqual({ accepted: 2, duplicates: 0, revised: 0, withReadings: [0] });
      expect(await importRows(test.database, input)).toEqual({ accepted: 0, duplicates: 2, revised: 0, withReadings: [0] });
      const [hours] = await ask(city, { from: base, to: base + DAY }, 25);
      expect(toBuckets(hours as Answer)).toEqual([
        { t: base, count: 3, sum: 18, min: 5, max: 7, last: 7, bad: 0, suspect: 0 },
        { t: base + HOUR, count: 12, sum: 120, min: 9, max: 12, last: 8, bad: 0, suspect: 2 },
      ]);
      const [days] = await ask(city, { from: base, to: base + DAY }, 2);
      expect(toBuckets(days as Answer)).toEqual([{ t: base, count: 15, sum: 138, min: 5, max: 12, last: 8, bad: 0, suspect: 2 }]);
    });

    it('ends each class of readings at its time, keeps what is preserved, and never makes a rollup anew from what is gone', async () => {
      const now = base + 180 * DAY;
      const city = await newCity(test, now);
      const at = (age: number): number => now - age * DAY + 12 * HOUR;
      const ages = [1, 30, 59, 62, 70, 99, 140, 165];
      const [level, rain] = [levelOf(city), rainOf(city)];
      await write(
        city,
        ages.flatMap((age) => [...aMoment(level, at(age), age), ...aMoment(rain, at(age), -age)]),
      );
      await settle(city);
      await compress(city);
      const relations = ['reading_1h', 'reading_1d'] as const;
      const rollups = () => Promise.all([level, rain].map(async (series) => [await storedBuckets(city, relations[0], series), await storedBuckets(city, relations[1], series)]));
      const before = await rollups();

      const window = (age: number, indicatorIds: string[] | null) =>
        test.database.transaction((connection) =>
          addPreservedWindow(connection, { name: 'flood', from: at(age), to: at(age) + MINUTE, indicators: indicatorIds, places: null, by: {}, now }),
        );
      await window(70, ['level']);
      await window(140, null);
      const keep = (series: number, days: number): RetentionClass => {
        const cutoff = now - days * DAY;
        return { series: [series], before: { reading: cutoff, reading_1m: cutoff, reading_1h: null, reading_1d: null } };
      };
      await test.timeSeries.retain({ classes: [keep(level, 60), keep(rain, 100)], preserve: preserveReadings });

      const expected = (series: number, kept: readonly number[]): number[] =>
        kept.flatMap((age) => aMoment(series, at(age)).map(({ observedAt }) => observedAt)).sort((a, b) => a - b);
      expect(await timesIn(city, 'reading', level)).toEqual(expected(level, [1, 30, 59]));
      expect(await timesIn(city, 'reading', rain)).toEqual(expected(rain, [1, 30, 59, 62, 70, 99]));
      expect((await storedBuckets(city, 'reading_1m', level)).map(({ t }) => t)).toEqual(expected(level, [1, 30, 59]).filter((t) => t % MINUTE === 0));
      expect(await timesIn(city, 'reading_preserved', level)).toEqual(expected(level, [70, 140]));
      expect(await timesIn(city, 'reading_preserved', rain)).toEqual(expected(rain, [140]));
      expect(await rollups()).toEqual(before);

      // A late hour within the horizon is made anew; older ones are not, even when asked for.
      await write(city, aMoment(level, at(30) + 2 * HOUR, 7));
      await settle(city);
      await test.timeSeries.refresh(
        [level, rain].flatMap((series) => ages.map((age) => ({ series, from: Math.floor(at(age) / HOUR) * HOUR, to: (Math.floor(at(age) / HOUR) + 1) * HOUR }))),
      );
      for (const [i, relation] of relations.entries()) {
        const isNew = ({ t }: Bucket): boolean => t <= at(30) + 2 * HOUR && t > at(30) - DAY;
        const after = await storedBuckets(city, relation, level);
        expect(after.filter((bucket) => !isNew(bucket))).toEqual(before[0]?.[i]?.filter((bucket) => !isNew(bucket)));
        expect(after.filter(isNew).reduce((sum, { count }) => sum + count, 0)).toBe(6);
        expect(await storedBuckets(city, relation, rain)).toEqual(before[1]?.[i]);
      }

      // What is preserved is answered reading by reading, the rest of that time from the hours that are left.
      city.finestKept = (from) => (now - from <= 60 * DAY ? 'raw' : '1h');
      const [flood] = await ask(city, { from: at(140), to: at(140) + MINUTE }, 100);
      expect(flood).toMatchObject({ resolution: 'raw', last: [140, 141, 142] });
      const [old] = await ask(city, { from: at(165) - HOUR, to: at(165) + HOUR }, 100);
      expect(old).toMatchObject({ resolution: '1h', count: [3], max: [167] });
    });
  });
});

describe('timescaledb alone', () => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await openEngine('timescaledb');
  });
  afterAll(() => test?.close());
  const today = Math.floor(Date.now() / DAY) * DAY;

  const jobs = (proc: string, relation: string) =>
    test.database.query<{ job_id: number; days: number; scheduled: boolean }>(
      `select job_id, (extract(epoch from (config ->> 'compress_after')::interval) / 86400)::float8 as days, scheduled
       from timescaledb_information.jobs where proc_name = $1 and hypertable_name = $2`,
      [proc, relation],
    );
  const chunkAt = async (at: number): Promise<{ name: string; is_compressed: boolean }> => {
    const { rows } = await test.database.query<{ name: string; is_compressed: boolean }>(
      `select format('%I.%I', chunk_schema, chunk_name) as name, is_compressed from timescaledb_information.chunks
       where hypertable_name = 'reading' and range_start <= $1 and range_end > $1`,
      [instant(at)],
    );
    return rows[0] ?? { name: '', is_compressed: false };
  };

  it('compresses readings of the configured age by a job, and follows a change of the age', async () => {
    const city = await newCity(test, today);
    const [old, fresh] = [today - 60 * DAY, today - HOUR];
    await write(city, [...aMoment(levelOf(city), old), ...aMoment(levelOf(city), fresh)]);
    await settle(city);
    const { rows: first } = await jobs('policy_compression', 'reading');
    expect(first).toMatchObject([{ days: COMPRESS_AFTER_MS / DAY }]);
    await test.database.query(`call run_job(${first[0]?.job_id})`);
    expect([(await chunkAt(old)).is_compressed, (await chunkAt(fresh)).is_compressed]).toEqual([true, false]);

    const next = openTimescaledbTimeSeries(test.database, { timeZone: test.zone.name, hasWholeHours: true, compressAfterMs: 90 * DAY, canCopy: false });
    for (const _ of [1, 2]) await next.refresh([{ series: levelOf(city), from: fresh, to: fresh + HOUR }]);
    expect((await jobs('policy_compression', 'reading')).rows).toMatchObject([{ days: 90 }]);
  });

  it('opens only the compressed rows that a correction is about', async () => {
    const city = await newCity(test, today);
    const at = today - 70 * DAY;
    await write(city, [...aMoment(levelOf(city), at), ...aMoment(rainOf(city), at)]);
    await compress(city);
    await write(city, [{ series: rainOf(city), observedAt: at, value: 99, quality: 0 }]);
    const { rows } = await test.database.query<{ series_id: number }>(`select distinct series_id from only ${(await chunkAt(at)).name}`);
    expect(rows).toEqual([{ series_id: rainOf(city) }]);
    expect(await countOf(city, 'reading', rainOf(city))).toBe(3);
  });

  it('drops nothing from which a rollup must still be made', async () => {
    const city = await newCity(test, today);
    const series = levelOf(city);
    const ages = [80, 100, 120];
    const hours = ages.map((age) => today - age * DAY);
    await write(
      city,
      hours.flatMap((at) => aMoment(series, at)),
    );
    const before = { reading: today - 60 * DAY, reading_1m: today - 60 * DAY, reading_1h: null, reading_1d: null };
    const plan = { classes: [{ series: [series], before }], preserve: preserveReadings };
    await test.timeSeries.retain(plan);
    expect(await countOf(city, 'reading', series)).toBe(9);
    await consume(city);
    await test.timeSeries.retain(plan);
    expect(await countOf(city, 'reading', series)).toBe(9);
    await refresh(city);
    await test.timeSeries.retain(plan);
    expect(await countOf(city, 'reading', series)).toBe(0);
    expect((await storedBuckets(city, 'reading_1h', series)).map(({ t, count }) => [t, count])).toEqual([...hours].sort((a, b) => a - b).map((t) => [t, 3]));
  });

  it('refresh jobs leave the rollups of dropped readings alone, and rest where a moved clock drops what they would still refresh', async () => {
    const city = await newCity(test, today);
    const series = levelOf(city);
    await write(city, aMoment(series, today - 10 * DAY));
    await settle(city);
    const runAll = async (): Promise<boolean[]> => {
      const scheduled: boolean[] = [];
      for (const relation of ['reading_1m', 'reading_1h', 'reading_1d']) {
        const { rows } = await jobs('policy_refresh_continuous_aggregate', relation);
        for (const job of rows) {
          scheduled.push(job.scheduled);
          if (job.scheduled) await test.database.query(`call run_job(${job.job_id})`);
        }
      }
      return scheduled;
    };
    const retainFrom = (cutoff: number) =>
      test.timeSeries.retain({ classes: [{ series: [series], before: { reading: cutoff, reading_1m: cutoff, reading_1h: null, reading_1d: null } }], preserve: preserveReadings });
    const stored = () => storedBuckets(city, 'reading_1h', series);
    const before = await stored();
    expect(before).toHaveLength(1);
    await retainFrom(today - 5 * DAY);
    expect(await runAll()).toEqual([true, true, true]);
    expect(await stored()).toEqual(before);
    await retainFrom(today + 5 * DAY);
    expect(await runAll()).toEqual([false, false, false]);
    expect(await countOf(city, 'reading', series)).toBe(0);
    expect(await stored()).toEqual(before);
  });
});
