import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conversion, unitIds, unitLabel } from './units.ts';

const convert = (value: number, from: string, to: string): number | null => {
  const how = conversion(from, to);
  return how === null ? null : value * how.factor + how.offset;
};

it.each([
  [1, 'inch', 'cm', 2.54],
  [6.63, 'foot', 'm', 2.020824],
  [32, 'fahrenheit', 'celsius', 0],
  [288.28, 'kelvin', 'celsius', 15.13],
  [36, 'km_per_h', 'm_per_s', 10],
  [0.35, 'mg_per_m3', 'ug_per_m3', 350],
  [0.5, 'ratio', 'percent', 50],
  [90, 'second', 'minute', 1.5],
])('%d %s is %s: %d', (value, from, to, expected) => {
  expect(convert(value, from, to)).toBeCloseTo(expected, 9);
});

it.each([
  ['call', 'vehicle'],
  ['cm', 'celsius'],
  ['cm', 'furlong'],
  ['furlong', 'cm'],
])('%s never becomes %s', (from, to) => {
  expect(conversion(from, to)).toBeNull();
});

it('there and back again is the same value, and a unit into itself changes no bit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...unitIds), fc.constantFrom(...unitIds), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (from, to, value) => {
      const there = convert(value, from, to);
      if (there === null) return;
      const scale = Math.max(1, Math.abs(value), 1000);
      expect(Math.abs((convert(there, to, from) ?? Number.NaN) - value) / scale).toBeLessThan(1e-6);
      if (from === to) expect(there + 0).toBe(value + 0);
    }),
    { seed: 20_260_301 },
  );
});

it('every unit has a label, and an unknown one prints as itself', () => {
  for (const unit of unitIds) expect(unitLabel(unit)).toEqual({ zh: expect.any(String), en: expect.any(String) });
  expect(unitLabel('furlong')).toEqual({ zh: 'furlong', en: 'furlong' });
});
