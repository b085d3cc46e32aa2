import { describe, expect, it } from 'vitest';
import { merge, type Played, playedIn, trackOf } from './played.ts';
import type { Recorded } from './recorded.ts';
import type { Span } from './span.ts';
import { dayNumber, parseWall, zoneClock } from './wall-time.ts';

const HOUR = 3_600_000;
const newYork = zoneClock('America/New_York');
const recorded = (text: string, value: number): Recorded => ({ wall: parseWall(text) ?? Number.NaN, indicator: 'calls', place: 'here', facet: null, value });
const span = (today: string, anchor: string, more: Partial<Span> = {}): Span => ({ today: dayNumber(today), before: 1, after: 1, anchor: dayNumber(anchor), loop: true, ...more });
const iso = (text: string): number => Date.parse(text);
const seen = (played: Iterable<Played>): [string, number][] => [...played].map(({ reading }) => [new Date(reading.observedAt).toISOString(), reading.value]);

describe('played readings', () => {
  const hours = ['2021-06-27T23:00', '2021-06-28T09:00', '2021-06-29T09:00'].map((text, i) => recorded(text, i + 1));
  const track = (anchor: string, more: Partial<Span> = {}) => trackOf('calls', { id: 'r', intervalMs: HOUR, readings: hours }, span('2021-06-28', anchor, more));

  it('keep their hour on the city’s clock, in winter as in summer', () => {
    const day = { after: iso('2026-01-15T05:00:00Z'), until: iso('2026-01-16T05:00:00Z') };
    expect(seen(playedIn(track('2026-01-15'), newYork, day))).toEqual([['2026-01-15T14:00:00.000Z', 2]]);
    const summer = { after: iso('2026-07-15T04:00:00Z'), until: iso('2026-07-16T04:00:00Z') };
    expect(seen(playedIn(track('2026-07-15'), newYork, summer))).toEqual([['2026-07-15T13:00:00.000Z', 2]]);
  });

  it('of an interval are sent when it is over', () => {
    const nine = iso('2026-01-15T09:00:00-05:00');
    expect([...playedIn(track('2026-01-15'), newYork, { after: nine, until: nine + HOUR - 1 })]).toEqual([]);
    const [sent] = playedIn(track('2026-01-15'), newYork, { after: nine, until: nine + HOUR });
    expect(sent).toEqual({ source: 'calls', sendAt: nine + HOUR, reading: { indicator: 'calls', place: 'here', facet: null, value: 2, observedAt: nine } });
  });

  it('of the last hour of a day come after its midnight', () => {
    const midnight = iso('2026-01-15T00:00:00-05:00');
    expect(seen(playedIn(track('2026-01-15'), newYork, { after: midnight - 1, until: midnight }))).toEqual([['2026-01-15T04:00:00.000Z', 1]]);
  });

  it('cut into stretches are the same as in one', () => {
    const from = iso('2026-01-14T05:00:00Z');
    const whole = seen(playedIn(track('2026-01-15'), newYork, { after: from, until: from + 9 * 24 * HOUR }));
    const cut = Array.from({ length: 27 }, (_, i) => seen(playedIn(track('2026-01-15'), newYork, { after: from + i * 8 * HOUR, until: from + (i + 1) * 8 * HOUR })));
    expect(cut.flat()).toEqual(whole);
    expect(whole.map(([, value]) => value)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });

  it('end with the span when it does not repeat', () => {
    const endless = { after: 0, until: Number.POSITIVE_INFINITY };
    expect([...playedIn(track('2026-01-15', { loop: false }), newYork, endless)]).toHaveLength(3);
  });

  it('are none in the hour that daylight saving skips, and twice in the one that it repeats', () => {
    const night = ['2021-06-28T01:30', '2021-06-28T02:30', '2021-06-28T03:30'].map((text, i) => recorded(text, i));
    const on = (day: string): [string, number][] => {
      const played = trackOf('depth', { id: 'r', intervalMs: 0, readings: night }, span('2021-06-28', day, { before: 0, after: 0, loop: false }));
      return seen(playedIn(played, newYork, { after: 0, until: Number.POSITIVE_INFINITY }));
    };
    expect(on('2026-03-08')).toEqual([
      ['2026-03-08T06:30:00.000Z', 0],
      ['2026-03-08T07:30:00.000Z', 2],
    ]);
    expect(on('2026-11-01')).toEqual([
      ['2026-11-01T05:30:00.000Z', 0],
      ['2026-11-01T06:30:00.000Z', 0],
      ['2026-11-01T07:30:00.000Z', 1],
      ['2026-11-01T08:30:00.000Z', 2],
    ]);
  });

  it('of a span without readings are none, and end', () => {
    expect([
      ...playedIn(trackOf('calls', { id: 'r', intervalMs: 0, readings: [] }, span('2021-06-28', '2026-01-15')), newYork, { after: 0, until: Number.POSITIVE_INFINITY }),
    ]).toEqual([]);
  });

  it('of several sources come in one order of sending', () => {
    const sequence = (source: string, times: number[]): Iterator<Played> =>
      times.map((sendAt): Played => ({ source, sendAt, reading: { indicator: 'i', place: 'p', value: 0, observedAt: sendAt } })).values();
    const order = [...merge([sequence('a', [1, 4, 4, 9]), sequence('b', []), sequence('c', [2, 4, 10])])].map(({ source, sendAt }) => `${source}${sendAt}`);
    expect(order).toEqual(['a1', 'c2', 'a4', 'a4', 'c4', 'a9', 'c10']);
  });
});
