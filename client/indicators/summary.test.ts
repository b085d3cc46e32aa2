import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert, Latest } from '../../server/contract/index.ts';
import { aLatest, anAlert, anIndicator, aPlace, aSeries } from '../live/builders.fixture.ts';
import { createLiveStore } from '../live/store.ts';
import { followVitals, summaryStore } from './summaries.ts';
import { type Summaries, summarizeAll, summarizeChanged } from './summary.ts';
import { firingBySeries, type Moment, type Vital } from './vitals.ts';

const depth = anIndicator();
const calls = anIndicator({ id: 'calls', intervalMs: 3_600_000, staleAfterMs: 10_800_000, worse: 'low', group: 'hotline' });
const vitals: Vital[] = [1, 2, 3, 4, 5, 6].map((id) => {
  const indicator = id <= 3 ? depth : calls;
  return { series: aSeries({ id, indicator: indicator.id, place: `p${id}` }), indicator, place: aPlace({ id: `p${id}` }) };
});
const reading = (series: number, change: Parameters<typeof aLatest>[0] = {}): Latest => aLatest({ series, indicator: series <= 3 ? 'depth' : 'calls', ...change });
const alertsOf = (...alerts: Alert[]) => firingBySeries(new Map(alerts.map((one) => [one.id as string, one])));
const moment = (readings: Latest[], change: Partial<Moment> = {}): Moment => ({
  latest: new Map(readings.map((one) => [one.series as number, one])),
  firing: new Map(),
  now: 2000,
  ...change,
});

test('every expected series is normal, alerting or unknown, and a missing one is unknown', () => {
  expect(summarizeAll(vitals, moment([reading(1)])).standing).toEqual({ normal: 1, alerting: 0, unknown: 5, total: 6 });
});

test('a bad reading is no knowledge, and neither is a stale one', () => {
  const readings = [reading(1, { quality: 'bad', observedAt: 300_000 }), reading(2, { observedAt: 0 })];
  expect(summarizeAll(vitals, moment(readings, { now: 300_001 })).byIndicator.get('depth')?.standing).toEqual({ normal: 0, alerting: 0, unknown: 3, total: 3 });
});

test('a firing alert counts as alerting, at its level, even when its data are gone', () => {
  const firing = alertsOf(anAlert({ series: 2, level: 'orange', unknownSince: 5 }));
  const summary = summarizeAll(vitals, moment([], { firing })).byIndicator.get('depth');
  expect([summary?.standing, summary?.levels]).toEqual([
    { normal: 0, alerting: 1, unknown: 2, total: 3 },
    { red: 0, orange: 1, yellow: 0, blue: 0 },
  ]);
});

test('the newest data and the oldest are told while nothing is overdue', () => {
  const all = summarizeAll(vitals, moment([reading(1, { observedAt: 9000 }), reading(2, { observedAt: 8000 }), reading(4, { observedAt: 4000 })], { now: 9000 }));
  expect([all.newest, all.oldest?.vital.place.id, all.oldest?.observedAt]).toEqual([9000, 'p4', 4000]);
  const none = summarizeAll(vitals, moment([]));
  expect([none.newest, none.oldest]).toEqual([null, null]);
});

test('what is overdue by its own measure is told before what is older but in time', () => {
  const now = 8_000_000;
  const readings = [reading(1, { observedAt: now - 600_000 }), reading(4, { observedAt: now - 7_200_000 })];
  expect(summarizeAll(vitals, moment(readings, { now })).oldest?.vital.place.id).toBe('p1');
});

test('an indicator about which nothing changed keeps its summary', () => {
  const before = moment([reading(1), reading(4)]);
  const known = summarizeAll(vitals, before);
  const landed = [reading(1, { value: 7, observedAt: 2500 })];
  const next = summarizeChanged(known, moment([...landed, reading(4)], { now: 3000 }), { landed, before: before.now });
  expect(next.byIndicator.get('calls')).toBe(known.byIndicator.get('calls'));
  expect(next.byIndicator.get('depth')?.worst?.latest?.value).toBe(7);
});

test('a series that becomes stale is noticed without any reading', () => {
  const before = moment([reading(1, { observedAt: 0 })], { now: 300_000 });
  const known = summarizeAll(vitals, before);
  const next = summarizeChanged(known, { ...before, now: 300_001 }, { landed: [], before: before.now });
  expect([known.standing.normal, next.standing.normal]).toEqual([1, 0]);
});

const levels = ['red', 'orange', 'yellow', 'blue'] as const;
const stepArbitrary = fc.record({
  /** A step back of the clock too: a demonstration begun again. */
  passed: fc.integer({ min: -400_000, max: 900_000 }),
  readings: fc.array(fc.record({ series: fc.integer({ min: 1, max: 6 }), value: fc.integer({ min: -5, max: 5 }), bad: fc.boolean(), age: fc.integer({ min: 0, max: 200_000 }) }), {
    maxLength: 4,
  }),
  alert: fc.option(fc.record({ id: fc.integer({ min: 1, max: 4 }), series: fc.integer({ min: 1, max: 6 }), level: fc.constantFrom(...levels), fires: fc.boolean() })),
});

const plain = ({ byIndicator, ...rest }: Summaries) => ({ ...rest, byIndicator: [...byIndicator] });

test('whatever happened in whatever order, it is what counting everything anew would give', () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 15 }), (steps) => {
      const store = createLiveStore(1_000_000);
      const stop = followVitals(store, vitals);
      let journalId = 0;
      for (const { passed, readings, alert } of steps) {
        const now = store.getState().now + passed;
        if (alert !== null) {
          const alerts = new Map(store.getState().alerts);
          const indicator = alert.series <= 3 ? 'depth' : 'calls';
          journalId += 1;
          if (alert.fires) alerts.set(String(alert.id), anAlert({ id: String(alert.id), series: alert.series, indicator, level: alert.level, journalId }));
          else alerts.delete(String(alert.id));
          store.setState({ alerts });
        }
        const landed = readings.map(({ series, value, bad, age }) => reading(series, { value, quality: bad ? 'bad' : 'good', observedAt: now - age }));
        const latest = new Map(store.getState().latest);
        for (const one of landed) latest.set(one.series, one);
        store.setState({ now, landed, latest: landed.length === 0 ? store.getState().latest : latest });
        const { alerts } = store.getState();
        expect(plain(summaryStore.getState())).toEqual(plain(summarizeAll(vitals, { latest: store.getState().latest, firing: firingBySeries(alerts), now })));
      }
      stop();
    }),
  );
});
