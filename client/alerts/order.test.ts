import { expect, test } from 'vitest';
import { anAlert } from '../live/builders.fixture.ts';
import { countAlerts, markStateOf, newlyFiring, nextWaiting, orderAlerts, pulses, stepFrom, worstOf } from './order.ts';

const mapOf = (...alerts: ReturnType<typeof anAlert>[]) => new Map(alerts.map((one) => [one.id as string, one]));

test('alerts stand by level, then by who still waits, firing before resolved, then the newest first', () => {
  const ordered = orderAlerts(
    mapOf(
      anAlert({ id: '1', level: 'blue', firedAt: 9000 }),
      anAlert({ id: '2', level: 'red', acknowledged: true, firedAt: 8000 }),
      anAlert({ id: '3', level: null, worstLevel: 'red', condition: 'resolved', firedAt: 7000 }),
      anAlert({ id: '4', level: 'red', firedAt: 1000 }),
      anAlert({ id: '5', level: 'red', firedAt: 2000 }),
      anAlert({ id: '6', level: 'orange', firedAt: 1000 }),
    ),
  );
  expect(ordered.map((one) => one.id)).toEqual(['5', '4', '3', '2', '6', '1']);
});

test('the order does not depend on the order of arrival, even for alerts of one instant', () => {
  const some = ['9', '10', '11'].map((id) => anAlert({ id }));
  const ids = (list: typeof some) => orderAlerts(mapOf(...list)).map((one) => one.id);
  expect(ids(some)).toEqual(['11', '10', '9']);
  expect(ids([...some].reverse())).toEqual(ids(some));
});

test('the mark tells the state without colour, and gone data before anything else', () => {
  expect(markStateOf(anAlert())).toBe('solid');
  expect(markStateOf(anAlert({ acknowledged: true }))).toBe('hollow');
  expect(markStateOf(anAlert({ acknowledged: true, unknownSince: 5 }))).toBe('unknown');
  expect(markStateOf(anAlert({ condition: 'resolved', unknownSince: 5 }))).toBe('resolved');
});

test('only an unacknowledged red or orange alert that fires pulses', () => {
  expect((['red', 'orange', 'yellow', 'blue'] as const).filter((level) => pulses(anAlert({ level })))).toEqual(['red', 'orange']);
  expect(pulses(anAlert({ level: 'red', acknowledged: true }))).toBe(false);
  expect(pulses(anAlert({ level: 'red', condition: 'resolved' }))).toBe(false);
});

test('counts by level are of firing alerts; what has resolved and what is unknown is counted beside them', () => {
  const counts = countAlerts([
    anAlert({ level: 'red' }),
    anAlert({ level: 'red', acknowledged: true, unknownSince: 1 }),
    anAlert({ condition: 'resolved', worstLevel: 'orange', level: null }),
  ]);
  expect(counts).toEqual({ byLevel: { red: 2, orange: 0, yellow: 0, blue: 0 }, firing: 2, unacknowledged: 2, resolved: 1, unknown: 1 });
  expect(worstOf(counts)).toBe('red');
  expect(worstOf(countAlerts([]))).toBeNull();
});

test('news is what begins to fire or rises, not what was there, fell or was acknowledged', () => {
  const before = mapOf(anAlert({ id: '1', level: 'blue' }), anAlert({ id: '2', level: 'red' }), anAlert({ id: '3', level: 'yellow' }));
  const after = mapOf(
    anAlert({ id: '1', level: 'orange' }),
    anAlert({ id: '2', level: 'yellow' }),
    anAlert({ id: '3', level: 'yellow', acknowledged: true }),
    anAlert({ id: '4', level: 'blue' }),
  );
  expect(newlyFiring(before, after).map((one) => one.id)).toEqual(['1', '4']);
});

test('moving stops at both ends and begins at the top', () => {
  const ordered = ['1', '2', '3'].map((id) => anAlert({ id }));
  expect(
    [stepFrom(ordered, null, 1), stepFrom(ordered, '1', 1), stepFrom(ordered, '3', 1), stepFrom(ordered, '1', -1), stepFrom([], null, 1)].map((one) => one?.id ?? null),
  ).toEqual(['1', '2', '3', '1', null]);
});

test('after one is acknowledged the next that waits is taken, from below first, then from the top', () => {
  const ordered = [anAlert({ id: '1' }), anAlert({ id: '2' }), anAlert({ id: '3', acknowledged: true }), anAlert({ id: '4' })];
  expect(nextWaiting(ordered, '2')?.id).toBe('4');
  expect(nextWaiting(ordered, '4')?.id).toBe('1');
  expect(nextWaiting([anAlert({ id: '1' })], '1')).toBeNull();
});
