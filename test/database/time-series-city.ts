/** A city whose readings are written, followed, compressed and asked for by the code that the server runs, with the model beside it. */
import { DateTime } from 'luxon';
import { expect } from 'vitest';
import { followRollup, followTouched } from '../../server/compose/hand-over.ts';
import { historyStore } from '../../server/compose/history.ts';
import { type Indicator, indicatorSchema, type Resolution, type Series } from '../../server/contract/index.ts';
import { ensureSeries } from '../../server/indicators/store.ts';
import { createBatchBuilder } from '../../server/readings/columns.ts';
import { readHistory } from '../../server/readings/history.ts';
import { writeBatch } from '../../server/readings/store.ts';
import type { TestEngine } from '../support/engines.ts';
import { type Bucket, createModel, type Model, type Sent, type Width, widths } from './time-series-model.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const anIndicator = (id: string, intervalMs: number): Indicator =>
  indicatorSchema.parse({
    id,
    name: { zh: id, en: id },
    domain: 'water',
    domainName: { zh: '水', en: 'Water' },
    group: 'water',
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
export const indicators = { level: anIndicator('level', 10 * SECOND), rain: anIndicator('rain', 5 * MINUTE) };

/** A store, a city's clock and two new series, with the model beside them. */
export interface City {
  test: TestEngine;
  model: Model;
  series: readonly { row: Series; indicator: Indicator }[];
  now: number;
  /** What history is told to be still there. */
  finestKept(from: number): Resolution;
}

let places = 0;

export async function newCity(test: TestEngine, now: number): Promise<City> {
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

export async function write(city: City, sent: readonly Sent[], mayRepeat = true): Promise<void> {
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

export async function consume({ test, now }: City): Promise<void> {
  while (await followTouched(test.database, now));
}

export async function refresh({ test, now }: City): Promise<void> {
  while (await followRollup(test.database, test.timeSeries, { now, pace: 'all' }));
}

/** Compresses all that can be, whatever its age; what was compressed and has changed is compressed again. */
export async function compress({ test }: City): Promise<void> {
  if (test.engine === 'postgresql') return;
  for (const relation of ['reading', 'reading_1m']) await test.database.query(`select compress_chunk(chunk) from show_chunks('${relation}') as chunk`);
}

export async function ask(city: City, range: { from: number; to: number }, points: number) {
  const { store, zone, finestKept } = { store: historyStore(city.test.database), zone: city.test.zone, finestKept: (_: Indicator, from: number) => city.finestKept(from) };
  const wanted = city.series.map(({ row, indicator }) => ({ kind: 'series' as const, series: row, indicator }));
  const answers = [];
  for await (const answer of readHistory({ store, zone, finestKept }, wanted, { ...range, points })) answers.push(answer);
  return answers;
}

export type Answer = Awaited<ReturnType<typeof ask>>[number];

export const toBuckets = (answer: Answer): Bucket[] =>
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
export async function check(city: City, width: Width, range: { from: number; to: number }): Promise<void> {
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

export async function checkReadings(city: City, range: { from: number; to: number }): Promise<void> {
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
export async function storedBuckets({ test }: City, relation: 'reading_1m' | 'reading_1h' | 'reading_1d', series: number): Promise<Bucket[]> {
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

export async function checkStored(city: City, range: { from: number; to: number }): Promise<void> {
  const { rows } = await city.test.database.query('select from dirty_hour');
  expect(rows).toHaveLength(0);
  for (const { row, indicator } of city.series) {
    const hasMinutes = city.test.engine === 'timescaledb' || indicator === indicators.level;
    expect(await storedBuckets(city, 'reading_1m', row.id)).toEqual(hasMinutes ? city.model.buckets(row.id, '1m', range) : []);
    expect(await storedBuckets(city, 'reading_1h', row.id)).toEqual(city.model.buckets(row.id, '1h', range));
    expect(await storedBuckets(city, 'reading_1d', row.id)).toEqual(city.model.buckets(row.id, '1d', range));
  }
}
export const beginOf = (timeZone: string): DateTime => DateTime.fromISO('2026-03-06', { zone: timeZone });
export const levelOf = (city: City): number => city.series[0]?.row.id as number;
export const rainOf = (city: City): number => city.series[1]?.row.id as number;

/** Three readings, ten seconds apart. */
export const aMoment = (series: number, at: number, value = 1): Sent[] => [0, 1, 2].map((k) => ({ series, observedAt: at + k * 10 * SECOND, value: value + k, quality: 0 }));

export async function settle(city: City): Promise<void> {
  await consume(city);
  await refresh(city);
}

export async function countOf(city: City, what: string, series: number): Promise<number> {
  const { rows } = await city.test.database.query<{ n: number }>(`select count(*) as n from ${what} where series_id = $1`, [series]);
  return rows[0]?.n ?? 0;
}

/** Observation times that are in a relation, oldest first. */
export async function timesIn(city: City, relation: 'reading' | 'reading_preserved', series: number): Promise<number[]> {
  const { rows } = await city.test.database.query<{ t: number }>(`select observed_at as t from ${relation} where series_id = $1 order by 1`, [series]);
  return rows.map(({ t }) => t);
}
