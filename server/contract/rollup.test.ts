import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRollup, rollupInputSchema } from './rollup.ts';

const aRollup = (part: object): object => ({ indicator: 'a', place: 'b', resolution: '1h', t: [0, 1], count: [1, 1], sum: [1, 2], min: [1, null], max: [1, 2], ...part });

it('reads every rollup as its schema does, and says the same of one that is none', () => {
  const odd = fc.constantFrom<unknown>(undefined, null, 1, 1.5, -1, 'x', '1m', '2h', [], [1], [1, 2], [1, null], [1, '2'], [1, Number.NaN], [null, null], {}, true);
  const key = fc.constantFrom('indicator', 'place', 'facet', 'resolution', 'widthMs', 't', 'count', 'sum', 'min', 'max', 'last', 'badCount', 'suspectCount', 'other');
  fc.assert(
    fc.property(fc.array(fc.tuple(key, odd), { maxLength: 3 }), (changes) => {
      const value = aRollup(Object.fromEntries(changes));
      const expected = rollupInputSchema.safeParse(value);
      const read = readRollup(value);
      if (read.ok) expect(read.rollup).toEqual(expected.data);
      else expect(read.issue).toEqual({ path: expected.error?.issues[0]?.path.join('.'), message: expected.error?.issues[0]?.message });
      expect(read.ok).toBe(expected.success);
    }),
    { numRuns: 2000 },
  );
});

it.each([null, 7, 'rollup', [], undefined])('%j is no rollup', (value) => {
  expect(readRollup(value).ok).toBe(false);
});

it('refuses more rows than one rollup may have', () => {
  const t = Array.from({ length: 50_001 }, (_, i) => i);
  expect(readRollup(aRollup({ t, count: t, sum: t, min: t, max: t }))).toMatchObject({ ok: false, issue: { path: 't' } });
});
