import { describe, expect, test } from 'vitest';
import { TIERS, tiersOf } from './thin-out.ts';

const row = (count: number, stepDegrees: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `s${String(i).padStart(2, '0')}`, longitude: 120 + i * stepDegrees, latitude: 30 }));

describe('which stations are marks at which zoom', () => {
  test('stations that stand far apart are marks from the first zoom on', () => {
    expect([...tiersOf(row(5, 0.2)).values()]).toEqual(Array(5).fill(TIERS[0]));
  });

  test('of stations that stand close some are marks early, more with each zoom, and all at the last', () => {
    const tiers = [...tiersOf(row(40, 0.004)).values()];
    const counts = TIERS.map((zoom) => tiers.filter((tier) => tier <= zoom).length);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[0]).toBeLessThan(10);
    expect(counts.at(-1)).toBe(40);
  });

  test('the order in which stations are given changes nothing, nor does what they measure', () => {
    const stations = row(30, 0.006);
    expect(new Map([...tiersOf([...stations].reverse())].sort())).toEqual(new Map([...tiersOf(stations)].sort()));
  });
});
