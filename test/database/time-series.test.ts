/**
 * One suite for both engines: whatever comes, in whatever order, and whatever is rolled up or compressed in between, every answer about
 * the past is that of a model which knows nothing of engines.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../server/db/pool.ts';
import type { Engine, RetentionClass } from '../../server/db/time-series.ts';
import { createBatchBuilder } from '../../server/readings/columns.ts';
import { resolutionNumber } from '../../server/readings/import-block.ts';
import { writeBatch } from '../../server/readings/store.ts';
import { importRows } from '../../server/readings/store-imports.ts';
import { addPreservedWindow, dropOldMarks, preserveReadings } from '../../server/readings/store-retention.ts';
import { engines, openEngine, type TestEngine } from '../support/engines.ts';
import {
  type Answer,
  aMoment,
  ask,
  beginOf,
  check,
  checkReadings,
  checkStored,
  compress,
  consume,
  countOf,
  DAY,
  HOUR,
  levelOf,
  MINUTE,
  newCity,
  rainOf,
  refresh,
  settle,
  storedBuckets,
  timesIn,
  toBuckets,
  write,
} from './time-series-city.ts';
import { type Bucket, type Width, widths } from './time-series-model.ts';
import { steps, take } from './time-series-steps.ts';

/** Days that the random readings are of. */
const DAYS = 4;
/** Runs of the property for each engine and zone: the in-process TimescaleDB takes seconds for each. PROPERTY_RUNS multiplies them. */
const TIMES = Number(process.env['PROPERTY_RUNS'] ?? 1);
const RUNS: Readonly<Record<Engine, number>> = { postgresql: 8 * TIMES, timescaledb: 2 * TIMES };
/** A failing run is made smaller for no longer than this, so that its seed is still told. */
const SHRINK_MS = 40_000 * TIMES;
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
      const input = { entries: [{ series, resolution: resolutionNumber['1m'], widthMs: MINUTE, rows }], zone: test.zone };
      expect(await importRows(test.database, input)).toEqual([{ accepted: 2, duplicates: 0, revised: 0, withReadings: [0] }]);
      expect(await importRows(test.database, input)).toEqual([{ accepted: 0, duplicates: 2, revised: 0, withReadings: [0] }]);
      const [hours] = await ask(city, { from: base, to: base + DAY }, 25);
      expect(toBuckets(hours as Answer)).toEqual([
        { t: base, count: 3, sum: 18, min: 5, max: 7, last: 7, bad: 0, suspect: 0 },
        { t: base + HOUR, count: 12, sum: 120, min: 9, max: 12, last: 8, bad: 0, suspect: 2 },
      ]);
      const [days] = await ask(city, { from: base, to: base + DAY }, 2);
      expect(toBuckets(days as Answer)).toEqual([{ t: base, count: 15, sum: 138, min: 5, max: 12, last: 8, bad: 0, suspect: 2 }]);
    });

    it('shows the imported minutes of a preserved window when those around it have given way to hours, and only where they are all there', async () => {
      const now = base + 500 * DAY;
      const city = await newCity(test, now);
      const series = rainOf(city);
      const t = Array.from({ length: 4 * 288 }, (_, i) => base + i * 5 * MINUTE).filter((at) => at < base + DAY + 10 * HOUR || at >= base + DAY + 13 * HOUR);
      const all = (of: (i: number) => number): number[] => t.map((_, i) => of(i));
      const rows = {
        row: all((i) => i),
        t,
        count: all(() => 1),
        sum: all((i) => i),
        min: all((i) => i),
        max: all((i) => i),
        last: all((i) => i),
        bad: all(() => 0),
        suspect: all(() => 0),
      };
      await importRows(test.database, { entries: [{ series, resolution: resolutionNumber['1m'], widthMs: 5 * MINUTE, rows }], zone: test.zone });
      const preserve = (from: number, to: number) =>
        test.database.transaction((connection) => addPreservedWindow(connection, { name: 'typhoon', from, to, indicators: ['rain'], places: null, by: {}, now }));
      // The station was silent for three hours of the storm.
      const flood = { from: base + DAY + 8 * HOUR, to: base + DAY + 20 * HOUR };
      await preserve(flood.from, flood.to);
      const before = now - 400 * DAY;
      const imported = [
        { resolution: 1, before },
        { resolution: 2, before: null },
        { resolution: 3, before: null },
      ] as const;
      await dropOldMarks(test.database, { series: [series], imported, revisionsBefore: null });
      city.finestKept = (from) => (now - from <= 400 * DAY ? 'raw' : '1h');
      const rain = async (range: { from: number; to: number }) => (await ask(city, range, 300))[1] as Answer;

      expect(await rain(flood)).toMatchObject({ resolution: '1m', bucketMs: 5 * MINUTE });
      expect((await rain(flood)).t).toEqual(t.filter((at) => at >= flood.from && at < flood.to));
      // A little beyond the window nothing is lost by it; far beyond it is.
      expect(await rain({ from: flood.from - 20 * MINUTE, to: flood.to + 20 * MINUTE })).toMatchObject({ resolution: '1m' });
      const wide = await rain({ from: flood.from - 10 * HOUR, to: flood.to });
      expect(wide).toMatchObject({ resolution: '1h' });
      expect(wide.count.reduce((a, b) => a + b, 0)).toBe(19 * 12);
      // The minutes of this one were gone before it was asked for.
      const late = { from: base + 3 * DAY, to: base + 3 * DAY + 6 * HOUR };
      await preserve(late.from, late.to);
      expect(await rain(late)).toMatchObject({ resolution: '1h', count: Array.from({ length: 6 }, () => 12) });
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
      const keep = (series: number, days: number): RetentionClass => ({
        series: [series],
        before: { reading: now - days * DAY, reading_1m: now - 100 * DAY, reading_1h: null, reading_1d: null },
      });
      await test.timeSeries.retain({ classes: [keep(level, 60), keep(rain, 100)], preserve: preserveReadings });

      const expected = (series: number, kept: readonly number[]): number[] =>
        kept.flatMap((age) => aMoment(series, at(age)).map(({ observedAt }) => observedAt)).sort((a, b) => a - b);
      expect(await timesIn(city, 'reading', level)).toEqual(expected(level, [1, 30, 59]));
      expect(await timesIn(city, 'reading', rain)).toEqual(expected(rain, [1, 30, 59, 62, 70, 99]));
      const minutes = await storedBuckets(city, 'reading_1m', level);
      expect(minutes.map(({ t }) => t)).toEqual(expected(level, [1, 30, 59, 62, 70, 99]).filter((t) => t % MINUTE === 0));
      expect(await timesIn(city, 'reading_preserved', level)).toEqual(expected(level, [70, 140]));
      expect(await timesIn(city, 'reading_preserved', rain)).toEqual(expected(rain, [140]));
      expect(await rollups()).toEqual(before);

      // A late hour within the horizon is made anew; older ones are not, even when asked for.
      await write(city, aMoment(level, at(30) + 2 * HOUR, 7));
      await settle(city);
      await test.timeSeries.refresh(
        [level, rain].flatMap((series) => ages.map((age) => ({ series, from: Math.floor(at(age) / HOUR) * HOUR, to: (Math.floor(at(age) / HOUR) + 1) * HOUR }))),
      );
      expect((await storedBuckets(city, 'reading_1m', level)).filter(({ t }) => t !== at(30) + 2 * HOUR)).toEqual(minutes);
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
      const [narrow] = await ask(city, { from: at(140), to: at(140) + MINUTE }, 2);
      expect(narrow).toMatchObject({ resolution: '1m', t: [at(140)], count: [3], max: [142] });
      const [old] = await ask(city, { from: at(165) - HOUR, to: at(165) + HOUR }, 100);
      expect(old).toMatchObject({ resolution: '1h', count: [3], max: [167] });
    });
  });
});
