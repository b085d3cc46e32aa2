import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aDelta, aLatest, anAlert } from './builders.fixture.ts';
import { isOpen, landAlerts, landReadings, pushRate, RATE_SECONDS } from './landing.ts';

test('a newer reading replaces an older one, and a late one does not replace the newer', () => {
  const known = new Map([[1, aLatest({ observedAt: 2000, value: 2 })]]);
  expect(landReadings(known, [aDelta({ observedAt: 3000, value: 3 })]).get(1)?.value).toBe(3);
  expect(landReadings(known, [aDelta({ observedAt: 1000, value: 9 })])).toBe(known);
});

test('a correction of the same instant replaces the value', () => {
  const known = new Map([[1, aLatest({ observedAt: 2000, value: 2 })]]);
  expect(landReadings(known, [aDelta({ observedAt: 2000, value: 2.5 })]).get(1)?.value).toBe(2.5);
});

test('a landing makes a new map and leaves the old one as it was; without readings the map stays the same', () => {
  const known = new Map([[1, aLatest()]]);
  const next = landReadings(known, [aDelta({ series: 2, observedAt: 5000 })]);
  expect([known.size, next.size]).toEqual([1, 2]);
  expect(landReadings(known, [])).toBe(known);
});

test('in whatever order readings arrive, the newest of each series is what shows', () => {
  const delta = fc.record({ series: fc.integer({ min: 1, max: 4 }), observedAt: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.array(delta, { minLength: 1, maxLength: 40 }), (deltas) => {
      const landed = landReadings(
        new Map(),
        deltas.map((one) => aDelta({ ...one, value: one.observedAt })),
      );
      for (const series of new Set(deltas.map((one) => one.series))) {
        expect(landed.get(series)?.observedAt).toBe(Math.max(...deltas.filter((one) => one.series === series).map((one) => one.observedAt)));
      }
    }),
  );
});

test.each([
  [true, { condition: 'firing' as const, acknowledged: false }],
  [true, { condition: 'firing' as const, acknowledged: true }],
  [true, { condition: 'resolved' as const, acknowledged: false }],
  [false, { condition: 'resolved' as const, acknowledged: true }],
  [false, { condition: 'pending' as const, acknowledged: false }],
  [false, { condition: 'inactive' as const, acknowledged: false }],
])('on the list: %s for %o', (expected, change) => {
  expect(isOpen(anAlert(change))).toBe(expected);
});

test('an ended alert leaves the list, and an older version never brings it back to an older state', () => {
  const open = new Map([['1', anAlert({ journalId: 5, acknowledged: true })]]);
  expect(landAlerts(open, [anAlert({ journalId: 4, acknowledged: false })])).toBe(open);
  expect(landAlerts(open, [anAlert({ journalId: 6, condition: 'resolved', acknowledged: true })]).size).toBe(0);
});

test('an alert that fires comes onto the list, one that is pending does not', () => {
  expect([...landAlerts(new Map(), [anAlert({ id: '7' }), anAlert({ id: '8', condition: 'pending' })]).keys()]).toEqual(['7']);
});

test('the strip of received readings moves on by the seconds that have passed, silent ones as zeros', () => {
  const strip = pushRate(new Array(RATE_SECONDS).fill(1), 3, 7);
  expect(strip).toHaveLength(RATE_SECONDS);
  expect(strip.slice(-4)).toEqual([1, 0, 0, 7]);
  expect(pushRate(strip, 100_000, 2).filter((count) => count > 0)).toEqual([2]);
});
