import { expect, it } from 'vitest';
import { qualities, qualityReasons } from '../contract/index.ts';
import { decodeQuality, encodeQuality, isBad, judgeQuality } from './quality.ts';

it('every verdict with every reason comes back from its code', () => {
  for (const quality of qualities) {
    for (const reason of [null, ...qualityReasons]) expect(decodeQuality(encodeQuality(quality, reason))).toEqual({ quality, reason });
  }
});

it.each([
  ['nothing said', 5, {}, undefined, 'good', null],
  ['filled', 0, { reason: 'filled' as const }, undefined, 'good', 'filled'],
  ['suspect without a reason', 5, { quality: 'suspect' as const }, undefined, 'suspect', 'as_sent'],
  ['suspect with one', 5, { quality: 'suspect' as const, reason: 'estimated' as const }, undefined, 'suspect', 'estimated'],
  ['below what can be', -300, {}, { min: -273.15 }, 'bad', 'out_of_range'],
  ['above what can be, whatever the sender says', 9831, { quality: 'good' as const }, { max: 500 }, 'bad', 'out_of_range'],
  ['at the edge of what can be', 500, {}, { min: 0, max: 500 }, 'good', null],
])('%s', (_name, value, sent, range, quality, reason) => {
  const code = judgeQuality(value, sent, range);
  expect(decodeQuality(code)).toEqual({ quality, reason });
  expect(isBad(code)).toBe(quality === 'bad');
});
