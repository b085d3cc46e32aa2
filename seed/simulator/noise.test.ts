import { describe, expect, it } from 'vitest';
import { mean } from './city.fixture.ts';
import { addSmooth, hash, keyOf, normal, poisson, smooth, unit } from './noise.ts';

const key = keyOf(7, 'test');
const draws = (count: number, draw: (n: number) => number): number[] => Array.from({ length: count }, (_, n) => draw(n - 100));
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

describe('chance by counting', () => {
  it('is the same for the same key and number, and another for another', () => {
    expect(hash(key, 5)).toBe(hash(key, 5));
    expect(hash(key, 5)).not.toBe(hash(key, 6));
    expect(hash(key, 5)).not.toBe(hash(keyOf(7, 'tesu'), 5));
    expect(keyOf(7, 'ab')).not.toBe(keyOf(7, 'ba'));
  });

  it('spreads evenly, without memory from one number to the next', () => {
    const values = draws(20_000, (n) => unit(key, n));
    expect(mean(values)).toBeCloseTo(0.5, 2);
    const tenths = Array.from({ length: 10 }, (_, tenth) => values.filter((value) => Math.floor(value * 10) === tenth).length);
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
    expect(Math.abs(mean(values.slice(1).map((value, i) => (value - 0.5) * ((values[i] as number) - 0.5))))).toBeLessThan(0.002);
  });

  it('draws normal values of mean 0 and deviation 1 that never go wild', () => {
    const values = draws(20_000, (n) => normal(key, n));
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(deviation(values)).toBeCloseTo(1, 1);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(4);
  });

  it.each([0.02, 0.8, 5, 40])('draws counts whose mean and variance are both %d', (expected) => {
    const values = draws(20_000, (n) => poisson(key, n, expected));
    expect(Math.abs(mean(values) - expected)).toBeLessThan(0.03 * expected + 0.005);
    expect(deviation(values) ** 2 / expected).toBeGreaterThan(0.9);
    expect(deviation(values) ** 2 / expected).toBeLessThan(1.1);
  });

  it('makes smooth noise in a row that is what it is one by one', () => {
    const out = new Float64Array(500);
    addSmooth(out, { from: 1_000_000, stepMs: 60_000, count: 500 }, { key, spacingMs: 1_700_000, amplitude: 2 });
    for (const i of [0, 17, 233, 499]) expect(out[i]).toBeCloseTo(2 * smooth(key, (1_000_000 + i * 60_000) / 1_700_000), 9);
    expect(deviation(draws(20_000, (n) => smooth(key, n / 7)))).toBeCloseTo(1, 1);
  });
});
