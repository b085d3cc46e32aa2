/** The demonstration's one clock, scenarios and marked events, over HTTP and the live stream, on a real store. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { liveClient } from '../support/live-client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const typhoon = { scenario: 'typhoon', name: { zh: '台风', en: 'Typhoon' }, durationMs: 48 * HOUR };

let test: TestServer;
let clock: MovableClock;
let cookie: string;
let feed: string;
beforeAll(async () => {
  clock = movableClock();
  test = await startTestServer({ clock });
  cookie = await test.signIn();
  feed = await test.server.identity.issueFeedToken();
});
afterAll(async () => {
  await test?.stop();
});

const state = async () => (await test.call('GET', '/api/v1/simulation')).json;
const play = (body: object) => test.call('POST', '/api/v1/simulation/scenarios', { body, cookie });
const journal = async (kind: string) =>
  (await test.server.database.query<{ detail: Record<string, unknown> }>('select detail from journal where kind = $1 order by id', [kind])).rows.map((row) => row.detail);

describe('a city without a simulator', () => {
  it('has neither clock nor scenarios', async () => {
    expect((await test.call('GET', '/api/v1/simulation')).status).toBe(404);
    expect((await play(typhoon)).status).toBe(404);
  });
});

describe('a demonstration', () => {
  beforeAll(async () => {
    const before = test.server.catalogue().version;
    const source = 'sources:\n  - { id: hydrology, name: { zh: 水利遥测, en: Hydrology }, kind: simulator, domains: [flood] }\n';
    await writeFile(path.join(test.city, 'sources/simulators.yaml'), source);
    await vi.waitFor(() => expect(test.server.catalogue().version).not.toBe(before), { timeout: 10_000 });
  });

  it('shows true time until something is played', async () => {
    expect(await state()).toMatchObject({ speed: 1, aheadMs: 0, scenarios: [] });
  });

  it('plays a scenario sixty times as fast: ingest, staleness and the page go by the same clock', async () => {
    const client = liveClient(test.url, { cookie });
    const played = await play({ ...typhoon, speed: 60 });
    expect(played.status).toBe(201);
    const told = await client.until('simulation', ({ speed }) => speed === 60);
    expect(told.scenarios).toMatchObject([{ id: played.json.id, scenario: 'typhoon', stoppedAt: null }]);
    client.close();

    clock.advance(10 * MINUTE);
    const { serverTime, speed, aheadMs } = await state();
    expect(speed).toBe(60);
    expect(Math.abs(aheadMs - 590 * MINUTE)).toBeLessThan(10 * MINUTE);
    // Ten hours on, a reading of then is of the present, and one of the true time is stale.
    const send = async (observedAt: number) =>
      (await test.call('POST', '/api/v1/readings', { body: { readings: [{ indicator: 'flood_depth', place: 'underpass_1', observedAt, value: 3 }] } })).json;
    expect(await send(clock.now())).toMatchObject({ accepted: 1 });
    expect((await test.call('GET', '/api/v1/latest')).json.latest).toMatchObject([{ stale: true }]);
    expect(await send(serverTime)).toMatchObject({ accepted: 1 });
    expect((await test.call('GET', '/api/v1/latest')).json.latest).toMatchObject([{ stale: false }]);
  });

  it('refuses a second scenario meanwhile, a start ahead, and a speed in the past', async () => {
    expect((await play(typhoon)).json.error.code).toBe('conflict');
    const { serverTime } = await state();
    expect((await play({ ...typhoon, startsAt: serverTime + 2 * HOUR })).json.error).toMatchObject({ code: 'invalid_request', path: 'startsAt' });
    expect((await play({ ...typhoon, startsAt: serverTime - 90 * HOUR, speed: 2 })).json.error).toMatchObject({ code: 'invalid_request', path: 'speed' });
    expect((await play({ ...typhoon, speed: 500 })).status).toBe(400);
  });

  it('keeps the clock over a restart, and people stay signed in by true time', async () => {
    const { serverTime } = await state();
    await test.restart();
    const after = await state();
    expect(after).toMatchObject({ speed: 60, scenarios: [{ scenario: 'typhoon' }] });
    expect(after.serverTime).toBeGreaterThanOrEqual(serverTime);
    expect((await test.call('GET', '/api/v1/session', { cookie })).status).toBe(200);
  });

  it('goes back to true speed when it is stopped, and stays ahead', async () => {
    const { scenarios, aheadMs } = await state();
    expect((await test.call('DELETE', `/api/v1/simulation/scenarios/${scenarios[0].id}`, { cookie })).status).toBe(204);
    const stopped = await state();
    expect(stopped.speed).toBe(1);
    expect(stopped.aheadMs).toBeGreaterThanOrEqual(aheadMs);
    expect(stopped.scenarios[0].stoppedAt).not.toBeNull();
    clock.advance(5 * MINUTE);
    expect(Math.abs((await state()).aheadMs - stopped.aheadMs)).toBeLessThan(1000);
    expect((await test.call('DELETE', `/api/v1/simulation/scenarios/${scenarios[0].id}`, { cookie })).status).toBe(404);
    expect(await journal('scenario_played')).toHaveLength(1);
    expect(await journal('scenario_stopped')).toHaveLength(1);
  });

  it('puts one into the past without touching the clock', async () => {
    const { serverTime, aheadMs } = await state();
    expect((await play({ ...typhoon, startsAt: serverTime - 96 * HOUR })).status).toBe(201);
    const after = await state();
    expect(after.scenarios.at(-1)).toMatchObject({ startsAt: serverTime - 96 * HOUR, endsAt: serverTime - 48 * HOUR });
    expect(Math.abs(after.aheadMs - aheadMs)).toBeLessThan(1000);
  });

  it('keeps what the simulator remembers; only people and the feed may touch it', async () => {
    const progress = { base: 5, past: { stage: 1, piece: 7 } };
    expect((await test.call('PUT', '/api/v1/simulation/progress', { body: { progress }, token: feed })).status).toBe(204);
    expect((await test.call('GET', '/api/v1/simulation/progress', { token: feed })).json).toEqual({ progress });
    expect((await test.call('PUT', '/api/v1/simulation/progress', { body: { progress } })).status).toBe(403);
    expect((await play(typhoon)).status).toBe(201);
    expect((await test.call('POST', '/api/v1/simulation/scenarios', { body: typhoon })).status).toBe(403);
  });
});

describe('events', () => {
  const storm = { kind: 'storm', name: { zh: '暴雨', en: 'Storm' }, from: 1_790_000_000_000, to: 1_790_086_400_000 };
  const add = (body: object, who: { token?: string; cookie?: string } = { token: feed }) => test.call('POST', '/api/v1/events', { body, ...who });
  const list = async (query = '') => (await test.call('GET', `/api/v1/events${query}`)).json.events;

  it('are marked once, listed by time, and taken back', async () => {
    const first = await add(storm);
    expect(first.status).toBe(201);
    expect((await add(storm, { cookie })).json.id).toBe(first.json.id);
    const later = await add({ ...storm, from: storm.to, to: storm.to + 1000 });
    expect((await list()).map(({ id }: { id: number }) => id)).toEqual([later.json.id, first.json.id]);
    expect(await list(`?to=${storm.to}`)).toMatchObject([{ id: first.json.id, kind: 'storm', name: storm.name, from: storm.from, to: storm.to }]);
    expect(await list(`?from=${storm.to}`)).toMatchObject([{ id: later.json.id }]);
    expect((await test.call('DELETE', `/api/v1/events/${later.json.id}`, { cookie })).status).toBe(204);
    expect((await test.call('DELETE', `/api/v1/events/${later.json.id}`, { cookie })).status).toBe(404);
    expect(await journal('event_added')).toHaveLength(2);
  });

  it('end after they begin, and are not for ordinary feeds to mark', async () => {
    expect((await add({ ...storm, to: storm.from })).json.error).toMatchObject({ code: 'invalid_request', path: 'to' });
    expect((await test.call('POST', '/api/v1/events', { body: storm })).status).toBe(403);
  });
});
