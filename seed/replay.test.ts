import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catalogue } from '../server/catalogue/catalogue.ts';
import { loadCatalogue } from '../server/catalogue/load.ts';
import type { ReadingInput } from '../server/contract/index.ts';
import { knownRecordings } from './formats.ts';
import { defaultRecordings, readRecording } from './read-recording.ts';
import { type ReplayOptions, startReplay } from './replay.ts';
import { replaySources } from './tracks.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-01-15T12:00:30-05:00');

let catalogue: Catalogue;
beforeAll(async () => {
  const loaded = await loadCatalogue(resolve(import.meta.dirname, '../metrics-config/open-data'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  catalogue = loaded.catalogue;
});

interface Received extends ReadingInput {
  source: string | null;
}

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done) ?? done(null));
  server = undefined;
});

async function startDoor(status = 200): Promise<{ url: string; batches: Received[][] }> {
  const batches: Received[][] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const source = new URL(request.url ?? '', 'http://door').searchParams.get('source');
    const lines = gunzipSync(Buffer.concat(chunks)).toString().split('\n');
    batches.push(lines.map((line) => ({ ...JSON.parse(line), source })));
    response.writeHead(status).end(JSON.stringify({ accepted: lines.length, duplicates: 0, revised: 0, rejected: [] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, batches };
}

/** A clock that stands still until it is moved. */
function standingClock(start: number) {
  let now = start;
  const timers = new Map<object, { at: number; callback: () => void }>();
  return {
    now: () => now,
    setTimer(ms: number, callback: () => void) {
      const key = {};
      timers.set(key, { at: now + ms, callback });
      return { cancel: () => timers.delete(key) };
    },
    /** Runs every timer up to `until`, in order, waiting each time until the replay waits again. */
    async moveTo(until: number) {
      for (;;) {
        await vi.waitFor(() => expect(timers.size).toBeGreaterThan(0), { timeout: 10_000, interval: 5 });
        const [key, timer] = [...timers].reduce((a, b) => (b[1].at < a[1].at ? b : a));
        if (timer.at > until) break;
        timers.delete(key);
        now = timer.at;
        timer.callback();
      }
      now = until;
    },
  };
}

function play(options: Pick<ReplayOptions, 'url' | 'only'> & Partial<ReplayOptions>) {
  const ending = new AbortController();
  const clock = standingClock(NOON);
  const lines: string[] = [];
  const replay = startReplay({ catalogue, token: 't', clock, log: (line) => lines.push(line), signal: ending.signal, ...options });
  const end = async (): Promise<void> => {
    ending.abort(new Error('end'));
    await replay.done;
  };
  return { ...replay, clock, lines, end };
}

const at = ({ observedAt }: Received): number => Number(observedAt);
const keys = (batches: Received[][]): string[] =>
  batches
    .flat()
    .map((reading) => JSON.stringify(reading))
    .sort();

// Reading and laying out a whole recording takes a while on a busy machine.
describe('replay', { timeout: 30_000 }, () => {
  it('sends the days behind, the last hours first and nothing of the future, and then follows the clock', async () => {
    const { url, batches } = await startDoor();
    const progress: [number, number][] = [];
    const { caughtUp, clock, end } = play({ url, only: ['replay_seattle'], onProgress: (done, total) => progress.push([done, total]) });
    await caughtUp;
    expect(batches[0]?.map(at)).toEqual([5, 4, 3, 2, 1, 0].map((back) => Date.parse('2026-01-15T11:00:00-05:00') - back * HOUR));
    const hours = batches
      .flat()
      .map(at)
      .sort((a, b) => a - b);
    expect(new Set(hours).size).toBe(hours.length);
    expect(hours[0]).toBe(Date.parse('2026-01-11T23:00:00-05:00'));
    expect(hours.at(-1)).toBe(Date.parse('2026-01-15T11:00:00-05:00'));
    expect(progress.at(-1)).toEqual([hours.length, hours.length]);

    await clock.moveTo(NOON + 2 * HOUR);
    await vi.waitFor(() => expect(batches.flat()).toHaveLength(hours.length + 2));
    expect(batches.flat().slice(-2).map(at)).toEqual([12, 13].map((hour) => Date.parse(`2026-01-15T${hour}:00:00-05:00`)));
    await end();
  });

  it('plays the day of the flood today: dry sensors keep a heartbeat, the deepest street is at its recorded hour', async () => {
    const { url, batches } = await startDoor();
    const { caughtUp, end } = play({ url, only: ['replay_floodnet'] });
    await caughtUp;
    await end();
    const today = batches.flat().filter((reading) => at(reading) >= Date.parse('2026-01-15T00:00:00-05:00'));
    const dry = today.filter(({ place }) => place === 'bk_rockaway_pkwy_clarkson_ave_1dni00');
    expect(dry).toHaveLength(73);
    expect(dry.every(({ value, quality, qualityReason }) => value === 0 && quality === 'good' && qualityReason === 'filled')).toBe(true);
    expect(new Set(today.map(({ place }) => place)).size).toBe(68);
    const wet = today.filter(({ value }) => value > 0);
    expect(wet.length).toBeGreaterThan(500);
    expect(wet.every(({ qualityReason }) => qualityReason === undefined)).toBe(true);
  });

  it('sends the same readings again when it is started again with the same anchor', async () => {
    const { url, batches } = await startDoor();
    const first = play({ url, only: ['replay_usgs_plumtree', 'replay_bogota'] });
    await first.caughtUp;
    await first.end();
    const once = keys(batches);
    batches.length = 0;
    const second = play({ url, only: ['replay_usgs_plumtree', 'replay_bogota'], anchor: '2026-01-15' });
    await second.caughtUp;
    await second.end();
    expect(keys(batches)).toEqual(once);
  });

  it('plays the past in order at the given speed, and is then with the present', async () => {
    const { url, batches } = await startDoor();
    const { caughtUp, clock, end } = play({ url, only: ['replay_seattle'], speed: 3601, from: NOON - 10 * HOUR });
    await clock.moveTo(NOON + 5_000);
    const soon = batches.flat().length;
    expect(soon).toBeGreaterThan(3);
    expect(soon).toBeLessThan(8);
    await clock.moveTo(NOON + 11_000);
    await caughtUp;
    const hours = batches.flat().map(at);
    expect(hours).toEqual([...hours].sort((a, b) => a - b));
    expect(hours).toHaveLength(10);
    await end();
  });

  it('ends by itself after the span when it is not to repeat', async () => {
    const { url, batches } = await startDoor();
    const { done } = play({ url, only: ['replay_seattle'], loop: false, anchor: '2026-01-01', from: 0 });
    await done;
    expect(batches.flat()).toHaveLength(15 * 24);
  });

  it('rejects both promises when the token is refused', async () => {
    const { url } = await startDoor(401);
    const { caughtUp, done } = play({ url, only: ['replay_seattle'] });
    await expect(done).rejects.toThrow('refuses the token');
    await expect(caughtUp).rejects.toThrow('refuses the token');
  });

  it('says which replays there are when another is asked for', async () => {
    const { done } = play({ url: 'http://127.0.0.1:9', only: ['replay_atlantis'] });
    await expect(done).rejects.toThrow('no replay "replay_atlantis"; it has: replay_floodnet');
  });

  it('knows a place and an indicator in the catalogue for every recorded reading, and plays every recording', async () => {
    const sources = replaySources(catalogue);
    expect(sources.map(({ recording }) => recording).sort()).toEqual([...knownRecordings].sort());
    for (const source of sources) {
      const { readings } = await readRecording(source.recording, defaultRecordings());
      const unknown = readings.filter(
        ({ indicator, place }) => catalogue.places.get(place)?.kind !== catalogue.definitions.get(indicator)?.grain || source.indicators[indicator] === undefined,
      );
      expect(unknown.slice(0, 3)).toEqual([]);
      expect(source.simulated).toBe(true);
    }
  });
});
