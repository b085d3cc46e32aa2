import { expect, test } from 'vitest';
import { aLatest } from '../live/builders.fixture.ts';
import { dataState, tellsThePresent } from './state-of.ts';

const indicator = { staleAfterMs: 5000 };

test.each([
  ['good', {}, 5000],
  ['stale', {}, 5001],
  ['suspect', { quality: 'suspect' as const }, 10],
  ['stale', { quality: 'suspect' as const }, 5001],
  ['bad', { quality: 'bad' as const }, 10],
  ['bad', { quality: 'bad' as const }, 9000],
])('it is %s', (expected, change, age) => {
  expect(dataState(aLatest({ observedAt: 1000, ...change }), indicator, 1000 + age)).toBe(expected);
});

test('no reading is missing, and missing tells nothing of the present', () => {
  expect(dataState(undefined, indicator, 0)).toBe('missing');
  expect((['good', 'suspect', 'stale', 'missing', 'bad'] as const).filter(tellsThePresent)).toEqual(['good', 'suspect']);
});

test('what the server once called fresh is judged anew by the time that has passed', () => {
  expect(dataState(aLatest({ observedAt: 0, stale: false }), indicator, 60_000)).toBe('stale');
});
