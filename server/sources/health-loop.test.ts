import { expect, it } from 'vitest';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { sourceSchema } from '../catalogue/source-schema.ts';
import { FAILING_AFTER_MS } from './health.ts';
import { createHealthWork } from './health-loop.ts';
import { createHealthTracker, type Remembered } from './health-tracker.ts';

const MINUTE = 60_000;
const counts = { accepted: 2, duplicates: 1, revised: 0 };
/** All of a catalogue that health looks at. */
const catalogueOf = (...ids: string[]) =>
  ({
    sources: new Map(ids.map((id) => [id, sourceSchema.parse({ id, name: { zh: '源', en: 'Source' }, kind: 'push', expectedEvery: '1m' })])),
    definitions: new Map(),
  }) as unknown as Catalogue;

function open(ids: string[], remembered: ReadonlyMap<string, Remembered> = new Map()) {
  let now = 1_000_000;
  const told: string[] = [];
  const state = { isStoreAway: false, changes: [] as string[], writes: 0 };
  const tracker = createHealthTracker({ now: () => now, remembered, quarantined: new Map() });
  tracker.apply(catalogueOf(...ids));
  const work = createHealthWork({
    tracker,
    now: () => now,
    async change(changes) {
      if (state.isStoreAway) throw new Error('away');
      state.changes.push(...changes.map(({ id, state: after, reason }) => `${id} ${after}${reason === null ? '' : `: ${reason}`}`));
    },
    async write() {
      state.writes++;
    },
    publish: (sources) => told.push(sources.map((source) => `${source.id} ${source.state}`).join(', ')),
  });
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    await work();
  };
  const stateOf = (id: string) => tracker.list().find((source) => source.id === id)?.state;
  return { tracker, told, state, pass, stateOf, now: () => now };
}

it('shows a change only after it is committed, and tells it once', async () => {
  const health = open(['a']);
  await health.pass(0);
  health.tracker.stored('a', counts, 900_000);
  await health.pass(10);
  health.state.isStoreAway = true;
  await expect(health.pass(2 * MINUTE)).rejects.toThrow('away');
  expect(health.stateOf('a')).toBe('ok');
  health.state.isStoreAway = false;
  await health.pass(1000);
  await health.pass(1000);
  expect(health.stateOf('a')).toBe('silent');
  expect(health.state.changes.filter((change) => change.startsWith('a'))).toEqual(['a never', 'a ok', 'a silent']);
  expect(health.told).toEqual(['a never', 'a ok', 'a silent']);
});

it('does not call a source silent that could not be heard while the store was away', async () => {
  const health = open(['a']);
  health.tracker.stored('a', counts, 900_000);
  await health.pass(0);
  await health.pass(MINUTE / 2);
  health.tracker.storeFailed('a', 'away');
  await health.pass(MINUTE);
  expect(health.stateOf('a')).toBe('ok');
  await health.pass(MINUTE);
  expect(health.stateOf('a')).toBe('silent');
});

it('tells of a broken transport with its words, and of its return', async () => {
  const health = open(['a']);
  health.tracker.stored('a', counts, 900_000);
  await health.pass(0);
  health.tracker.transport('a', { kind: 'failed', message: 'connection refused' });
  await health.pass(FAILING_AFTER_MS);
  health.tracker.transport('a', { kind: 'connected' });
  await health.pass(1000);
  expect(health.state.changes.filter((change) => change.startsWith('a'))).toEqual(['a ok', 'a failing: connection refused', 'a ok']);
});

it('counts and rates what was stored, and forgets the rate after a minute', async () => {
  const health = open(['a']);
  health.tracker.stored('a', counts, 900_000);
  health.tracker.stored('a', counts, 800_000);
  health.tracker.refused('a', 4, 'no such place');
  const [a] = health.tracker.list();
  expect(a).toMatchObject({ accepted: 4, duplicates: 2, rejected: 4, ratePerMinute: 6, lastObservedAt: 900_000, lagMs: 100_000, lastError: { message: 'no such place' } });
  await health.pass(MINUTE);
  expect(health.tracker.list()[0]?.ratePerMinute).toBe(0);
});

it('follows the catalogue: a source that leaves is not listed, and goes on where it was when it comes back', async () => {
  const health = open(['a', 'b']);
  health.tracker.stored('b', counts, 900_000);
  await health.pass(0);
  health.tracker.apply(catalogueOf('a'));
  expect(health.tracker.list().map((source) => source.id)).toEqual(['a']);
  health.tracker.apply(catalogueOf('a', 'b'));
  expect(health.tracker.list().find((source) => source.id === 'b')).toMatchObject({ state: 'ok', accepted: 2 });
});

it('lists readings without a source only once there were any, and nothing for ids it does not know', () => {
  const health = open(['a']);
  health.tracker.stored('nobody', counts, 1);
  expect(health.tracker.list().map((source) => source.id)).toEqual(['a']);
  health.tracker.stored(null, counts, 1);
  expect(health.tracker.list().map((source) => source.id)).toEqual(['a', 'http']);
});

it('writes signs of life every few seconds, and only those that moved', async () => {
  const health = open(['a']);
  for (let second = 0; second < 20; second++) {
    if (second < 10) health.tracker.stored('a', counts, health.now());
    await health.pass(1000);
  }
  expect(health.state.writes).toBeGreaterThanOrEqual(2);
  expect(health.state.writes).toBeLessThanOrEqual(4);
});
