import { expect, test } from 'vitest';
import { searchWith, selectionOf } from './address.ts';

test('an address names a series, with or without a facet', () => {
  expect(selectionOf('?indicator=depth&place=a')).toEqual({ indicator: 'depth', place: 'a', facet: null });
  expect(selectionOf('?lang=en&indicator=calls&place=a&facet=noise')).toEqual({ indicator: 'calls', place: 'a', facet: 'noise' });
});

test('half an address, or one that is no id, names nothing', () => {
  expect([selectionOf(''), selectionOf('?indicator=depth'), selectionOf('?indicator=<script>&place=a')]).toEqual([null, null, null]);
});

test('writing the selection leaves the rest of the address alone, and reading it gives it back', () => {
  const selected = { indicator: 'calls', place: 'a', facet: 'noise' };
  const search = searchWith('?lang=en&indicator=x&place=y', selected);
  expect(search).toBe('?lang=en&indicator=calls&place=a&facet=noise');
  expect(selectionOf(search)).toEqual(selected);
  expect(searchWith('?indicator=x&place=y&facet=z', null)).toBe('');
});
