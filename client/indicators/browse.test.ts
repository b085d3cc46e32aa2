import { expect, test } from 'vitest';
import { aLatest, anAlert, anIndicator, aPlace, aSeries } from '../live/builders.fixture.ts';
import { ALL, matches, sectionsOf, worstFirst } from './browse.ts';
import type { Vital } from './vitals.ts';

const groups = ['flood', 'gas'].map((id) => ({ id, name: { zh: id, en: id } }));
const river = anIndicator({ id: 'river_level', name: { zh: '河道水位', en: 'River level' }, group: 'flood' });
const pump = anIndicator({ id: 'pump_ratio', name: { zh: '泵站开机率', en: 'Pumps running' }, group: 'flood' });
const leak = anIndicator({ id: 'gas_leak_lel', name: { zh: '燃气泄漏', en: 'Gas leak' }, domain: 'gas', domainName: { zh: '燃气', en: 'Gas' }, group: 'gas' });
const tide = anIndicator({ id: 'tide', name: { zh: '潮位', en: 'Tide' }, domain: 'port', domainName: { zh: '港航', en: 'Port' }, group: 'flood' });
const gone = anIndicator({ id: 'gone', group: 'flood', retired: true });
const all = [leak, river, tide, pump, gone];
const found = (group: string, find: string) =>
  sectionsOf({ indicators: all, groups, group, find }).map((section) => [section.id, section.indicators.map((one) => one.id as string)]);

test('a group shows its indicators by domain, those out of service left out', () => {
  expect(found('flood', '')).toEqual([
    ['flood', ['river_level', 'pump_ratio']],
    ['port', ['tide']],
  ]);
});

test('all of them stand in the order of the groups', () => {
  expect(found(ALL, '').map(([domain]) => domain)).toEqual(['flood', 'port', 'gas']);
});

test('a search goes over the whole catalogue, whatever group is open', () => {
  expect(found('flood', 'leak')).toEqual([['gas', ['gas_leak_lel']]]);
  expect(found(ALL, 'no such thing')).toEqual([]);
});

test.each([
  ['水位', true],
  ['RIVER', true],
  ['level river', true],
  ['river_level', true],
  ['防汛', true],
  ['ｒｉｖｅｒ', true],
  ['river pump', false],
])('%s finds the river’s level: %s', (find, expected) => {
  expect(matches(river, find)).toBe(expected);
});

test('places stand worst first: what fires, then the value in the worse direction, then what is not known', () => {
  const vitals: Vital[] = ['a', 'b', 'c', 'd'].map((id, i) => ({ series: aSeries({ id: i + 1, place: id }), indicator: river, place: aPlace({ id }) }));
  const latest = new Map([1, 2, 3].map((series) => [series, aLatest({ series, value: series, observedAt: 1000 })]));
  const firing = new Map([[1, anAlert({ series: 1, level: 'blue' })]]);
  expect(worstFirst(vitals, { latest, firing, now: 2000 }).map((one) => one.vital.place.id as string)).toEqual(['a', 'c', 'b', 'd']);
});
