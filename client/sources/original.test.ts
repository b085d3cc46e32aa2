import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginningOf } from './original.ts';

test('what is short is shown whole', () => {
  expect(beginningOf('{"value":"wet"}')).toEqual({ text: '{"value":"wet"}', isWhole: true });
  expect(beginningOf('')).toEqual({ text: '', isWhole: true });
});

test('of many lines the first three are shown, of a long line its beginning', () => {
  expect(beginningOf('a\nb\nc\nd')).toEqual({ text: 'a\nb\nc', isWhole: false });
  expect(beginningOf('x'.repeat(1000))).toEqual({ text: 'x'.repeat(240), isWhole: false });
});

test('a cut never leaves half a character, and what is shown is always how the original begins', () => {
  expect(beginningOf(`${'x'.repeat(239)}😀tail`).text).toBe('x'.repeat(239));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (original) => {
      const { text, isWhole } = beginningOf(original);
      expect(original.startsWith(text)).toBe(true);
      expect(isWhole).toBe(text === original);
      expect(() => encodeURIComponent(text)).not.toThrow();
    }),
  );
});
