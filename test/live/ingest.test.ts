/** The doors for readings, over HTTP, into a real store. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(async () => {
  await test?.stop();
});

const MINUTE = 60_000;
/** Each test takes an hour of its own, so that none meets another's readings. */
let hour = 0;
function freshTime(): number {
  hour++;
  return Math.floor(Date.now() / MINUTE) * MINUTE - hour * 60 * MINUTE;
}

const depth = (observedAt: unknown, value: unknown, more: object = {}) => ({ indicator: 'flood_depth', place: 'underpass_1', observedAt, value, ...more });
const post = (readings: unknown[], path = '/api/v1/readings') => test.call('POST', path, { body: { readings } });

async function stored(from: number, to: number, indicator = 'flood_depth', place = 'underpass_1') {
  const { json } = await test.call('GET', `/api/v1/history?indicator=${indicator}&place=${place}&from=${from}&to=${to}`);
  return json.series[0];
}

describe('JSON', () => {
  it('counts every reading once: new, repeated, corrected', async () => {
    const t = freshTime();
    expect((await post([depth(t, 1), depth(t + MINUTE, 2)])).json).toEqual({ accepted: 2, duplicates: 0, revised: 0, rejected: [] });
    expect((await post([depth(t, 1), depth(t + MINUTE, 2.5), depth(t + 2 * MINUTE, 3)])).json).toEqual({ accepted: 1, duplicates: 1, revised: 1, rejected: [] });
    expect((await stored(t, t + 3 * MINUTE)).last).toEqual([1, 2.5, 3]);
  });

  it('settles repeats inside one request: the last one sent is the truth', async () => {
    const t = freshTime();
    expect((await post([depth(t, 1), depth(t, 1), depth(t, 7)])).json).toEqual({ accepted: 1, duplicates: 1, revised: 1, rejected: [] });
    expect((await stored(t, t + MINUTE)).last).toEqual([7]);
  });

  it('takes ISO 8601 with an offset and epoch milliseconds for the same instant', async () => {
    const t = freshTime();
    const iso = new Date(t + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    expect((await post([depth(t, 4), depth(iso, 4)])).json).toMatchObject({ accepted: 1, duplicates: 1 });
  });

  it.each([
    ['an unknown indicator', { indicator: 'no_such' }, 'unknown_indicator', 'indicator'],
    ['an unknown place', { place: 'nowhere' }, 'unknown_place', 'place'],
    ['a place of the wrong grain', { place: 'riverside' }, 'wrong_grain', 'place'],
    ['an unknown facet', { facet: 'noise' }, 'unknown_facet', 'facet'],
    ['a value that is text', { value: '12' }, 'wrong_type', 'value'],
    ['a value that is null', { value: null }, 'wrong_type', 'value'],
    ['a missing value', { value: undefined }, 'missing_field', 'value'],
    ['a quality nobody knows', { quality: 'great' }, 'wrong_type', 'quality'],
    ['a local time', { observedAt: '2026-01-01T08:00:00' }, 'invalid_time', 'observedAt'],
    ['the 30th of February', { observedAt: '2026-02-30T08:00:00Z' }, 'invalid_time', 'observedAt'],
    ['a time before 1990', { observedAt: '1989-12-31T23:59:59Z' }, 'time_too_early', 'observedAt'],
    ['seconds in place of milliseconds', { observedAt: 1_700_000_000 }, 'time_too_early', 'observedAt'],
  ])('refuses %s by code, and keeps the good ones', async (_name, wrong, code, path) => {
    const t = freshTime();
    const { status, json } = await post([depth(t, 1), { ...depth(t + MINUTE, 2), ...wrong }, depth(t + 2 * MINUTE, 3)]);
    expect(status).toBe(200);
    expect(json).toMatchObject({ accepted: 2, rejected: [{ index: 1, code, path }] });
    expect(json.rejected[0].message).not.toBe('');
  });

  it('refuses a time more than ten minutes ahead, and takes one that is nine minutes ahead', async () => {
    const { json } = await post([
      { ...depth(Date.now() + 11 * MINUTE, 1), place: 'underpass_2' },
      { ...depth(Date.now() + 9 * MINUTE, 1), place: 'underpass_2' },
    ]);
    expect(json).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'time_ahead', path: 'observedAt' }] });
  });

  it('refuses bare NaN and Infinity one by one, though they are no JSON', async () => {
    const t = freshTime();
    const body = `{"readings":[${JSON.stringify(depth(t, 1))},{"indicator":"flood_depth","place":"underpass_1","observedAt":${t + MINUTE},"value":NaN},{"indicator":"flood_depth","place":"underpass_1","observedAt":${t + MINUTE},"value":-Infinity},{"indicator":"flood_depth","place":"underpass_1","observedAt":${t + MINUTE},"value":1e999}]}`;
    const { json } = await test.call('POST', '/api/v1/readings', { body, headers: { 'content-type': 'application/json' } });
    expect(json.accepted).toBe(1);
    expect(json.rejected.map((r: { index: number; code: string }) => [r.index, r.code])).toEqual([
      [1, 'not_finite'],
      [2, 'not_finite'],
      [3, 'not_finite'],
    ]);
  });

  it('keeps what is physically impossible as bad', async () => {
    const t = freshTime();
    expect((await post([depth(t, 9831), depth(t + MINUTE, 3)])).json.accepted).toBe(2);
    expect(await stored(t, t + 2 * MINUTE)).toMatchObject({ count: [0, 1], badCount: [1, 0], last: [null, 3] });
  });

  it.each([
    ['broken JSON', '{"readings":[', 'application/json', 400, 'malformed_json'],
    ['an empty body', '', 'application/json', 400, 'malformed_json'],
    ['JSON without a list', '{"reading":1}', 'application/json', 400, 'invalid_request'],
    ['another type', 'a=b', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
  ])('answers %s by code', async (_name, body, type, status, code) => {
    const answer = await test.call('POST', '/api/v1/readings', { body, headers: { 'content-type': type } });
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  });
});

describe('NDJSON and gzip', () => {
  it('takes one reading a line, and names a bad line by its position', async () => {
    const t = freshTime();
    const body = `${JSON.stringify(depth(t, 1))}\n\n{not json\n${JSON.stringify(depth(t + MINUTE, 2))}\n`;
    const { json } = await test.call('POST', '/api/v1/readings', { body, headers: { 'content-type': 'application/x-ndjson' } });
    expect(json).toMatchObject({ accepted: 2, rejected: [{ index: 2, code: 'malformed_json' }] });
  });

  it('unpacks gzip', async () => {
    const t = freshTime();
    const body = gzipSync(JSON.stringify({ readings: [depth(t, 1)] }));
    const { json } = await test.call('POST', '/api/v1/readings', { body, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
    expect(json.accepted).toBe(1);
  });

  it('refuses a gzip bomb, a body over the limit, and what only says it is gzip', async () => {
    const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const bomb = await test.call('POST', '/api/v1/readings', { body: gzipSync(Buffer.alloc(200 * 1024 * 1024, 32)), headers: gzip });
    expect([bomb.status, bomb.json.error.code]).toEqual([413, 'body_too_large']);
    const large = await test.call('POST', '/api/v1/readings', { body: ' '.repeat(17 * 1024 * 1024), headers: { 'content-type': 'application/json' } });
    expect([large.status, large.json.error.code]).toEqual([413, 'body_too_large']);
    const fake = await test.call('POST', '/api/v1/readings', { body: '{"readings":[]}', headers: gzip });
    expect([fake.status, fake.json.error.code]).toEqual([400, 'invalid_gzip']);
  });
});

describe('line protocol', () => {
  const write = (body: string, query = '') => test.call('POST', `/api/v2/write${query}`, { body, headers: { 'content-type': 'text/plain; charset=utf-8' } });

  it('stores field `value` under the measurement, others under measurement_field, and answers 204', async () => {
    const t = freshTime();
    const { status, text } = await write(`# a comment\nflood_depth,place=underpass_1 value=12.5 ${t}000000\nflood,place=underpass_1 depth=13i ${t + MINUTE}000000\n`);
    expect([status, text]).toEqual([204, '']);
    expect((await stored(t, t + 2 * MINUTE)).last).toEqual([12.5, 13]);
  });

  it.each([
    ['ms', 1],
    ['s', 1000],
  ])('understands precision=%s', async (precision, divisor) => {
    const t = freshTime();
    expect((await write(`flood_depth,place=underpass_1 value=1 ${t / divisor}`, `?precision=${precision}&org=o&bucket=b`)).status).toBe(204);
    expect((await stored(t, t + 1)).t).toEqual([t]);
  });

  it('names each bad line, and keeps the good ones', async () => {
    const t = freshTime();
    const answer = await write(
      `flood_depth,place=underpass_1 value=1 ${t}000000\nthis is no line\nflood_depth value=2 ${t}000000\nflood_depth,place=underpass_1 value="deep" ${t}000000\nno_such,place=underpass_1 value=1 ${t}000000\nflood_depth,place=underpass_1 value=5 ${t + MINUTE}000000`,
    );
    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe('lines_rejected');
    expect(answer.json.accepted).toBe(2);
    expect(answer.json.rejected.map((r: { line: number }) => r.line)).toEqual([2, 3, 4, 5]);
    expect((await stored(t, t + 2 * MINUTE)).last).toEqual([1, 5]);
  });

  it('also answers at /write, and takes the scheme `Token`', async () => {
    const t = freshTime();
    const answer = await test.call('POST', '/write?precision=u', {
      body: `flood_depth,place=underpass_1 value=1 ${t}000`,
      token: null,
      headers: { authorization: 'Token test-ingest-token-0123456789', 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(204);
  });

  it('refuses an unknown precision', async () => {
    const answer = await write('flood_depth,place=underpass_1 value=1', '?precision=fortnight');
    expect([answer.status, answer.json.error.code]).toEqual([400, 'invalid_request']);
  });
});

describe('sources', () => {
  it('converts units and end stamps at the door, and labels what is simulated', async () => {
    const t = freshTime();
    await post([{ indicator: 'flood_depth', place: 'underpass_2', observedAt: t, value: 10 }], '/api/v1/readings?source=imperial');
    expect((await stored(t, t + 1, 'flood_depth', 'underpass_2')).last[0]).toBeCloseTo(25.4, 9);
    await post([{ indicator: 'air_temperature', place: 'weather_1', observedAt: t, value: 95 }], '/api/v1/readings?source=imperial');
    const air = await stored(t - 20 * MINUTE, t + 1, 'air_temperature', 'weather_1');
    expect(air.t).toEqual([t - 10 * MINUTE]);
    expect(air.last[0]).toBeCloseTo(35, 9);
    const { json } = await test.call('GET', '/api/v1/latest?indicator=air_temperature');
    expect(json.latest[0]).toMatchObject({ simulated: true, place: 'weather_1' });
  });

  it('maps measurements and tags of a source', async () => {
    const t = freshTime();
    const answer = await test.call('POST', '/api/v2/write?source=imperial&precision=ms', {
      body: `weather,site=weather_1 temp=50 ${t}`,
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(204);
    expect((await stored(t - 20 * MINUTE, t, 'air_temperature', 'weather_1')).last[0]).toBeCloseTo(10, 9);
  });

  it('refuses a source that the catalogue does not know', async () => {
    const answer = await post([], '/api/v1/readings?source=nobody');
    expect([answer.status, answer.json.error.code]).toEqual([400, 'invalid_request']);
  });
});

it('takes nothing without a credential, or with a wrong one', async () => {
  for (const [token, path] of [
    [null, '/api/v1/readings'],
    ['wrong-token-wrong-token', '/api/v1/readings'],
    [null, '/api/v2/write'],
    [null, '/write'],
  ] as const) {
    const answer = await test.call('POST', path, { body: { readings: [] }, token });
    expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated']);
  }
});

it('logged nothing worth a warning', () => {
  expect(test.warnings).toEqual([]);
});
