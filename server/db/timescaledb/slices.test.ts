import { expect, it } from 'vitest';
import { toSlices } from './slices.ts';

const hour = (n: number): number => n * 3_600_000;
const range = (series: number, from: number, to: number) => ({ series, from: hour(from), to: hour(to) });
const span = (from: number, to: number) => ({ from: hour(from), to: hour(to) });

it.each([
  ['nothing', [], []],
  ['hours of several series at the same time', [range(1, 5, 6), range(2, 5, 7)], [span(5, 7)]],
  ['hours in any order, some of them between', [range(1, 20, 21), range(1, 5, 6)], [span(5, 21)]],
  ['hours further apart than a day', [range(1, 0, 1), range(2, 24, 25)], [span(0, 1), span(24, 25)]],
  ['more than a day without a gap', [range(1, 0, 50)], [span(0, 24), span(24, 48), span(48, 50)]],
  ['a range that reaches over the end of a slice', [range(1, 0, 2), range(2, 20, 30)], [span(0, 24), span(24, 30)]],
  ['a range inside a longer one', [range(1, 0, 30), range(2, 3, 4), range(3, 25, 26)], [span(0, 24), span(24, 30)]],
])('%s', (_what, hours, slices) => {
  expect(toSlices(hours)).toEqual(slices);
});
