/** Imported aggregates on both engines: whatever is sent in whatever order, what is stored is what a model of single buckets holds. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../server/db/pool.ts';
import type { Engine } from '../../server/db/time-series.ts';
import { resolutionNumber } from '../../server/readings/import-block.ts';
import type { ImportEntry } from '../../server/readings/import-merge.ts';
import { circumstancesOf, importedColumns } from '../../server/readings/store-history.ts';
import { importRows } from '../../server/readings/store-imports.ts';
import { addPreservedWindow, dropOldMarks } from '../../server/readings/store-retention.ts';
import type { Zone } from '../../server/readings/zone.ts';
import { engines, openEngine, type TestEngine } from '../support/engines.ts';
import { repository } from '../support/server.ts';
import { createImportsModel, type Form, type ImportedBucket } from './imports-model.ts';
import { aMoment, beginOf, type City, DAY, HOUR, levelOf, MINUTE, newCity, rainOf, write } from './time-series-city.ts';

const TIMES = Number(process.env['PROPERTY_RUNS'] ?? 1);
const RUNS: Readonly<Record<Engine, number>> = { postgresql: 14 * TIMES, timescaledb: 4 * TIMES };
/** Clocks change; days begin at 18:30 UTC. On TimescaleDB the table is a plain one, too. */
const zones: Readonly<Record<Engine, readonly string[]>> = { postgresql: ['America/New_York', 'Asia/Kolkata', 'Asia/Shanghai'], timescaledb: ['Asia/Shanghai'] };
const nominal = { '1m': MINUTE, '1h': HOUR, '1d': DAY } as const;
const resolutions = ['1m', '1h', '1d'] as const;

/** Entries as they might be sent: hours, days and minutes around blocks' borders and the change of clocks, few enough that they meet. */
const aSending = fc.record({
  form: fc.constantFrom<Form>('1m', '1m', '1h', '1d'),
  /** Hours after the beginning. */
  begins: fc.array(fc.constantFrom(0, 1, 4, 16, 23, 24, 47, 70, 71, 72, 190, 191, 192, 24 * 20, 24 * 130), { minLength: 1, maxLength: 4 }),
  n: fc.integer({ min: 1, max: 70 }),
  width: fc.constantFrom(1, 5, 15),
  of: fc.constantFrom(0, 1),
  value: fc.integer({ min: -9, max: 9 }),
});
type Sending = typeof aSending extends fc.Arbitrary<infer T> ? T : never;

function bucketsOf({ form, begins, n, width, value }: Sending, { base, zone }: { base: number; zone: Zone }): ImportedBucket[] {
  const step = form === '1m' ? width * MINUTE : nominal[form];
  const starts = begins.flatMap((hours) => Array.from({ length: form === '1m' ? n : Math.ceil(n / 8) }, (_, k) => base + hours * HOUR + k * step));
  return [...new Set(starts.map((t) => (form === '1d' ? zone.dayStart(t) : t)))]
    .sort((a, b) => a - b)
    .map((t, k) => {
      const count = (k + value + 9) % 4;
      const least = value + (k % 3) / 10;
      const isEmpty = count === 0;
      return {
        t,
        count,
        sum: isEmpty ? 0 : count === 1 ? least : count * least + 0.1,
        min: isEmpty ? null : least,
        max: isEmpty ? null : count === 1 ? least : least + 0.1,
        last: isEmpty ? null : least,
        bad: k % 11 === 0 ? 1 : 0,
        suspect: count > 1 ? 1 : 0,
        widthS: step / 1000,
        given: true,
      };
    });
}

function entryOf(series: number, form: Form, buckets: readonly ImportedBucket[]): ImportEntry {
  const column = (of: (bucket: ImportedBucket) => number | null): number[] => buckets.map((bucket) => of(bucket) ?? Number.NaN);
  return {
    series,
    resolution: resolutionNumber[form],
    widthMs: (buckets[0]?.widthS ?? 60) * 1000,
    rows: {
      row: buckets.map((_, i) => i),
      t: column(({ t }) => t),
      count: column(({ count }) => count),
      sum: column(({ sum }) => sum),
      min: column(({ min }) => min),
      max: column(({ max }) => max),
      last: column(({ last }) => last),
      bad: column(({ bad }) => bad),
      suspect: column(({ suspect }) => suspect),
    },
  };
}

type Shown = Omit<ImportedBucket, 'given'>;

async function shown(test: TestEngine, { series, form, range }: { series: number; form: Form; range: { from: number; to: number } }): Promise<Shown[]> {
  const [columns] = await importedColumns(test.database, resolutionNumber[form], { series: [series], ...range });
  if (columns === undefined) return [];
  const { t, count, sum, min, max, last, marked, bad_count: bad, suspect_count: suspect, width_s: width } = columns;
  const mark = (of: Float64Array, at: number): number => of[marked.indexOf(at)] ?? 0;
  const orNull = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
  return Array.from(t, (at, i) => ({
    t: at,
    count: count[i] as number,
    sum: sum[i] as number,
    min: orNull(min[i]),
    max: orNull(max[i]),
    last: orNull(last[i]),
    bad: mark(bad, at),
    suspect: mark(suspect, at),
    widthS: width[i] as number,
  }));
}

const withoutGiven = ({ given: _, ...bucket }: ImportedBucket): Shown => bucket;

async function checkAll(
  test: TestEngine,
  { series, model, range }: { series: number; model: ReturnType<typeof createImportsModel>; range: { from: number; to: number } },
): Promise<void> {
  for (const form of resolutions) expect(await shown(test, { series, form, range })).toEqual(model.buckets(form, range).map(withoutGiven));
  const [about] = await circumstancesOf(test.database, { series: [series], ...range, lateFrom: range.from });
  expect(about).toMatchObject({
    coarsest: model.coarsest(range),
    has_imports: resolutions.some((form) => model.buckets(form, { from: 0, to: Number.MAX_SAFE_INTEGER }).length > 0),
  });
}

function storesAsTheModel(open: () => TestEngine, timeZone: string): void {
  it('stores what the model holds, whatever was sent before and beside it', { timeout: 120_000 }, async () => {
    const test = open();
    const base = beginOf(timeZone).toMillis();
    const bounds = fc.tuple(fc.integer({ min: -1, max: 24 * 60 * 12 }), fc.integer({ min: 1, max: 60 * 30 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(aSending, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        bounds,
        async (requests, withReadings, [at, length]) => {
          const city = await newCity(test, base + 300 * DAY);
          const [level, rain] = [levelOf(city), rainOf(city)];
          const read = base + 24 * HOUR + 7 * MINUTE;
          if (withReadings) await write(city, aMoment(level, read));
          const models = new Map([level, rain].map((series) => [series, createImportsModel(timeZone)]));
          const send = async (sendings: readonly Sending[]): Promise<void> => {
            const entries = sendings.map((sending) => {
              const buckets = bucketsOf(sending, { base, zone: test.zone });
              const series = sending.of === 0 ? level : rain;
              return { series, form: sending.form, buckets };
            });
            const expected = entries.map(({ series, form, buckets }) =>
              models.get(series)?.take(form, buckets, (t) => withReadings && series === level && t <= read + 20_000 && t + (buckets[0]?.widthS ?? 0) * 1000 > read),
            );
            const outcomes = await importRows(test.database, { entries: entries.map(({ series, form, buckets }) => entryOf(series, form, buckets)), zone: test.zone });
            expect(outcomes).toEqual(expected);
          };
          for (const request of requests) await send(request);
          // What is sent again changes nothing more than it did the first time.
          await send(requests[0] as Sending[]);
          for (const [series, model] of models) {
            await checkAll(test, { series, model, range: { from: base - DAY, to: base + 200 * DAY } });
            // Bounds inside buckets, and in holes between them.
            const from = base + at * MINUTE + 1;
            await checkAll(test, { series, model, range: { from, to: from + length * MINUTE } });
          }
        },
      ),
      { numRuns: RUNS[test.engine], interruptAfterTimeLimit: 90_000, markInterruptAsFailure: false },
    );
  });
}

const migration = readFileSync(path.join(repository, 'server/db/migrations/0008-imported-blocks.sql'), 'utf8');
const OLD_TABLE = `create table imported (series_id int not null, resolution int2 not null, bucket timestamptz not null, width_s int not null, given boolean not null, count int not null,
  sum float8 not null, min float8, max float8, last float8, bad_count int not null, suspect_count int not null, primary key (series_id, resolution, bucket))`;

/** What is stored of a series, as the version before blocks had it. */
async function asOldRows(city: City, { series, model }: { series: number; model: ReturnType<typeof createImportsModel> }): Promise<void> {
  const { database } = city.test;
  for (const form of resolutions)
    for (const b of model.buckets(form, { from: 0, to: Number.MAX_SAFE_INTEGER }))
      await database.query('insert into imported values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
        series,
        resolutionNumber[form],
        instant(b.t),
        b.widthS,
        b.given,
        b.count,
        b.sum,
        b.min,
        b.max,
        b.last,
        b.bad,
        b.suspect,
      ]);
}

describe.each(engines)('%s', (engine) => {
  describe.each(zones[engine])('%s', (timeZone) => {
    let test: TestEngine;
    beforeAll(async () => {
      test = await openEngine(engine, { timeZone });
    });
    afterAll(() => test?.close());
    storesAsTheModel(() => test, timeZone);

    it('loses nothing of imports that come at the same time into one block', async () => {
      const base = beginOf(timeZone).toMillis();
      const series = levelOf(await newCity(test, base + 300 * DAY));
      const hours = Array.from({ length: 12 }, (_, k) => bucketsOf({ form: '1m', begins: [k], n: 12, width: 5, of: 0, value: k }, { base, zone: test.zone }));
      const model = createImportsModel(timeZone);
      for (const buckets of hours) model.take('1m', buckets, () => false);
      const outcomes = await Promise.all(hours.map((buckets) => importRows(test.database, { entries: [entryOf(series, '1m', buckets)], zone: test.zone })));
      expect(outcomes.flat().every(({ accepted }) => accepted === 12)).toBe(true);
      await checkAll(test, { series, model, range: { from: base - DAY, to: base + 2 * DAY } });
    });

    it('moves what the version before kept as single rows, and goes on from there', async () => {
      const base = beginOf(timeZone).toMillis();
      const city = await newCity(test, base + 300 * DAY);
      const series = levelOf(city);
      const model = createImportsModel(timeZone);
      const sendings: Sending[] = [
        { form: '1m', begins: [0, 4, 23, 47], n: 30, width: 15, of: 0, value: 1 },
        { form: '1m', begins: [16], n: 9, width: 1, of: 0, value: 2 },
        { form: '1h', begins: [24, 190], n: 40, width: 1, of: 0, value: 3 },
        { form: '1d', begins: [0, 24 * 130], n: 30, width: 1, of: 0, value: 4 },
      ];
      const buckets = sendings.map((sending) => bucketsOf(sending, { base, zone: test.zone }));
      for (const [i, { form }] of sendings.entries()) model.take(form, buckets[i] ?? [], () => false);
      await test.database.query('drop table imported_block');
      await test.database.query(OLD_TABLE);
      await asOldRows(city, { series, model });
      await test.database.transaction((connection) => connection.query(migration));
      const range = { from: base - DAY, to: base + 200 * DAY };
      await checkAll(test, { series, model, range });
      for (const minutes of [1, 14, 16, 60 * 5, 60 * 16 + 5, 60 * 24]) {
        const from = base + minutes * MINUTE;
        await checkAll(test, { series, model, range: { from, to: from + 11 * MINUTE } });
      }
      const again = { ...(sendings[0] as Sending), begins: [0, 1], value: 7 };
      const changed = bucketsOf(again, { base, zone: test.zone });
      const expected = model.take('1m', changed, () => false);
      expect(await importRows(test.database, { entries: [entryOf(series, '1m', changed)], zone: test.zone })).toEqual([expected]);
      await checkAll(test, { series, model, range });
    });

    it('ends imports by whole blocks, but not those that a preserved window of the series touches', async () => {
      const base = Date.UTC(2026, 0, 1);
      const city = await newCity(test, base + 400 * DAY);
      const [level, rain] = [levelOf(city), rainOf(city)];
      const hourly = (form: Form, n: number): ImportedBucket[] =>
        bucketsOf({ form, begins: [0], n: form === '1m' ? n : n * 8, width: 15, of: 0, value: 1 }, { base, zone: test.zone });
      const minutes = hourly('1m', 96 * 6);
      const entries = [level, rain].flatMap((series) => [entryOf(series, '1m', minutes), entryOf(series, '1d', hourly('1d', 300))]);
      await importRows(test.database, { entries, zone: test.zone });
      const window = { name: 'flood', from: base + 2 * DAY + HOUR, to: base + 3 * DAY + HOUR, indicators: ['level'], places: null, by: {}, now: city.now };
      const id = await test.database.transaction((connection) => addPreservedWindow(connection, window));
      const retain = (before: number) =>
        dropOldMarks(test.database, {
          series: [level, rain],
          imported: [
            { resolution: 1, before },
            { resolution: 2, before: null },
            { resolution: 3, before: null },
          ],
          revisionsBefore: null,
        });
      const range = { from: base, to: base + 400 * DAY };
      const daysLeft = async (series: number): Promise<number[]> => [...new Set((await shown(test, { series, form: '1m', range })).map(({ t }) => Math.floor((t - base) / DAY)))];
      const before = await shown(test, { series: rain, form: '1h', range });
      expect(before).toHaveLength(24 * 6);

      await retain(base + 4 * DAY + 5 * HOUR);
      expect(await daysLeft(rain)).toEqual([4, 5]);
      expect(await daysLeft(level)).toEqual([2, 3, 4, 5]);
      await retain(base + 100 * DAY);
      expect(await daysLeft(rain)).toEqual([]);
      expect(await daysLeft(level)).toEqual([2, 3]);
      // What was summed up from them stays.
      expect(await shown(test, { series: rain, form: '1h', range })).toEqual(before);
      await test.database.query('delete from preserved_window where id = $1', [id]);
      await retain(base + 100 * DAY);
      expect(await daysLeft(level)).toEqual([]);
    });
  });
});
