import { expect, test } from 'vitest';
import type { Simulation } from '../../server/contract/index.ts';
import { aheadNow, playedNow } from './simulation.ts';

const HOUR = 3_600_000;
const name = { zh: '台风', en: 'Typhoon' };
const scenario = (id: number, change: object = {}): Simulation['scenarios'][number] => ({
  id,
  scenario: 'typhoon',
  name,
  startsAt: 1000,
  endsAt: 1000 + 48 * HOUR,
  stoppedAt: null,
  ...change,
});
const simulation = (change: Partial<Simulation> = {}): Simulation => ({ serverTime: 1000, speed: 1, aheadMs: 0, scenarios: [], ...change });

test.each([
  ['before it begins', 999, null],
  ['from its first moment', 1000, 1],
  ['until its last', 1000 + 48 * HOUR - 1, 1],
  ['not after it', 1000 + 48 * HOUR, null],
])('a scenario is played %s', (_when, now, id) => {
  expect(playedNow(simulation({ scenarios: [scenario(1)] }), now)?.id ?? null).toBe(id);
});

test('one that was stopped is no longer played', () => {
  expect(playedNow(simulation({ scenarios: [scenario(1, { stoppedAt: 5000 })] }), 5000)).toBeNull();
});

test('of several the one that began last is named', () => {
  expect(playedNow(simulation({ scenarios: [scenario(1), scenario(2, { startsAt: 2000 }), scenario(3, { startsAt: 1500 })] }), 3000)?.id).toBe(2);
});

test('a clock ahead of the true one is told from five minutes on', () => {
  expect(aheadNow(simulation({ aheadMs: 5 * 60_000 }), 1000)).toBeNull();
  expect(aheadNow(simulation({ aheadMs: 47 * HOUR }), 1000)).toBe(47 * HOUR);
});

test('while it runs faster it gets further ahead: of a minute of the city at 60, 59 seconds', () => {
  expect(aheadNow(simulation({ aheadMs: HOUR, speed: 60 }), 1000 + 60_000)).toBe(HOUR + 59_000);
});
