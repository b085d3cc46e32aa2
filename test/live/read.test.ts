/** Questions to the server: catalogue, newest values, history and its rollup, health, description, who may ask. */
import fc from 'fast-check';
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
const HOUR = 60 * MINUTE;
const get = async (path: string) => (await test.call('GET', path)).json;
const send = (readings: object[]) => test.call('POST', '/api/v1/readings', { body: { readings } });
const history = (query: string) => get(`/api/v1/history?indicator=flood_depth&${query}`);

describe('catalogue', () => {
  it('describes indicators, places, series and the city', async () => {
    const { indicators } = await get('/api/v1/indicators');
    expect(indicators.find((one: { id: string }) => one.id === 'flood_depth')).toMatchObject({
      name: { zh: '积水深度', en: 'Flood depth' },
      unit: 'cm',
      domain: 'flood',
      grain: 'station',
      staleAfterMs: 5 * MINUTE,
    });
    const { places } = await get('/api/v1/places');
    expect(places.map((place: { id: string; kind: string }) => [place.id, place.kind])).toContainEqual(['riverside_city', 'city']);
    const { series } = await get('/api/v1/series?indicator=hotline_calls');
    expect(series.map((one: { facet: string }) => one.facet).sort()).toEqual(['noise', 'water']);
    expect(await get('/api/v1/city')).toMatchObject({ id: 'riverside_city', timeZone: 'Asia/Shanghai', walls: [{ tiles: [{ indicator: 'flood_depth', place: null }, {}, {}] }] });
    expect((await get('/api/v1/regions.geojson')).features).toHaveLength(1);
  });
});

describe('history', () => {
  const base = Math.floor(Date.now() / HOUR) * HOUR - 48 * HOUR;

  it('answers raw readings while they fit, then hours that keep every peak', async () => {
    await send(Array.from({ length: 120 }, (_, i) => ({ indicator: 'flood_depth', place: 'underpass_1', observedAt: base + i * MINUTE, value: i === 77 ? 33 : 1 })));
    const raw = (await history(`place=underpass_1&from=${base}&to=${base + 2 * HOUR}&points=200`)).series[0];
    expect([raw.resolution, raw.t.length, Math.max(...raw.max)]).toEqual(['raw', 120, 33]);
    const hours = (await history(`place=underpass_1&from=${base}&to=${base + 2 * HOUR}&points=3`)).series[0];
    expect(hours).toMatchObject({ resolution: '1h', bucketMs: HOUR, t: [base, base + HOUR], count: [60, 60], min: [1, 1], max: [1, 33], sum: [60, 92], last: [1, 1] });
    expect(hours.mean[1]).toBeCloseTo(92 / 60, 12);
  });

  it('is right before and after the rollup caught up, after late and corrected readings in any order', async () => {
    const place = 'underpass_2';
    let start = base;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ minute: fc.integer({ min: 0, max: 179 }), value: fc.integer({ min: -5, max: 99 }), bad: fc.boolean() }), { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        async (sent, isSettled) => {
          start -= 3 * HOUR;
          const model = new Map<number, { value: number; bad: boolean }>();
          for (const { minute, value, bad } of sent) {
            model.set(minute, { value, bad });
            await send([{ indicator: 'flood_depth', place, observedAt: start + minute * MINUTE, value, quality: bad ? 'bad' : 'good' }]);
          }
          if (isSettled) await test.server.settled();
          const answer = (await history(`place=${place}&from=${start}&to=${start + 3 * HOUR}&points=5`)).series[0];
          const expected = [0, 1, 2].flatMap((hour) => {
            const all = [...model]
              .filter(([minute]) => Math.floor(minute / 60) === hour)
              .sort(([a], [b]) => a - b)
              .map(([, one]) => one);
            const good = all.filter((one) => !one.bad).map((one) => one.value);
            if (all.length === 0) return [];
            return [
              {
                t: start + hour * HOUR,
                count: good.length,
                bad: all.length - good.length,
                sum: good.reduce((a, b) => a + b, 0),
                min: good.length ? Math.min(...good) : null,
                max: good.length ? Math.max(...good) : null,
                last: good.at(-1) ?? null,
              },
            ];
          });
          const got = answer.t.map((t: number, i: number) => ({
            t,
            count: answer.count[i],
            bad: answer.badCount[i],
            sum: answer.sum[i],
            min: answer.min[i],
            max: answer.max[i],
            last: answer.last[i],
          }));
          expect(got).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  it.each([
    ['from=1&to=0', 'invalid_request'],
    ['from=yesterday', 'invalid_request'],
    ['points=0', 'invalid_request'],
    ['indicator=no_such', 'unknown_indicator'],
  ])('refuses %s by code', async (query, code) => {
    const { status, json } = await test.call('GET', `/api/v1/history?indicator=flood_depth&${query}`);
    expect([status, json.error.code]).toEqual([400, code]);
  });
});

describe('health and description', () => {
  it('is alive and ready without a credential, and says on what', async () => {
    const alive = await test.call('GET', '/healthz', { token: null });
    expect(alive.status).toBe(200);
    const ready = await test.call('GET', '/readyz', { token: null });
    expect(ready.json).toMatchObject({ ready: true, store: { kind: 'embedded', engine: 'postgresql' }, catalogue: { problems: 0 } });
  });

  it('describes every call that it answers', async () => {
    const { json } = await test.call('GET', '/api/v1/openapi.json', { token: null });
    expect(json.openapi).toBe('3.1.0');
    expect(Object.keys(json.paths)).toEqual(expect.arrayContaining(['/api/v1/readings', '/api/v2/write', '/api/v1/history', '/api/v1/alerts/{id}/acknowledge', '/api/v1/session']));
    expect(json.components.schemas.IngestAnswer.required).toEqual(['accepted', 'duplicates', 'revised', 'rejected']);
  });

  it('counts in Prometheus text', async () => {
    await send([{ indicator: 'flood_depth', place: 'underpass_1', observedAt: Date.now(), value: 1 }]);
    const { text } = await test.call('GET', '/metrics');
    expect(text).toMatch(/city_vitals_readings_total\{door="json",outcome="accepted"\} \d+/);
  });
});

describe('who may ask', () => {
  it.each([
    '/api/v1/indicators',
    '/api/v1/places',
    '/api/v1/series',
    '/api/v1/latest',
    '/api/v1/history',
    '/api/v1/alerts',
    '/api/v1/rules',
    '/api/v1/city',
    '/api/v1/regions.geojson',
    '/metrics',
    '/api/v1/session',
    '/api/v1/tokens',
  ])('%s needs a credential', async (path) => {
    for (const headers of [{}, { authorization: 'Bearer nothing' }, { cookie: 'city_vitals_session=cvs_nothing' }]) {
      const { status, json } = await test.call('GET', path, { token: null, headers: headers as Record<string, string> });
      expect([status, json.error.code]).toEqual([401, 'unauthenticated']);
    }
  });

  it('signs in by password with a cookie that scripts cannot read, and out again', async () => {
    const wrong = await test.call('POST', '/api/v1/session', { token: null, body: { username: 'admin', password: 'wrong' } });
    expect([wrong.status, wrong.json.error.code]).toEqual([401, 'wrong_credentials']);
    const right = await test.call('POST', '/api/v1/session', { token: null, body: { username: 'admin', password: 'test-admin-password' } });
    expect(right.headers.get('set-cookie')).toMatch(/^city_vitals_session=cvs_[\w-]+; .*HttpOnly; SameSite=Strict/);
    const cookie = await test.signIn();
    expect((await test.call('GET', '/api/v1/session', { cookie })).json).toMatchObject({ account: { id: 'admin', role: 'admin' } });
    expect((await test.call('DELETE', '/api/v1/session', { cookie })).status).toBe(204);
    expect((await test.call('GET', '/api/v1/session', { cookie })).status).toBe(401);
  });

  it('a one-time link works once', async () => {
    const token = await test.server.identity.issueSignInLink();
    const first = await test.call('POST', '/api/v1/session/link', { token: null, body: { token } });
    expect([first.status, first.json.account.id]).toEqual([200, 'admin']);
    const second = await test.call('POST', '/api/v1/session/link', { token: null, body: { token } });
    expect([second.status, second.json.error.code]).toEqual([401, 'wrong_credentials']);
  });

  it('a wall’s token may read and not write, a feed’s token sends as its source only, and a revoked one opens nothing', async () => {
    const cookie = await test.signIn();
    const issue = async (body: object) => (await test.call('POST', '/api/v1/tokens', { cookie, body })).json;
    const wall = await issue({ kind: 'wall', name: 'Hall, left' });
    const feed = await issue({ kind: 'ingest', name: 'Imperial', source: 'imperial' });
    const reading = { indicator: 'flood_depth', place: 'underpass_3', observedAt: Date.now() - 48 * HOUR, value: 1 };
    expect((await test.call('GET', '/api/v1/latest', { token: wall.token })).status).toBe(200);
    expect((await test.call('POST', '/api/v1/readings', { token: wall.token, body: { readings: [reading] } })).status).toBe(403);
    expect((await test.call('POST', '/api/v1/readings', { token: feed.token, body: { readings: [reading] } })).json.accepted).toBe(1);
    const stored = await history(`place=underpass_3&from=${reading.observedAt}&to=${reading.observedAt + 1}`);
    expect(stored.series[0].last[0]).toBeCloseTo(2.54, 9);
    expect((await test.call('POST', '/api/v1/readings?source=other', { token: feed.token, body: { readings: [] } })).status).toBe(403);
    expect((await test.call('POST', '/api/v1/tokens', { token: feed.token, body: { kind: 'wall', name: 'mine' } })).status).toBe(403);
    expect((await test.call('DELETE', `/api/v1/tokens/${feed.id}`, { cookie })).status).toBe(204);
    expect((await test.call('POST', '/api/v1/readings', { token: feed.token, body: { readings: [] } })).status).toBe(401);
    const { tokens } = (await test.call('GET', '/api/v1/tokens', { cookie })).json;
    expect(tokens.find((token: { id: string }) => token.id === feed.id)).toMatchObject({ kind: 'ingest', source: 'imperial', revokedAt: expect.any(Number) });
    expect(JSON.stringify(tokens)).not.toContain(wall.token);
    expect((await test.call('POST', '/api/v1/tokens', { cookie, body: { kind: 'ingest', name: 'x', source: 'nobody' } })).json.error.path).toBe('source');
  });

  it('slows down whoever guesses', async () => {
    const answers: number[] = [];
    for (let i = 0; i < 7; i++) answers.push((await test.call('POST', '/api/v1/session', { token: null, body: { username: 'guesser', password: `${i}` } })).status);
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it('answers what it does not know with a coded 404', async () => {
    const { status, json } = await test.call('GET', '/api/v1/no-such-thing');
    expect([status, json.error.code]).toEqual([404, 'not_found']);
  });
});
