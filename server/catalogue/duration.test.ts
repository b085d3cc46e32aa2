import { expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

it.each([
  ['45s', 45_000],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['1d', 86_400_000],
  ['2d3h4m5s', 183_845_000],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '10', 'm', '10 m', '10M', '30m1h', '1m1m', '-5m', '1.5h', '10min', '1234567d', ' 10m', '10m\n'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});
