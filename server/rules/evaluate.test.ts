import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '../contract/index.ts';
import { evaluateThreshold, type ThresholdLimits, type Verdict } from './evaluate.ts';

const above: ThresholdLimits = {
  direction: 'above',
  deadband: 5,
  limits: [
    { level: 'yellow', value: 50 },
    { level: 'red', value: 100 },
  ],
};
const below: ThresholdLimits = {
  direction: 'below',
  deadband: 5,
  limits: [
    { level: 'yellow', value: 50 },
    { level: 'red', value: 20 },
  ],
};
const good = (value: number) => ({ value, quality: 'good' as const });
const set = (...levels: Level[]) => new Set<Level>(levels);

describe('a threshold rule judges one reading', () => {
  const table: [ThresholdLimits, Level[], number, Verdict, Verdict][] = [
    [above, [], 49.9, 'clear', 'clear'],
    [above, [], 50, 'breached', 'clear'],
    [above, [], 100, 'breached', 'breached'],
    [above, ['yellow', 'red'], 96, 'breached', 'breached'],
    [above, ['yellow', 'red'], 95, 'breached', 'breached'],
    [above, ['yellow', 'red'], 94.9, 'breached', 'clear'],
    [above, ['yellow'], 45, 'breached', 'clear'],
    [above, ['yellow'], 44.9, 'clear', 'clear'],
    [above, [], 45, 'clear', 'clear'],
    [below, [], 50.1, 'clear', 'clear'],
    [below, [], 50, 'breached', 'clear'],
    [below, [], 20, 'breached', 'breached'],
    [below, ['yellow', 'red'], 25, 'breached', 'breached'],
    [below, ['yellow', 'red'], 25.1, 'breached', 'clear'],
    [below, ['yellow'], 55.1, 'clear', 'clear'],
  ];
  it.each(table)('%o with %o breached before and a value of %d: yellow %s, red %s', (rule, before, value, yellow, red) => {
    expect(evaluateThreshold(rule, set(...before), good(value))).toEqual({ yellow, red });
  });

  it('without a deadband a limit clears as soon as the value is on the good side of it', () => {
    const rule: ThresholdLimits = { ...above, deadband: 0 };
    expect(evaluateThreshold(rule, set('yellow'), good(50)).yellow).toBe('breached');
    expect(evaluateThreshold(rule, set('yellow'), good(49.999)).yellow).toBe('clear');
  });

  it('a bad or non-finite reading is unknown for every limit, whatever was breached before', () => {
    const unknown = { yellow: 'unknown', red: 'unknown' };
    expect(evaluateThreshold(above, set('yellow'), { value: 500, quality: 'bad' })).toEqual(unknown);
    expect(evaluateThreshold(above, set(), { value: 0, quality: 'bad' })).toEqual(unknown);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) expect(evaluateThreshold(above, set('red'), good(value))).toEqual(unknown);
  });

  it('a suspect reading is judged like a good one', () => {
    expect(evaluateThreshold(above, set(), { value: 60, quality: 'suspect' })).toEqual({ yellow: 'breached', red: 'clear' });
  });

  it('having been breached never makes a limit clearer, and `below` mirrors `above`', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, fc.nat({ max: 50 }), (value, limit, deadband) => {
        const up: ThresholdLimits = { direction: 'above', deadband, limits: [{ level: 'blue', value: limit }] };
        const down: ThresholdLimits = { direction: 'below', deadband, limits: [{ level: 'blue', value: -limit }] };
        for (const latch of [set(), set('blue')]) expect(evaluateThreshold(down, latch, good(-value))).toEqual(evaluateThreshold(up, latch, good(value)));
        if (evaluateThreshold(up, set(), good(value)).blue === 'breached') expect(evaluateThreshold(up, set('blue'), good(value)).blue).toBe('breached');
      }),
    );
  });
});
