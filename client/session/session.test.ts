import { expect, test } from 'vitest';
import { tokenOf } from './session.ts';

test('the token stands in the fragment; without one there is none', () => {
  expect(tokenOf('#token=abc-123_X')).toBe('abc-123_X');
  expect([tokenOf(''), tokenOf('#'), tokenOf('#token='), tokenOf('#other=1')]).toEqual([null, null, null, null]);
});
