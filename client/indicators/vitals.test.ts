import { expect, test } from 'vitest';
import { aLatest, anAlert, anIndicator, aPlace, aSeries } from '../live/builders.fixture.ts';
import { agesOf, allowsVerdict, expectedVitals, firingBySeries, standingOf } from './vitals.ts';

const indicators = new Map([
  ['depth', anIndicator()],
  ['old', anIndicator({ id: 'old', retired: true })],
]);
const places = new Map([
  ['a', aPlace()],
  ['b', aPlace({ id: 'b' })],
  ['gone', aPlace({ id: 'gone', retired: true })],
]);
const series = [aSeries(), aSeries({ id: 2, place: 'b' }), aSeries({ id: 3, place: 'gone' }), aSeries({ id: 4, indicator: 'old' }), aSeries({ id: 5, indicator: 'nowhere' })];
const vitals = expectedVitals({ series, indicators, places });

test('what is retired or not in the catalogue is not expected', () => {
  expect(vitals.map((one) => one.series.id)).toEqual([1, 2]);
});

test('every expected series is normal, alerting or unknown, and a missing one is unknown', () => {
  const latest = new Map([[1, aLatest({ observedAt: 1000 })]]);
  expect(standingOf(vitals, { latest, firing: new Map(), now: 2000 })).toEqual({ normal: 1, alerting: 0, unknown: 1, total: 2 });
});

test('a bad reading is no knowledge, and neither is a stale one', () => {
  const latest = new Map([
    [1, aLatest({ quality: 'bad' })],
    [2, aLatest({ series: 2, observedAt: 0 })],
  ]);
  expect(standingOf(vitals, { latest, firing: new Map(), now: 300_001 }).unknown).toBe(2);
});

test('a firing alert counts as alerting even when its data are gone', () => {
  const firing = firingBySeries(new Map([['1', anAlert({ series: 2, unknownSince: 5 })]]));
  expect(standingOf(vitals, { latest: new Map(), firing, now: 0 })).toEqual({ normal: 0, alerting: 1, unknown: 1, total: 2 });
});

test('the worst of several alerts stands for a series; resolved ones do not', () => {
  const alerts = [
    anAlert({ id: '1', level: 'blue' }),
    anAlert({ id: '2', level: 'orange' }),
    anAlert({ id: '3', level: 'yellow' }),
    anAlert({ id: '4', series: 2, condition: 'resolved', worstLevel: 'red' }),
  ];
  const firing = firingBySeries(new Map(alerts.map((one) => [one.id as string, one])));
  expect([firing.get(1)?.id, firing.get(2)]).toEqual(['2', undefined]);
});

test('the verdict is withdrawn when more than half is unknown, or nothing is expected', () => {
  expect(allowsVerdict({ normal: 1, alerting: 0, unknown: 1, total: 2 })).toBe(true);
  expect(allowsVerdict({ normal: 1, alerting: 0, unknown: 2, total: 3 })).toBe(false);
  expect(allowsVerdict({ normal: 0, alerting: 0, unknown: 0, total: 0 })).toBe(false);
});

test('the oldest data are named', () => {
  const latest = new Map([
    [1, aLatest({ observedAt: 9000 })],
    [2, aLatest({ series: 2, observedAt: 4000 })],
  ]);
  const ages = agesOf(vitals, latest);
  expect([ages.newest, ages.oldest?.vital.place.id, ages.oldest?.observedAt]).toEqual([9000, 'b', 4000]);
  expect(agesOf(vitals, new Map())).toEqual({ newest: null, oldest: null });
});
