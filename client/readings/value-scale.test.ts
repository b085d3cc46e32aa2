import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleSummary } from '../../server/contract/index.ts';
import { type ChartLimit, limitsFor, splitLimits, spread, startsAtZero, valueScale } from './value-scale.ts';

const aLimit = (level: ChartLimit['level'], value: number): ChartLimit => ({ rule: 'r', level, value });
const flood = [aLimit('blue', 5), aLimit('yellow', 10), aLimit('orange', 20), aLimit('red', 35)];

describe('the value axis', () => {
  test('a count, a depth and a concentration start at zero; a temperature and a stage do not', () => {
    const starts = (unit: string, kind: 'gauge' | 'interval_count' = 'gauge', mapStyle: 'dot' | 'column' = 'dot') => startsAtZero({ unit, kind, mapStyle });
    expect([starts('call', 'interval_count'), starts('cm', 'gauge', 'column'), starts('ug_per_m3')]).toEqual([true, true, true]);
    expect([starts('celsius'), starts('foot'), starts('hpa')]).toEqual([false, false, false]);
  });

  test('a picture of nothing but zeros still has an axis', () => {
    const scale = valueScale({ low: 0, high: 0, isZeroBased: true, minStep: 0.1, count: 4 });
    expect(scale.min).toBe(0);
    expect(scale.max).toBeGreaterThan(0);
  });

  test('values all below zero are held by a scale that ends at zero', () => {
    const scale = valueScale({ low: -30, high: -10, isZeroBased: true, minStep: 1, count: 4 });
    expect(scale.min).toBeLessThanOrEqual(-30);
    expect(scale.max).toBeGreaterThanOrEqual(0);
  });

  test('every scale holds its values, and its ticks go from end to end in even steps', () => {
    const value = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.boolean(), fc.integer({ min: 2, max: 8 }), (a, b, isZeroBased, count) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { min, max, ticks } = valueScale({ low, high, isZeroBased, minStep: 0.01, count });
        expect(min).toBeLessThanOrEqual(low + 1e-6);
        expect(max).toBeGreaterThanOrEqual(high - 1e-6);
        expect(max).toBeGreaterThan(min);
        expect(ticks[0]).toBeCloseTo(min, 5);
        expect(ticks.at(-1)).toBeCloseTo(max, 5);
        expect(ticks.length).toBeLessThanOrEqual(3 * count + 3);
        if (isZeroBased && low >= 0) expect(min).toBe(0);
      }),
    );
  });
});

describe('limits', () => {
  const rule = (more: Partial<RuleSummary>): RuleSummary =>
    ({
      id: 'r',
      kind: 'threshold',
      active: true,
      indicator: 'depth',
      direction: 'above',
      places: null,
      placeLimits: {},
      limits: [{ level: 'red', value: 35, deadband: 1 }],
      ...more,
    }) as RuleSummary;

  test('only active threshold rules of the indicator count, for its place or a region around it', () => {
    const apply = (more: Partial<RuleSummary>) => limitsFor([rule(more)], 'depth', ['station', 'brooklyn', 'city']).length;
    expect([apply({}), apply({ active: false }), apply({ indicator: 'rain' }), apply({ kind: 'ratio' }), apply({ places: ['queens'] }), apply({ places: ['brooklyn'] })]).toEqual([
      1, 0, 0, 0, 0, 1,
    ]);
  });

  test('a place’s own ladder stands in place of the rule’s', () => {
    const own = rule({ placeLimits: { station: [{ level: 'red', value: 12, deadband: 1 }] } });
    expect(limitsFor([own], 'depth', ['station', 'city']).map((limit) => limit.value)).toEqual([12]);
    expect(limitsFor([own], 'depth', ['other', 'city']).map((limit) => limit.value)).toEqual([35]);
  });

  test('the same limit of two rules is one line, the lowest first', () => {
    const limits = limitsFor(
      [
        rule({}),
        rule({
          id: 's',
          limits: [
            { level: 'blue', value: 5, deadband: 1 },
            { level: 'red', value: 35, deadband: 1 },
          ],
        }),
      ],
      'depth',
      ['station'],
    );
    expect(limits.map((limit) => limit.value)).toEqual([5, 35]);
  });

  test('the next limit is always in the picture; those far away are named at its edge', () => {
    const split = splitLimits(flood, 0, 0.5);
    expect(split.drawn[0]?.value).toBe(5);
    expect(split.above.map((limit) => limit.value)).toEqual([20, 35]);
    expect(splitLimits(flood, 0, 42)).toMatchObject({ drawn: flood, above: [], below: [] });
  });

  test('no limit is lost', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }), (low, span) => {
        const { drawn, above, below } = splitLimits(flood, low, low + span);
        expect([...below, ...drawn, ...above]).toEqual(flood);
      }),
    );
  });
});

describe('labels at the edge', () => {
  test('those with room stay where they are', () => {
    expect(spread([10, 100, 60], 16, 200)).toEqual([10, 100, 60]);
  });

  test('those too near move apart, in order, and stay inside', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 250, noNaN: true }), { maxLength: 8 }), (wanted) => {
        const placed = spread(wanted, 16, 200);
        const sorted = [...placed].sort((a, b) => a - b);
        sorted.forEach((y, i) => {
          expect(y).toBeGreaterThanOrEqual(-1e-9);
          expect(y).toBeLessThanOrEqual(200 + 1e-9);
          if (i > 0) expect(y - (sorted[i - 1] as number)).toBeGreaterThanOrEqual(16 - 1e-9);
        });
        wanted.forEach((a, i) => {
          wanted.forEach((b, j) => {
            if (a < b) expect(placed[i] as number).toBeLessThan(placed[j] as number);
          });
        });
      }),
    );
  });
});
