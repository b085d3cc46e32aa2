/** The demonstration's feed against a real server: the last two days, the live stream, the past, and what a stop or a scenario does to them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runFeed } from '../../seed/feed/run.ts';
import { loadCatalogue } from '../../server/catalogue/load.ts';
import { systemClock } from '../../server/clock.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const DAY = 86_400_000;
const DAYS = 20;

let test: TestServer;
let token: string;
const lines: string[] = [];
beforeAll(async () => {
  test = await startTestServer();
  const before = test.server.catalogue().version;
  await writeFile(path.join(test.city, 'sources/simulators.yaml'), 'sources:\n  - { id: hydrology, name: { zh: 水利遥测, en: Hydrology }, kind: simulator, domains: [flood] }\n');
  await vi.waitFor(() => expect(test.server.catalogue().version).not.toBe(before), { timeout: 10_000 });
  token = await test.server.identity.issueFeedToken();
});
afterAll(async () => {
  await test?.stop();
});

async function startFeed(onProgress: (done: number, total: number) => void = () => {}): Promise<{ end(): Promise<void> }> {
  const loaded = await loadCatalogue(test.city);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const ending = new AbortController();
  const clock = { now: systemClock.now, setTimer: systemClock.setTimer };
  const done = runFeed({ catalogue: loaded.catalogue, url: test.url, token, clock, days: DAYS, log: (line) => lines.push(line), onProgress, signal: ending.signal });
  done.catch(() => {});
  return {
    async end() {
      ending.abort(new Error('told to end'));
      await expect(done).rejects.toThrow('told to end');
    },
  };
}

const progress = async () => (await test.call('GET', '/api/v1/simulation/progress', { token })).json.progress;
const history = async (indicator: string, place: string, ago: number, span = DAY, points = 2000) => {
  const from = Date.now() - ago;
  const { json } = await test.call('GET', `/api/v1/history?indicator=${indicator}&place=${place}&from=${from}&to=${from + span}&points=${points}`);
  return json.series[0] as { resolution: string; t: number[]; count: number[]; min: number[]; max: number[] };
};

it('goes on after a stop where it was, and has the whole past in the end', async () => {
  const first = await startFeed();
  await vi.waitFor(async () => expect((await progress()).recentTo).toBeLessThan(Date.now() - 3_600_000), { timeout: 20_000 });
  await first.end();
  const stopped = await progress();

  const second = await startFeed();
  await vi.waitFor(async () => expect((await progress()).past).toBeNull(), { timeout: 60_000, interval: 200 });
  const done = await progress();
  expect([done.base, done.seed, done.days]).toEqual([stopped.base, 1, DAYS]);
  await second.end();
  expect(lines.filter((line) => line.includes('refused'))).toEqual([]);
  expect(test.warnings).toEqual([]);
});

it('has readings for two days, five minutes before them where thresholds are tried on, and says what was simulated', async () => {
  const recent = await history('flood_depth', 'underpass_1', DAY, DAY / 2);
  expect(recent.resolution).toBe('raw');
  expect(recent.t.length).toBeGreaterThan(600);
  const fives = await history('flood_depth', 'underpass_1', 5 * DAY);
  expect(fives.resolution).toBe('1m');
  expect(fives.t.length).toBeGreaterThan(260);
  const full = fives.count.filter((count) => count === 5).length;
  expect(full / fives.t.length).toBeGreaterThan(0.7);
  const { series } = (await test.call('GET', '/api/v1/series?indicator=flood_depth&place=underpass_1')).json;
  expect(series).toMatchObject([{ simulated: true, source: 'hydrology' }]);
});

it('plays a scenario live, and puts another into the past where it is marked', async () => {
  const feed = await startFeed();
  const play = (body: object) => test.call('POST', '/api/v1/simulation/scenarios', { body, token });
  const cloudburst = { scenario: 'cloudburst', name: { zh: '短时强降雨', en: 'Cloudburst' }, durationMs: 6 * 3_600_000 };
  const startsAt = Date.now() - 8 * DAY;
  expect((await play({ ...cloudburst, startsAt })).status).toBe(201);
  const { id } = (await play({ ...cloudburst, speed: 60 })).json;
  await vi.waitFor(async () => expect((await progress()).redone).toEqual(expect.arrayContaining([1, id])), { timeout: 30_000, interval: 200 });
  const { events } = (await test.call('GET', '/api/v1/events')).json;
  expect(events).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'scenario', from: startsAt })]));
  // A minute of the city passes in a second: readings of times to come arrive while it is played.
  await vi.waitFor(
    async () => {
      const { latest } = (await test.call('GET', '/api/v1/latest')).json;
      expect(Math.max(...latest.map(({ observedAt }: { observedAt: number }) => observedAt))).toBeGreaterThan(Date.now() + 120_000);
    },
    { timeout: 20_000, interval: 200 },
  );
  await feed.end();
});
