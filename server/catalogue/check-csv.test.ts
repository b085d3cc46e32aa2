import { expect, it } from 'vitest';
import { checkCsv } from './check-csv.ts';
import { csvMappingSchema } from './csv-schema.ts';
import { draftFrom } from './draft.ts';
import { knowledgeOf } from './knowledge.ts';

const draft = draftFrom(
  new Map([
    ['city.yaml', 'id: small\nname: { zh: 小, en: Small }\ntimeZone: Asia/Shanghai\nlanguages: [zh]\ncenter: [120, 30]\nzoom: 10\nbounds: [119, 29, 121, 31]\n'],
    [
      'indicators/all.yaml',
      `domain: { id: all, name: { zh: 全, en: All } }
indicators:
  - { id: depth, name: { zh: 深, en: Depth }, unit: cm, kind: gauge, grain: station, fold: max, interval: 1m, staleAfter: 5m }
  - { id: calls, name: { zh: 电, en: Calls }, unit: call, kind: interval_count, grain: city, fold: sum, interval: 1h, staleAfter: 3h, facets: [{ id: noise, name: { zh: 噪, en: Noise } }] }
`,
    ],
    ['places/stations.yaml', 'stations:\n  - { id: quay_1, name: { zh: 一, en: One }, parent: small, longitude: 120, latitude: 30 }\n'],
    ['sources/office.yaml', 'sources:\n  - { id: office, name: { zh: 局, en: Office }, kind: push }\n'],
  ]),
);
const base = { time: { column: 1 } };
const problemsOf = (mapping: object): string[] =>
  checkCsv(draft.sources[0]!, csvMappingSchema.parse({ ...base, ...mapping }), knowledgeOf(draft)).map(({ path, message }) => `${path} ${message}`);

it('finds nothing wrong where every id is known and fits', () => {
  expect(draft.problems).toEqual([]);
  expect(problemsOf({ place: { column: 2, ids: { 一号: 'quay_1' } }, indicator: 'depth', value: { column: 3 } })).toEqual([]);
  expect(problemsOf({ values: [{ column: 2, indicator: 'calls', place: 'small', facet: 'noise' }] })).toEqual([]);
});

it.each([
  ['a misspelt indicator', { place: 'quay_1', indicator: 'depht', value: { column: 3 } }, ['sources[0].csv.indicator unknown indicator "depht"; did you mean "depth"?']],
  [
    'a misspelt place in the table',
    { place: { column: 2, ids: { 一号: 'quay_2' } }, indicator: 'depth', value: { column: 3 } },
    [/^sources\[0\]\.csv\.place\.ids.*unknown place "quay_2"/],
  ],
  ['a place of another grain', { place: 'small', indicator: 'depth', value: { column: 3 } }, [/small is a city, but depth is stored for places of kind station/]],
  [
    'a facet that the indicator has not',
    { values: [{ column: 2, indicator: 'calls', place: 'small', facet: 'noize' }] },
    [/values\[0\]\.facet calls has no facet "noize"; known: noise/],
  ],
  ['a column of values with two mistakes', { values: [{ column: 2, indicator: 'cals', place: 'quay_9' }] }, [/values\[0\]\.indicator/, /values\[0\]\.place/]],
])('finds %s', (_name, mapping, expected) => {
  const problems = problemsOf(mapping);
  expect(problems).toHaveLength(expected.length);
  for (const [i, part] of expected.entries()) expect(problems[i]).toMatch(part);
});
