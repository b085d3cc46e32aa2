import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { loadCatalogue } from '../../server/catalogue/load.ts';
import { models } from './index.ts';

const linjiang = fileURLToPath(new URL('../../metrics-config/linjiang', import.meta.url));
let catalogue: Catalogue;

beforeAll(async () => {
  const loaded = await loadCatalogue(linjiang);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ file, path, message }) => `${file}: ${path}: ${message}`).join('\n'));
  catalogue = loaded.catalogue;
});

it('models only indicators that the demonstration city has', () => {
  expect(Object.keys(models).filter((id) => !catalogue.definitions.has(id))).toEqual([]);
});

it('models every indicator of the demonstration city, so that none is left to the default', () => {
  expect(catalogue.definitions.size).toBeGreaterThan(200);
  expect([...catalogue.definitions.keys()].filter((id) => models[id] === undefined)).toEqual([]);
});

it('names only facets that the indicator has', () => {
  const strangers = Object.entries(models).flatMap(([id, { facets = {} }]) => {
    const known = catalogue.definitions.get(id)?.facets.map((facet) => facet.id) ?? [];
    return Object.keys(facets)
      .filter((facet) => !known.includes(facet))
      .map((facet) => `${id}: ${facet}`);
  });
  expect(strangers).toEqual([]);
});

it('keeps the ordinary value of every threshold clear of its mildest limit', () => {
  const breached = [...catalogue.rules.values()].flatMap((rule) => {
    if (rule.kind !== 'threshold') return [];
    const model = models[rule.scope.indicator];
    const least = rule.limits[0];
    if (model === undefined || model.custom !== undefined || least === undefined) return [];
    const bases = [model.base, ...Object.values(model.facets ?? {}).flatMap(({ base }) => (base === undefined ? [] : [base]))];
    const ordinary = model.facets !== undefined && Object.values(model.facets).every(({ base }) => base !== undefined) ? bases.slice(1) : bases;
    return ordinary.filter((base) => (rule.direction === 'above' ? base >= least.value : base <= least.value)).map((base) => `${rule.id}: ${base}`);
  });
  expect(breached).toEqual([]);
});
