/** Whatever is sent to the doors is answered, and what was not taken is counted; nothing ends the server. Random, but the same in every run. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(async () => {
  await test?.stop();
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = seeded(20_261_124);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const now = Date.now();
const good = { indicator: 'flood_depth', place: 'underpass_1', observedAt: now, value: 3 };
const oddities: readonly unknown[] = [
  null,
  true,
  [],
  {},
  '',
  'NaN',
  '\u0000',
  'a\ud800',
  -0,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  '2026-13-45T99:00:00Z',
  '2026-02-30T00:00:00+08:00',
  'x'.repeat(70_000),
  { toString: 'no', __proto__: null, constructor: 1 },
  [[[[]]]],
  '水\u202e😀',
];
const keys = ['indicator', 'place', 'facet', 'observedAt', 'value', 'quality', 'qualityReason', '__proto__'];

function oddReading(): unknown {
  if (random() < 0.2) return pick(oddities);
  return { ...good, observedAt: now - Math.floor(random() * 1e6), [pick(keys)]: pick(oddities) };
}

function mutated(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < 1 + random() * 8; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return random() < 0.5 ? copy : copy.subarray(0, Math.floor(random() * copy.length));
}

const lines = () =>
  Array.from({ length: 5 }, () => {
    const part = () =>
      pick(['flood_depth', 'place=underpass_1', ',', ' ', '=', '"', '\\', 'value=1i', 'value="', 'value=nan', `${now}`, '\u0000', '\ud800', '#', '水', '1e999', '\r']);
    return Array.from({ length: Math.floor(random() * 9) }, part).join('');
  }).join('\n');

interface Shot {
  path: string;
  body: string | Buffer;
  headers: Record<string, string>;
}

function shot(): Shot {
  const json = { 'content-type': 'application/json' };
  const path = `/api/v1/readings${pick(['', '', '?source=imperial'])}`;
  const readings = JSON.stringify({ readings: Array.from({ length: 1 + Math.floor(random() * 4) }, oddReading) });
  switch (Math.floor(random() * 8)) {
    case 0:
      return { path, headers: json, body: readings };
    case 1:
      return {
        path,
        headers: { 'content-type': 'application/x-ndjson' },
        body: Array.from({ length: 4 }, () => (random() < 0.5 ? JSON.stringify(oddReading()) : lines())).join('\n'),
      };
    case 2:
      return { path, headers: json, body: mutated(Buffer.from(readings)) };
    case 3:
      return { path, headers: { ...json, 'content-encoding': 'gzip' }, body: mutated(gzipSync(readings)) };
    case 4:
      return { path: `/api/v2/write?precision=${pick(['ns', 'ms', 's', 'fortnight'])}`, headers: {}, body: lines() };
    case 5:
      return { path: '/write?source=imperial', headers: {}, body: mutated(Buffer.from(`flood_depth,site=underpass_1 value=1 ${now}\n${lines()}`)) };
    case 6:
      return {
        path,
        headers: json,
        body: pick(['[', '{"readings":', '{"readings":{}}', '[]', 'null', '{"readings":[', '', '\ufeff{}', `{"readings":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`]),
      };
    default:
      return {
        path,
        headers: {
          'content-type': pick(['text/plain', 'multipart/form-data', 'application/json; charset=utf-16', '']),
          'content-encoding': pick(['identity', 'deflate', 'br', 'zip']),
        },
        body: readings,
      };
  }
}

it('answers two hundred malformed bodies, each in a known way', { timeout: 60_000 }, async () => {
  const refused = { answers: 0, readings: 0 };
  for (let i = 0; i < 200; i++) {
    const { path, body, headers } = shot();
    const answer = await test.call('POST', path, { body, headers });
    const seen = `${i}: ${path} ${JSON.stringify(headers)} ${String(body).slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`;
    expect(answer.status, seen).toBeOneOf([200, 204, 400, 415]);
    if (answer.status === 200) refused.readings += answer.json.rejected.length;
    else if (answer.status !== 204) {
      expect(answer.json.error.code, seen).toEqual(expect.any(String));
      refused.answers++;
    }
  }
  expect(refused.answers).toBeGreaterThan(50);
  expect(refused.readings).toBeGreaterThan(50);
  const { sources } = (await test.call('GET', '/api/v1/sources')).json;
  const counted = sources.reduce((sum: number, source: { rejected: number }) => sum + source.rejected, 0);
  expect(counted).toBeGreaterThanOrEqual(refused.readings);
  for (const id of ['http', 'imperial']) {
    const page = await test.call('GET', `/api/v1/sources/${id}/quarantine?limit=200`);
    expect(page.json.total).toBeGreaterThan(20);
  }
  expect((await test.call('POST', '/api/v1/readings', { body: { readings: [{ ...good, observedAt: now + 1 }] } })).json.accepted).toBe(1);
  expect(test.warnings).toEqual([]);
});

it('reads all of it again, which changes nothing but its reasons', async () => {
  const cookie = await test.signIn();
  for (const id of ['http', 'imperial']) {
    const before = (await test.call('GET', `/api/v1/sources/${id}/quarantine`)).json.total;
    const { status, json } = await test.call('POST', `/api/v1/sources/${id}/quarantine/replay`, { body: {}, cookie });
    expect([status, json.read, json.left + json.stayed]).toEqual([200, before, before]);
    expect((await test.call('GET', `/api/v1/sources/${id}/quarantine`)).json.total).toBe(json.stayed);
  }
  expect(test.warnings).toEqual([]);
});
