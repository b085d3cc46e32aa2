import { expect, it } from 'vitest';
import { hint, nearest } from './near.ts';

it.each([
  ['nroth', ['north', 'south'], 'north'],
  ['ug_per_m2', ['ug_per_m3', 'mg_per_m3'], 'ug_per_m3'],
  ['staleafter', ['interval', 'staleAfter'], 'staleAfter'],
  ['hold-for', ['hold_for'], 'hold_for'],
  ['flooddepth', ['flood_depth', 'water_stage'], 'flood_depth'],
  ['indicator', ['indicators', 'rules'], 'indicators'],
  ['cm', ['mm', 'm', 'km'], 'mm'],
  ['x', ['y', 'z'], null],
  ['noise', ['traffic', 'flood_depth'], null],
  ['', ['a'], null],
  ['x'.repeat(5000), ['x'], null],
])('the nearest to %j of %j is %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

it('lists the known words when none is near and they are few', () => {
  expect(hint('zzzzzz', ['north', 'south'])).toBe('; known: north, south');
  expect(
    hint(
      'zzzzzz',
      Array.from({ length: 40 }, (_, i) => `place_${i}`),
    ),
  ).toBe('');
  expect(hint('nroth', ['north', 'south'])).toBe('; did you mean "north"?');
});
