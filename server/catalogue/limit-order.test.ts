import { expect, it } from 'vitest';
import { levels } from '../contract/index.ts';
import { judgeLimits, type LimitList } from './limit-order.ts';

const list = (direction: 'above' | 'below', values: number[], rest: Partial<LimitList> = {}): LimitList => ({
  direction,
  limits: values.map((value, i) => ({ level: levels[i] ?? 'red', value })),
  deadband: 0,
  range: {},
  ...rest,
});
const verdict = (limits: LimitList): (string | null)[] => judgeLimits(limits).map(({ level }) => level ?? 'deadband');

it.each<[string, LimitList, string[]]>([
  ['rising limits above', list('above', [1, 2, 3, 4]), []],
  ['falling limits below', list('below', [4, 3, 2, 1]), []],
  ['one limit', list('above', [0]), []],
  ['negative limits that rise', list('above', [-20, -10]), []],
  ['each limit out of order is named', list('above', [5, 4, 3]), ['yellow', 'orange']],
  ['a deadband just below the distance', list('above', [10, 20], { deadband: 9.9 }), []],
  ['a deadband of the distance', list('above', [10, 20], { deadband: 10 }), ['deadband']],
  ['a deadband of the distance that rounding makes smaller', list('above', [0.1, 0.3], { deadband: 0.2 }), ['deadband']],
  ['a deadband of the smallest of several distances', list('below', [30, 20, 18], { deadband: 2 }), ['deadband']],
  ['a deadband that ends above the least possible value', list('above', [5], { deadband: 4.9, range: { min: 0 } }), []],
  ['a deadband that ends at the least possible value', list('above', [5], { deadband: 5, range: { min: 0 } }), ['deadband']],
  ['a deadband that ends at the greatest possible value', list('below', [95], { deadband: 5, range: { max: 100 } }), ['deadband']],
  ['an open range bounds no deadband', list('above', [5], { deadband: 500 }), []],
  ['a limit at the greatest possible value can be reached', list('above', [100], { range: { max: 100 } }), []],
  ['a limit beyond the greatest possible value', list('above', [50, 101], { range: { max: 100 } }), ['yellow']],
  ['a limit below the least possible value', list('below', [5, -1], { range: { min: 0 } }), ['yellow']],
  ['a limit at the least possible value is always breached', list('above', [0], { range: { min: 0 } }), ['blue']],
  ['a limit at the greatest possible value, below, is always breached', list('below', [100], { range: { max: 100 } }), ['blue']],
])('%s', (_name, limits, expected) => {
  expect(verdict(limits)).toEqual(expected);
});
