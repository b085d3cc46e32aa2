import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { loadCatalogue } from './load.ts';
import { inactiveReason, liesIn, mergeLimits, rulesFor, type SeriesKey } from './scope.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  const result = await loadCatalogue(fileURLToPath(new URL('../../test/fixtures/linjiang', import.meta.url)));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  catalogue = result.catalogue;
});

const idsFor = (indicator: string, place: string, facet: string | null = null): string[] => rulesFor(catalogue, { indicator, place, facet }).map(({ id }) => id);

describe('which rules watch a series', () => {
  it.each<[string, SeriesKey, string[]]>([
    ['a rule without places watches every place of the grain', { indicator: 'flood_depth', place: 'quay_2', facet: null }, ['flood_depth_high']],
    ['a rule for a region watches the places in it', { indicator: 'water_stage', place: 'quay_1', facet: null }, ['harbour_stage_high']],
    ['and none beside it; a disabled rule watches nothing', { indicator: 'water_stage', place: 'bridge_s', facet: null }, []],
    ['a rule for a facet watches that facet', { indicator: 'hotline_calls', place: 'linjiang', facet: 'noise' }, ['noise_calls_high']],
    ['and no other facet', { indicator: 'hotline_calls', place: 'linjiang', facet: 'water_supply' }, []],
    ['nor the series without one', { indicator: 'hotline_calls', place: 'linjiang', facet: null }, []],
    ['a place of another kind is not watched', { indicator: 'flood_depth', place: 'north', facet: null }, []],
    ['an unknown place is not watched', { indicator: 'flood_depth', place: 'nowhere', facet: null }, []],
    ['an unknown indicator is not watched', { indicator: 'nothing', place: 'quay_1', facet: null }, []],
  ])('%s', (_name, { indicator, place, facet }, expected) => {
    expect(idsFor(indicator, place, facet)).toEqual(expected);
  });

  it('a place’s own limits replace the rule’s of the same level and leave the others', () => {
    const limitsAt = (place: string) => rulesFor(catalogue, { indicator: 'flood_depth', place, facet: null })[0]?.limits;
    expect(limitsAt('quay_1')).toEqual([
      { level: 'yellow', value: 8 },
      { level: 'orange', value: 25 },
      { level: 'red', value: 60 },
    ]);
    expect(limitsAt('quay_2')).toEqual([
      { level: 'yellow', value: 10 },
      { level: 'orange', value: 25 },
      { level: 'red', value: 50 },
    ]);
  });

  it('the answer is frozen, and the same each time', () => {
    const series = { indicator: 'flood_depth', place: 'quay_1', facet: null };
    const answer = rulesFor(catalogue, series);
    expect(rulesFor(catalogue, { ...series })).toBe(answer);
    expect(Object.isFrozen(answer) && answer.every((rule) => Object.isFrozen(rule) && Object.isFrozen(rule.limits))).toBe(true);
  });
});

it.each([
  ['adds a level the rule lacks, in order', { blue: 1, red: 9 }, ['blue 1', 'yellow 3', 'red 9']],
  ['replaces a level', { yellow: 4 }, ['yellow 4']],
  ['changes nothing without own limits', undefined, ['yellow 3']],
])('merging %s', (_name, own, expected) => {
  expect(mergeLimits([{ level: 'yellow', value: 3 }], own).map(({ level, value }) => `${level} ${value}`)).toEqual(expected);
});

it('a rule with what this version does not evaluate is not active and says why, so that it never fires on less than was asked for', () => {
  const rule = catalogue.rules.get('flood_depth_high');
  if (rule === undefined) throw new Error('the fixture has no such rule');
  expect(inactiveReason(rule)).toBeNull();
  expect(inactiveReason({ ...rule, mOfN: { m: 2, n: 3 } })).toMatch(/mOfN/);
  expect(inactiveReason({ ...rule, activeHours: [{ from: '07:00', to: '19:00' }] })).toMatch(/activeHours/);
  expect(inactiveReason({ ...rule, disabled: true })).toMatch(/switched off/);
});

it('lying in a place ends on a circle of parents', () => {
  const places = new Map([
    ['a', { kind: 'region', parent: 'b' }],
    ['b', { kind: 'region', parent: 'a' }],
  ]);
  expect(liesIn('a', 'b', places)).toBe(true);
  expect(liesIn('a', 'c', places)).toBe(false);
});
