import { expect, test } from 'vitest';
import { chartSpans, isSameWindow, nameOfWindow, rangeOf, usualSpan, windowNamed, windowOfEvent } from './chart-window.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-08-27T16:30:00Z');
const event = { from: NOW - 100 * HOUR, to: NOW - 52 * HOUR };

test('an address names a span back from now; without one, or with an unknown one, it is a day', () => {
  expect([windowNamed('7d'), windowNamed('9y'), windowNamed(null)]).toEqual([
    { kind: 'last', span: '7d' },
    { kind: 'last', span: '24h' },
    { kind: 'last', span: '24h' },
  ]);
});

test('what is read once in hours or days is shown over a week or a month, unless the address says otherwise', () => {
  expect([300_000, HOUR, 4 * HOUR, 24 * HOUR, undefined].map(usualSpan)).toEqual(['24h', '24h', '7d', '30d', '24h']);
  expect([windowNamed(null, '30d'), windowNamed('6h', '30d')]).toMatchObject([{ span: '30d' }, { span: '6h' }]);
});

test('every window comes back from the address it was written into', () => {
  const windows = [...chartSpans.map((span) => ({ kind: 'last', span }) as const), windowOfEvent(event)];
  expect(windows.map((one) => windowNamed(nameOfWindow(one)))).toEqual(windows);
});

test.each(['1787000000000-1786000000000', '5-9', '1000000000000-9000000000000', 'now-then'])('%s is no stretch of time', (text) => {
  expect(windowNamed(text).kind).toBe('last');
});

test('an event is shown with what came before and after it, a short one with an hour', () => {
  expect(windowOfEvent(event)).toEqual({ kind: 'fixed', from: event.from - 6 * HOUR, to: event.to + 6 * HOUR });
  expect(windowOfEvent({ from: NOW, to: NOW + HOUR })).toEqual({ kind: 'fixed', from: NOW - HOUR, to: NOW + 2 * HOUR });
  expect(isSameWindow(windowOfEvent(event), windowOfEvent({ ...event }))).toBe(true);
});

test('a span moves with now and leaves room for what comes; a stretch of the past stays', () => {
  expect(rangeOf({ kind: 'last', span: '24h' }, NOW)).toEqual({ from: NOW - 24 * HOUR, to: NOW + 0.6 * HOUR });
  expect(rangeOf({ kind: 'fixed', from: 1, to: 2 }, NOW)).toEqual({ from: 1, to: 2 });
});
