import { expect, test } from 'vitest';
import { searchWithParams } from './query-params.ts';

test('one part of the address changes and the rest stays', () => {
  expect(searchWithParams('?lang=en&group=flood', { group: 'water', list: 'depth' })).toBe('?lang=en&group=water&list=depth');
  expect(searchWithParams('?lang=en&group=flood', { group: null })).toBe('?lang=en');
});

test('an address that says nothing any more is empty', () => {
  expect(searchWithParams('?group=flood', { group: null, list: null })).toBe('');
});

test('what was searched for survives in any script', () => {
  expect(new URLSearchParams(searchWithParams('', { find: '雨量 a&b' })).get('find')).toBe('雨量 a&b');
});
