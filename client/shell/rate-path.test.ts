import { expect, test } from 'vitest';
import { ratePath } from './rate-path.ts';

test('a second without readings is a trace on the line, the most is the full height', () => {
  expect(ratePath([0, 5])).toBe('M0 19h1.4v1h-1.4zM2 0h1.4v20h-1.4z');
});

test('one reading beside thousands is still seen', () => {
  expect(ratePath([1, 5000])).toContain('M0 18h1.4v2');
});
