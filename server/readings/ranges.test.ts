import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeToHours } from './ranges.ts';
import { HOUR_MS } from './resolution.ts';

it('covers every touched hour once', () => {
  const range = fc.record({ series: fc.integer({ min: 1, max: 3 }), firstAt: fc.integer({ min: 0, max: 40 * HOUR_MS }), length: fc.integer({ min: 0, max: 5 * HOUR_MS }) });
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const touched = ranges.map(({ series, firstAt, length }) => ({ series, firstAt, lastAt: firstAt + length }));
      const hours = (series: number, from: number, to: number) => {
        const list: string[] = [];
        for (let at = Math.floor(from / HOUR_MS); at * HOUR_MS <= to; at++) list.push(`${series} ${at}`);
        return list;
      };
      const expected = new Set(touched.flatMap((one) => hours(one.series, one.firstAt, one.lastAt)));
      const got = mergeToHours(touched).flatMap((one) => hours(one.series, one.from, one.to - 1));
      expect(new Set(got)).toEqual(expected);
      expect(got).toHaveLength(expected.size);
    }),
  );
});
