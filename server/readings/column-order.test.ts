import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedOrder } from './column-order.ts';

const few = fc.record({ series: fc.integer({ min: 1, max: 5 }), at: fc.integer({ min: 0, max: 9 }) });
const scattered = fc.record({ series: fc.constantFrom(1, 7, 40_000, 2_000_000, 2_147_483_647), at: fc.integer({ min: 0, max: 4 }) });

describe('the order of a batch', () => {
  it.each([
    ['few neighbouring series', few],
    ['series far apart', scattered],
  ])('is by series and time, ties as they were sent: %s', (_name, reading) => {
    fc.assert(
      fc.property(fc.array(reading), (sent) => {
        const keys = { length: sent.length, series: Int32Array.from(sent, (one) => one.series), observedAt: Float64Array.from(sent, (one) => one.at) };
        const expected = sent.map((one, i) => ({ ...one, i })).sort((a, b) => a.series - b.series || a.at - b.at || a.i - b.i);
        const order = sortedOrder(keys) ?? sent.keys();
        expect([...order]).toEqual(expected.map(({ i }) => i));
      }),
    );
  });

  it('is null where nothing has to move, and heeds the length, not the room', () => {
    const keys = (length: number) => ({ length, series: Int32Array.from([1, 1, 2, 0]), observedAt: Float64Array.from([5, 5, 1, 0]) });
    expect(sortedOrder(keys(3))).toBeNull();
    expect([...(sortedOrder(keys(4)) ?? [])]).toEqual([3, 0, 1, 2]);
  });
});
