import { expect, test } from 'vitest';
import { anAlert, anIndicator, aPlace, aSeries } from '../live/builders.fixture.ts';
import { allowsVerdict, expectedVitals, firingBySeries } from './vitals.ts';

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
