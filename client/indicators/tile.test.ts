import { expect, test } from 'vitest';
import type { Latest, RuleSummary } from '../../server/contract/index.ts';
import { aLatest, anAlert, anIndicator, aPlace, aSeries } from '../live/builders.fixture.ts';
import { limitFor, tileOf } from './tile.ts';
import type { Vital } from './vitals.ts';

const NOW = 1_000_000;

function vitalsOf(worse: 'high' | 'low' | 'both', names: string): Vital[] {
  const indicator = anIndicator({ worse });
  return [...names].map((id, i) => ({ series: aSeries({ id: i + 1, place: id }), indicator, place: aPlace({ id }) }));
}

function worstOf(vitals: Vital[], readings: Latest[], alerts: Parameters<typeof anAlert>[0][] = []) {
  const latest = new Map(readings.map((one) => [one.series as number, one]));
  const firing = new Map(alerts.map((one) => [one?.series as number, anAlert(one)]));
  return tileOf({ indicator: (vitals[0] as Vital).indicator, vitals, place: null }, { latest, firing, now: NOW });
}

test('the worst place is named, in the direction that is worse', () => {
  const readings = [aLatest({ series: 1, value: 4, observedAt: NOW }), aLatest({ series: 2, value: 9, observedAt: NOW }), aLatest({ series: 3, value: 1, observedAt: NOW })];
  expect(worstOf(vitalsOf('high', 'abc'), readings).vital?.place.id).toBe('b');
  expect(worstOf(vitalsOf('low', 'abc'), readings).vital?.place.id).toBe('c');
});

test('a place where an alert fires is worse than a larger value without one', () => {
  const readings = [aLatest({ series: 1, value: 4, observedAt: NOW }), aLatest({ series: 2, value: 9, observedAt: NOW })];
  const tile = worstOf(vitalsOf('high', 'ab'), readings, [{ series: 1, level: 'yellow' }]);
  expect([tile.vital?.place.id, tile.alert?.level]).toEqual(['a', 'yellow']);
});

test('a stale value is never the worst while another tells the present, and is counted as unknown', () => {
  const readings = [aLatest({ series: 1, value: 99, observedAt: NOW - 300_001 }), aLatest({ series: 2, value: 2, observedAt: NOW })];
  const tile = worstOf(vitalsOf('high', 'abc'), readings);
  expect([tile.vital?.place.id, tile.state, tile.places, tile.unknown]).toEqual(['b', 'good', 3, 2]);
});

test('when nothing tells the present, the value seen last is shown as stale', () => {
  const readings = [aLatest({ series: 1, value: 99, observedAt: 1000 }), aLatest({ series: 2, value: 2, observedAt: 2000 })];
  const tile = worstOf(vitalsOf('high', 'abc'), readings);
  expect([tile.vital?.place.id, tile.state, tile.unknown]).toEqual(['b', 'stale', 3]);
});

test('without any reading the tile is missing, never zero', () => {
  const tile = worstOf(vitalsOf('high', 'ab'), []);
  expect([tile.state, tile.latest, tile.unknown]).toEqual(['missing', undefined, 2]);
});

test('a tile with its own place shows that place alone', () => {
  const vitals = vitalsOf('high', 'ab');
  const latest = new Map([
    [1, aLatest({ series: 1, value: 4, observedAt: NOW })],
    [2, aLatest({ series: 2, value: 9, observedAt: NOW })],
  ]);
  const tile = tileOf({ indicator: (vitals[0] as Vital).indicator, vitals, place: 'a' }, { latest, firing: new Map(), now: NOW });
  expect([tile.vital?.place.id, tile.places]).toEqual(['a', 1]);
});

test('a tile whose place the catalogue does not expect says so', () => {
  const vitals = vitalsOf('high', 'ab');
  const tile = tileOf({ indicator: (vitals[0] as Vital).indicator, vitals, place: 'z' }, { latest: new Map(), firing: new Map(), now: NOW });
  expect([tile.vital, tile.state]).toEqual([null, 'missing']);
});

const rule = (change: Partial<RuleSummary>): RuleSummary => ({
  id: 'r',
  name: { zh: '规', en: 'R' },
  kind: 'threshold',
  active: true,
  reason: null,
  indicator: 'depth',
  direction: 'above',
  placeLimits: {},
  limits: [
    { level: 'blue', value: 5, deadband: 0 },
    { level: 'orange', value: 20, deadband: 0 },
  ],
  places: null,
  lifeSafety: false,
  ...change,
});
const vital: Vital = { series: aSeries(), indicator: anIndicator(), place: aPlace({ parent: 'town' }) };
const places = new Map([['town', aPlace({ id: 'town', kind: 'region', parent: 'city' })]]);

test.each([
  [3, 'blue', false],
  [5, 'blue', true],
  [15, 'blue', true],
  [20, 'orange', true],
])('at %d the limit that matters is %s, passed: %s', (value, level, breached) => {
  expect(limitFor({ vital, value, rules: [rule({})], places })).toMatchObject({ level, breached });
});

test('a limit below which it is bad is passed downwards', () => {
  const below = rule({ direction: 'below', limits: [{ level: 'yellow', value: 2, deadband: 0 }] });
  expect(limitFor({ vital, value: 1.9, rules: [below], places })).toMatchObject({ level: 'yellow', breached: true });
});

test('a rule for a region speaks of the places in it, and one for elsewhere or not active does not', () => {
  expect(limitFor({ vital, value: 3, rules: [rule({ places: ['town'] })], places })).not.toBeNull();
  expect(limitFor({ vital, value: 3, rules: [rule({ places: ['harbour'] }), rule({ active: false }), rule({ indicator: 'pm' })], places })).toBeNull();
});

test('a place with limits of its own is told those, not the rule’s', () => {
  const own = rule({ placeLimits: { [vital.place.id]: [{ level: 'red', value: 60, deadband: 0 }] } });
  expect(limitFor({ vital, value: 25, rules: [own], places })).toMatchObject({ level: 'red', value: 60, breached: false });
});
