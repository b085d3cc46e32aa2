import { expect, test } from 'vitest';
import { panelOf, type SourcesPanel, searchWithPanel } from './panel-address.ts';

test.each<[string, SourcesPanel]>([
  ['', { kind: 'closed' }],
  ['?lang=en', { kind: 'closed' }],
  ['?sources', { kind: 'list' }],
  ['?sources=', { kind: 'list' }],
  ['?sources=imperial&lang=en', { kind: 'source', id: 'imperial' }],
])('the address %s names %o', (search, panel) => {
  expect(panelOf(search)).toEqual(panel);
});

test('writing the panel leaves the rest of the address alone, and reading it gives it back', () => {
  for (const panel of [{ kind: 'closed' }, { kind: 'list' }, { kind: 'source', id: 'a&b' }] as const) {
    const search = searchWithPanel('?lang=en&sources=x&place=y', panel);
    expect(panelOf(search)).toEqual(panel);
    expect([new URLSearchParams(search).get('lang'), new URLSearchParams(search).get('place')]).toEqual(['en', 'y']);
  }
  expect(searchWithPanel('?sources=x', { kind: 'closed' })).toBe('');
});
