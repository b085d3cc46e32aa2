/** The past over HTTP: folds, imports, what came late, what is too old, what is preserved, and a caller who leaves. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { movableClock } from '../support/clock.ts';
import { INGEST_TOKEN, startTestServer, type TestServer } from '../support/server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHANGHAI_MS = 8 * HOUR;

const clock = movableClock();
let test: TestServer;
let cookie = '';
beforeAll(async () => {
  test = await startTestServer({ clock });
  cookie = await test.signIn();
});
afterAll(async () => {
  await test?.stop();
});

const send = async (readings: object[]) => (await test.call('POST', '/api/v1/readings', { body: { readings } })).json;
const depth = (place: string, observedAt: number, value: number) => ({ indicator: 'flood_depth', place, observedAt, value });
const history = async (query: string) => (await test.call('GET', `/api/v1/history?${query}`)).json;
const importRollups = (rollups: unknown[]) => test.call('POST', '/api/v1/rollups', { body: { rollups }, cookie });
/** Start of the city's day that lies `days` back. */
const day = (days: number): number => Math.floor((clock.now() + SHANGHAI_MS) / DAY) * DAY - SHANGHAI_MS - days * DAY;

describe('a fold', () => {
  it('takes the worst of a region’s stations at each time, and says how many were known', async () => {
    const from = day(3);
    await send([depth('underpass_1', from, 1), depth('underpass_2', from, 5), depth('underpass_3', from + 30_000, 3), depth('underpass_1', from + MINUTE, 2)]);
    const { series } = await history(`indicator=flood_depth&place=riverside&from=${from}&to=${from + 10 * MINUTE}`);
    expect(series).toMatchObject([
      {
        series: null,
        place: 'riverside',
        resolution: '1m',
        bucketMs: MINUTE,
        t: [from, from + MINUTE],
        max: [5, null],
        mean: [5, null],
        count: [3, 1],
        parts: { fold: 'max', total: 3, known: [3, 1] },
      },
    ]);
    const whole = await history(`indicator=flood_depth&place=riverside_city&from=${from}&to=${from + DAY}&points=2`);
    expect(whole.series).toMatchObject([{ place: 'riverside_city', resolution: '1d', t: [from], max: [5], parts: { known: [3] } }]);
  });
});

describe('imports', () => {
  it('are for people and the server’s own feed, not for every token that may send readings', async () => {
    const token = await test.server.identity.issueFeedToken();
    for (const [method, at, body, status] of [
      ['POST', '/api/v1/rollups', { rollups: [] }, 200],
      ['GET', '/api/v1/preserved', undefined, 200],
    ] as const) {
      expect((await test.call(method, at, { body })).status).toBe(403);
      expect((await test.call(method, at, { body, token })).status).toBe(status);
      expect((await test.call(method, at, { body, cookie })).status).toBe(status);
    }
  });

  it('note their source on the series, as readings do, and refuse one that nobody knows', async () => {
    const from = day(30);
    const rollup = { indicator: 'air_temperature', place: 'weather_1', resolution: '1h', t: [from], count: [1], sum: [21.5], min: [21.5], max: [21.5] };
    const sendAs = (source: string) => test.call('POST', `/api/v1/rollups?source=${source}`, { body: { rollups: [rollup] }, cookie });
    const series = async () => (await test.call('GET', '/api/v1/series?indicator=air_temperature&place=weather_1')).json.series;
    expect(await sendAs('nobody')).toMatchObject({ status: 400, json: { error: { code: 'invalid_request', path: 'source' } } });
    expect((await importRollups([rollup])).json).toMatchObject({ accepted: 1 });
    expect(await series()).toMatchObject([{ source: null, simulated: false }]);
    expect((await sendAs('imperial')).json).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await series()).toMatchObject([{ source: 'imperial', simulated: true }]);
    // Aggregates are in the indicator's own unit, whatever the source's readings are in.
    const answer = await history(`indicator=air_temperature&place=weather_1&from=${from}&to=${from + DAY}&points=25`);
    expect(answer.series).toMatchObject([{ simulated: true, t: [from], mean: [21.5] }]);
  });

  it('come in bodies as large as the other doors take, packed or not, and not larger', async () => {
    const body = JSON.stringify({ rollups: [] });
    const headers = { 'content-type': 'application/json' };
    expect((await test.call('POST', '/api/v1/rollups', { body: gzipSync(body), headers: { ...headers, 'content-encoding': 'gzip' }, cookie })).status).toBe(200);
    expect(await test.call('POST', '/api/v1/rollups', { body: `${body}${' '.repeat(16 * 1024 * 1024)}`, headers, cookie })).toMatchObject({
      status: 413,
      json: { error: { code: 'body_too_large' } },
    });
    // Of three that announce the largest body and send none of it there is no room for one.
    const url = new URL('/api/v1/rollups', test.url);
    const waiting = Array.from({ length: 3 }, () => httpRequest(url, { method: 'POST', headers: { ...headers, cookie, 'content-length': 16 * 1024 * 1024 } }));
    const answered = waiting.map(async (request) => {
      request.on('error', () => undefined);
      request.flushHeaders();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return { status: response.statusCode, retryAfter: response.headers['retry-after'] };
    });
    expect(await Promise.any(answered)).toEqual({ status: 503, retryAfter: '1' });
    for (const request of waiting) request.destroy();
    await Promise.allSettled(answered);
  });

  it('show where nothing finer is, sum up into hours and days, and stand beside readings', async () => {
    const from = day(10);
    const quarter = { indicator: 'air_temperature', place: 'weather_1', resolution: '1m', widthMs: 15 * MINUTE };
    const t = Array.from({ length: 96 }, (_, i) => from + i * 15 * MINUTE);
    const columns = { t, count: t.map(() => 15), sum: t.map((_, i) => 15 * i), min: t.map((_, i) => i - 1), max: t.map((_, i) => i + 1), last: t.map((_, i) => i) };
    expect((await importRollups([{ ...quarter, ...columns }])).json).toEqual({ accepted: 96, duplicates: 0, revised: 0, rejectedRows: 0, rejected: [] });
    expect((await importRollups([{ ...quarter, ...columns }])).json).toMatchObject({ accepted: 0, duplicates: 96 });

    const question = `indicator=air_temperature&place=weather_1&from=${from}&to=${from + DAY}`;
    const fine = (await history(`${question}&points=1000`)).series[0];
    expect(fine).toMatchObject({ resolution: '1m', bucketMs: 10 * MINUTE });
    expect([fine.t.length, fine.gapMs >= 15 * MINUTE, fine.max.at(-1)]).toEqual([96, true, 96]);
    const hours = (await history(`${question}&points=25`)).series[0];
    expect([hours.bucketMs, hours.t.length, hours.count[0], hours.max[0], hours.min[23]]).toEqual([HOUR, 24, 60, 4, 91]);
    const [whole] = (await history(`${question}&points=2`)).series;
    expect(whole).toMatchObject({ bucketMs: DAY, t: [from], count: [1440], min: [-1], max: [96], last: [95] });

    // A reading of that day is one more, not instead.
    await send([{ indicator: 'air_temperature', place: 'weather_1', observedAt: from + 5 * MINUTE, value: 50 }]);
    expect((await history(`${question}&points=2`)).series[0]).toMatchObject({ count: [1441], max: [96] });
    await test.server.settled();
    expect((await history(`${question}&points=2`)).series[0]).toMatchObject({ count: [1441], max: [96] });
    const refused = await importRollups([{ ...quarter, t: [from], count: [1], sum: [1], min: [1], max: [1] }]);
    expect(refused.json).toMatchObject({ accepted: 0, rejectedRows: 1, rejected: [{ index: 0, row: 0, code: 'has_readings', path: 't' }] });
  });

  it('name each bad row and each bad entry, and keep the others', async () => {
    const from = day(20);
    const good = { indicator: 'flood_depth', place: 'underpass_1', resolution: '1d', t: [from, from + DAY], count: [1440, 1440], sum: [1440, 1440], min: [1, 2], max: [1, 1] };
    const { json } = await importRollups([good, { ...good, place: 'atlantis' }, { ...good, count: [1] }, 'no rollup']);
    expect(json).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 0, row: 1, code: 'invalid_request', path: 'min' },
        { index: 1, row: null, code: 'unknown_place' },
        { index: 2, row: null, path: 'count' },
        { index: 3, row: null, code: 'wrong_type' },
      ],
    });
    const { series } = await history(`indicator=flood_depth&place=underpass_1&from=${from}&to=${from + HOUR}&points=5000`);
    expect(series[0]).toMatchObject({ resolution: '1d', t: [from], mean: [1] });
  });
});

describe('late readings', () => {
  it('mark the buckets that they changed after these were complete, and only those', async () => {
    const place = 'underpass_2';
    const from = (Math.floor(clock.now() / HOUR) + 1) * HOUR;
    clock.advance(from - clock.now());
    // In time: four minutes come together, when they are over.
    for (let i = 0; i < 120; i += 4) {
      clock.advance(4 * MINUTE);
      await send([0, 1, 2, 3].map((k) => depth(place, from + (i + k) * MINUTE, 1)));
    }
    const question = `indicator=flood_depth&place=${place}&from=${from}&to=${from + 2 * HOUR}`;
    const before = (await history(`${question}&points=3`)).series[0];
    clock.advance(HOUR);
    await send([depth(place, from + 70 * MINUTE, 9), depth(place, from + 10 * MINUTE, 1)]);
    for (const _ of ['from readings', 'rolled up']) {
      const hours = (await history(`${question}&points=3`)).series[0];
      expect(hours).toMatchObject({ bucketMs: HOUR, max: [1, 9], count: [60, 60], revised: [from + HOUR] });
      expect((await history(`${question}&points=500`)).series[0]).toMatchObject({ resolution: 'raw', revised: [from + 70 * MINUTE] });
      await test.server.settled();
    }
    expect(before.max).toEqual([1, 1]);
  });

  it('beyond the raw horizon are refused as too old, the others kept', async () => {
    const old = clock.now() - 61 * DAY;
    const answer = await send([depth('underpass_3', old, 1), depth('underpass_3', clock.now(), 2)]);
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'too_old', path: 'observedAt' }] });
  });
});

describe('retention', () => {
  it('ends readings and keeps their rollups; a preserved window outlives it', async () => {
    const flood = day(40);
    const place = 'underpass_3';
    await send(Array.from({ length: 60 }, (_, i) => depth(place, flood + i * MINUTE, i)));
    await send(Array.from({ length: 60 }, (_, i) => depth(place, flood + DAY + i * MINUTE, i)));
    await test.server.settled();
    const added = await test.call('POST', '/api/v1/preserved', {
      body: { name: 'flood', from: flood, to: flood + HOUR, indicators: ['flood_depth'], places: ['riverside'] },
      cookie,
    });
    expect(added.status).toBe(201);
    expect((await test.call('GET', '/api/v1/preserved', { cookie })).json.preserved).toMatchObject([
      { id: added.json.id, name: 'flood', places: expect.arrayContaining(['underpass_3']) },
    ]);

    // The indicator is measured each minute: its readings stand for its minutes, and are kept as long.
    clock.advance(460 * DAY);
    // Retention waits for what is still to be rolled up.
    await test.server.settled();
    await test.server.retained();
    const raw = (from: number) => history(`indicator=flood_depth&place=${place}&from=${from}&to=${from + HOUR}&points=1000`);
    expect((await raw(flood)).series[0]).toMatchObject({ resolution: 'raw', count: expect.arrayContaining([1]) });
    expect((await raw(flood)).series[0].t).toHaveLength(60);
    expect((await raw(flood + DAY)).series[0]).toMatchObject({ resolution: '1h', t: [flood + DAY], count: [60], max: [59] });
    const { rows } = await test.server.database.query<{ n: number }>('select count(*) as n from reading');
    expect(rows[0]?.n).toBe(0);

    cookie = await test.signIn();
    expect((await test.call('DELETE', `/api/v1/preserved/${added.json.id}`, { cookie })).status).toBe(204);
    await test.server.retained();
    expect((await raw(flood)).series[0]).toMatchObject({ resolution: '1h', count: [60] });
  });
});

describe('preserved windows', () => {
  it('keep imported minutes, and show them for each station and for the place that holds them', async () => {
    cookie = await test.signIn();
    const from = day(900);
    const t = Array.from({ length: 288 }, (_, i) => from + i * 5 * MINUTE);
    const rollup = (place: string, add: number) => {
      const values = t.map((_, i) => i + add);
      return { indicator: 'flood_depth', place, resolution: '1m', widthMs: 5 * MINUTE, t, count: t.map(() => 1), sum: values, min: values, max: values };
    };
    const places = ['underpass_1', 'underpass_2', 'underpass_3'];
    const body = { name: 'typhoon', from, to: from + DAY, indicators: ['flood_depth'] };
    expect((await test.call('POST', '/api/v1/preserved', { body, cookie })).status).toBe(201);
    const other = { ...rollup('underpass_1', 0), t: t.map((at) => at - 5 * DAY) };
    expect((await importRollups([...places.map((place, i) => rollup(place, i)), other])).json).toMatchObject({ accepted: 4 * 288 });
    await test.server.settled();
    await test.server.retained();
    const chart = async (place: string, begin: number) => (await history(`indicator=flood_depth&place=${place}&from=${begin}&to=${begin + DAY}&points=300`)).series[0];
    expect(await chart('underpass_3', from)).toMatchObject({ resolution: '1m', bucketMs: 5 * MINUTE, t, max: t.map((_, i) => i + 2) });
    expect(await chart('riverside', from)).toMatchObject({ resolution: '1m', t, max: t.map((_, i) => i + 2), parts: { known: t.map(() => 3) } });
    expect(await chart('underpass_1', from - 5 * DAY)).toMatchObject({ resolution: '1h', count: Array.from({ length: 24 }, () => 12) });
    expect(await chart('riverside', from - 5 * DAY)).toMatchObject({ resolution: '1h' });
  });
});

it('a caller who leaves stops the question in the database', async () => {
  const { port } = new URL(test.url);
  // The question waits for a lock, as a long one would for its rows.
  const { database } = test.server;
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const locked = database.transaction(async (connection) => {
    await connection.query('lock table imported_block in access exclusive mode');
    await held;
  });
  const waiting = async (): Promise<number> => {
    const { rows } = await database.query<{ n: number }>("select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%imported_block%'");
    return rows[0]?.n ?? 0;
  };
  const asked = httpRequest({ port, host: '127.0.0.1', path: '/api/v1/history?indicator=flood_depth&place=underpass_1', headers: { authorization: `Bearer ${INGEST_TOKEN}` } });
  asked.on('error', () => undefined);
  asked.end();
  await expect.poll(waiting).toBe(1);
  asked.destroy();
  await expect.poll(waiting).toBe(0);
  release();
  await locked;
});
