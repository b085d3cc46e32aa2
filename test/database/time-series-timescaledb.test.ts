/** What only TimescaleDB has: compression and refresh by jobs, chunks that end as a whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../server/db/pool.ts';
import { openTimescaledbTimeSeries } from '../../server/db/timescaledb/time-series.ts';
import { preserveReadings } from '../../server/readings/store-retention.ts';
import { COMPRESS_AFTER_MS, openEngine, type TestEngine } from '../support/engines.ts';
import { aMoment, compress, consume, countOf, DAY, HOUR, levelOf, newCity, rainOf, refresh, settle, storedBuckets, write } from './time-series-city.ts';

describe('timescaledb', () => {
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

  it('takes a late batch that opens more compressed rows than TimescaleDB lets a transaction open unless told', async () => {
    const at = today - 90 * DAY;
    const series = Array.from({ length: 110 }, (_, i) => 1_000_000 + i);
    await test.database.query(
      `insert into reading (series_id, observed_at, value, quality)
       select s, $2::timestamptz + k * interval '1 second', k, 0 from unnest($1::int[]) as s cross join generate_series(0, 999) as k`,
      [series, instant(at)],
    );
    await test.database.query(`select compress_chunk('${(await chunkAt(at)).name}')`);
    const city = await newCity(test, today);
    await write(
      city,
      series.map((one) => ({ series: one, observedAt: at + 1500, value: 1, quality: 0 })),
    );
    const { rows } = await test.database.query<{ n: number }>('select count(*) as n from reading where series_id = any ($1)', [series]);
    expect(rows).toEqual([{ n: series.length * 1001 }]);
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
