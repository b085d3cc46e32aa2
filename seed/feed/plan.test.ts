import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, zoneClock } from '../wall-time.ts';
import { pastEvents } from './history.ts';
import { dayStart, HOUR_MS, type PastPlan, type PlannedSeries, recentFrom, segmentsOf, stages } from './plan.ts';

const zone = zoneClock('Asia/Shanghai');
const base = Date.parse('2026-11-24T09:34:56+08:00');
const plan: PastPlan = { zone, base, days: 400, storms: pastEvents(zone, base).map(({ window }) => window) };
const MINUTE = 60_000;
const plain = (intervalMs: number): PlannedSeries => ({ intervalMs, isFlood: false, isTrial: false });
const shapes = (series: PlannedSeries) =>
  Object.fromEntries(stages.map((stage) => [stage, segmentsOf(plan, series)[stage].map(({ resolution, widthMs }) => `${resolution} ${widthMs / MINUTE}`)]));

describe('the past of a series', () => {
  it('is quarters for two weeks, hours for three months, then days', () => {
    expect(shapes(plain(MINUTE))).toEqual({ quarters: ['1m 15'], hours: ['1h 60'], storms: [], trials: [], days: ['1d 1440'] });
    const { quarters, hours, days } = segmentsOf(plan, plain(MINUTE));
    expect([quarters[0]?.to, quarters[0]?.from, hours[0]?.from, days[0]?.from].map((at) => new Date(at ?? 0).toISOString())).toEqual([
      '2026-11-22T01:00:00.000Z', // two days before, whole hours
      '2026-11-09T16:00:00.000Z', // midnight of the city
      '2026-08-25T16:00:00.000Z',
      '2025-10-19T16:00:00.000Z',
    ]);
  });

  it('is never finer than the readings are', () => {
    expect(shapes(plain(30 * MINUTE))).toMatchObject({ quarters: ['1m 30'], hours: ['1h 60'] });
    expect(shapes(plain(4 * HOUR_MS))).toMatchObject({ quarters: ['1h 240'], hours: ['1h 240'], days: ['1d 1440'] });
    expect(shapes(plain(DAY_MS))).toMatchObject({ quarters: ['1d 1440'], hours: ['1d 1440'], days: ['1d 1440'] });
  });

  it('keeps every minute of a storm for what tells of a flood', () => {
    const { storms, hours, days } = segmentsOf({ ...plan, days: 450 }, { intervalMs: MINUTE, isFlood: true, isTrial: false });
    expect(storms).toHaveLength(4);
    expect(storms.every(({ widthMs, resolution }) => widthMs === MINUTE && resolution === '1m')).toBe(true);
    expect(hours).toHaveLength(4);
    expect(days).toHaveLength(2);
  });

  it('is five minutes over three months for a series that thresholds are tried on', () => {
    expect(shapes({ intervalMs: MINUTE, isFlood: false, isTrial: true })).toEqual({ quarters: [], hours: [], storms: [], trials: ['1m 5'], days: ['1d 1440'] });
  });

  it('is covered once and without a hole, in whole buckets, whatever the series', () => {
    const series = fc.record({
      intervalMs: fc.constantFrom(1, 5, 10, 15, 30, 60, 240, 1440).map((minutes) => minutes * MINUTE),
      isFlood: fc.boolean(),
      isTrial: fc.boolean(),
    });
    const bases = fc.integer({ min: Date.parse('2025-01-01T00:00:00Z'), max: Date.parse('2028-01-01T00:00:00Z') });
    fc.assert(
      fc.property(series, bases, fc.constantFrom('Asia/Shanghai', 'America/New_York'), (one, at, zoneName) => {
        const clock = zoneClock(zoneName);
        const own: PastPlan = { zone: clock, base: at, days: 500, storms: pastEvents(clock, at).map(({ window }) => window) };
        const all = Object.values(segmentsOf(own, one))
          .flat()
          .sort((a, b) => a.from - b.from);
        expect(all[0]?.from).toBe(dayStart(clock, at - 500 * DAY_MS));
        expect(all.at(-1)?.to).toBe(recentFrom(own, one.intervalMs));
        for (const [i, { from, to, resolution, widthMs }] of all.entries()) {
          if (i > 0) expect(from).toBe(all[i - 1]?.to);
          if (resolution === '1d') expect([dayStart(clock, from), dayStart(clock, to)]).toEqual([from, to]);
          // A city whose clock is put back has days of 25 hours: there four-hour buckets stand by the hour.
          else if (widthMs <= HOUR_MS) expect([from % widthMs, to % widthMs]).toEqual([0, 0]);
        }
      }),
    );
  });
});

it('has three cloudbursts apart from each other, and the typhoon of last September', () => {
  const events = pastEvents(zone, base);
  expect(events.map(({ kind }) => kind)).toEqual(['storm', 'storm', 'storm', 'typhoon']);
  expect(new Date(events[3]?.window.from ?? 0).toISOString()).toBe('2025-09-16T16:00:00.000Z');
  for (const { occurrence, window } of events) expect(occurrence.startsAt >= window.from && occurrence.startsAt < window.to).toBe(true);
});
