/** One planted mistake at a time in a right city: exactly that problem is found, so that no mistake goes unseen and none brings forth others. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { crossCheck } from './cross-check.ts';
import { addCalendar, draftFrom } from './draft.ts';

// Reading hundreds of texts takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const directory = fileURLToPath(new URL('../../test/fixtures/linjiang', import.meta.url));
const filesBelow = (folder: string): string[] =>
  readdirSync(join(directory, folder)).flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    return statSync(join(directory, path)).isDirectory() ? filesBelow(path) : [path];
  });
const rightCity = new Map(filesBelow('').map((file) => [file, readFileSync(join(directory, file), 'utf8').replace(/^\uFEFF/, '')]));

function problemsOf(texts: ReadonlyMap<string, string>): string[] {
  const draft = draftFrom(new Map([...texts].filter(([file]) => file !== 'calendar.yaml')));
  const calendar = texts.get('calendar.yaml');
  if (calendar !== undefined) addCalendar(draft, 'calendar.yaml', calendar);
  return [...draft.problems, ...crossCheck(draft)].map(({ file, path, message }) => `${file} | ${path} | ${message}`);
}

/** The right city with each `[wrong instead of right]` put in; a text that is not there is a mistake of the test. */
function withChanges(file: string, ...changes: [right: string, wrong: string][]): string[] {
  let text = rightCity.get(file) ?? '';
  for (const [right, wrong] of changes) {
    expect(text, `${file} holds ${right}`).toContain(right);
    text = text.replace(right, () => wrong);
  }
  return problemsOf(new Map([...rightCity, [file, text]]));
}

const water = 'indicators/water.yaml';
const rules = 'rules/water.yaml';
const calls = 'rules/calls.yaml';
const csv = 'places/stations.csv';
const regions = 'places/regions.geojson';

it('finds nothing wrong with a right city', () => {
  expect(problemsOf(rightCity)).toEqual([]);
});

const secondCity = JSON.stringify({
  type: 'Feature',
  properties: { id: 'linjiang', name_zh: '临江', name_en: 'Linjiang' },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [120.1, 30.1],
        [120.2, 30.1],
        [120.2, 30.2],
        [120.1, 30.1],
      ],
    ],
  },
});

type Mistake = [name: string, file: string, right: string, wrong: string, problem: string | RegExp];

const oneProblem = (mistakes: Mistake[]): void => {
  it.each(mistakes)('%s', (_name, file, right, wrong, problem) => {
    const problems = withChanges(file, [right, wrong]);
    expect(problems).toHaveLength(1);
    if (typeof problem === 'string') expect(problems[0]).toBe(`${file} | ${problem}`);
    else expect(problems[0]).toMatch(problem);
  });
};

describe('in one file', () => {
  oneProblem([
    ['an unknown unit', water, 'unit: cm', 'unit: cn', /indicators\[0\]\.unit \| unknown unit "cn"; did you mean "cm"\?/],
    ['a missing unit', water, '    unit: cm\n', '', /indicators\[0\]\.unit \| is required: one of mm, cm/],
    ['a misspelt optional key', rules, 'holdFor: 2m', 'holdfor: 2m', 'rules[0].holdfor | unknown key; did you mean "holdFor"?'],
    ['a misspelt required key, told once', water, 'staleAfter: 20m', 'staleafter: 20m', 'indicators[0].staleafter | unknown key; did you mean "staleAfter"?'],
    ['a key that means nothing', 'walls/main.yaml', 'id: main', 'id: main\ncolour: red', 'colour | unknown key; known: id, name, tiles'],
    ['a duration without a unit', rules, 'holdFor: 2m', 'holdFor: 120', 'rules[0].holdFor | must be text, not 120'],
    ['a duration nobody can read', rules, 'holdFor: 2m', 'holdFor: 2 min', 'rules[0].holdFor | must be a duration such as 45s, 10m, 1h30m or 1d, not "2 min"'],
    ['an interval of nothing', water, 'interval: 1m', 'interval: 0s', 'indicators[0].interval | must be longer than 0s'],
    ['an id with a dot', calls, 'id: calls_unusual', 'id: calls.unusual', /rules\[1\]\.id \| must be snake_case .* not "calls\.unusual"/],
    ['a misspelt kind of rule', rules, 'kind: stale', 'kind: stael', /rules\[4\]\.kind \| must be one of threshold, .*; not "stael"; did you mean "stale"\?/],
    ['a rule without a kind', rules, '    kind: stale\n', '', /rules\[4\]\.kind \| is required: one of threshold, ratio/],
    [
      'a misspelt level',
      rules,
      '{ level: orange, value: 25 }',
      '{ level: orang, value: 25 }',
      'rules[0].limits[1].level | must be one of blue, yellow, orange, red; not "orang"; did you mean "orange"?',
    ],
    [
      'levels in the wrong order',
      rules,
      '{ level: blue, value: 0.5 }, { level: yellow, value: 0.2 }',
      '{ level: yellow, value: 0.5 }, { level: blue, value: 0.2 }',
      'rules[2].limits | levels must rise: blue, yellow, orange, red; each at most once',
    ],
    ['a text for a number', rules, 'value: 3.5', 'value: high', 'rules[1].limits[0].value | must be a number, not "high"'],
    ['an infinite number', rules, 'value: 3.5', 'value: .inf', /rules\[1\]\.limits\[0\]\.value \| must be a number/],
    ['a name in one language', 'walls/main.yaml', 'en: Command hall', 'en: ""', 'name.en | must not be empty'],
    ['a term of a composite rule that is none', rules, '{ rule: stage_rises_fast }', '{ rules: stage_rises_fast }', /rules\[6\]\.when\.all\[1\]\.any\[0\]/],
    ['a misspelt key in a term', rules, 'level: orange }, { any', 'levle: orange }, { any', 'rules[6].when.all[0].levle | unknown key; did you mean "level"?'],
    ['a time zone that does not exist', 'city.yaml', 'Asia/Shanghai', 'Asia/Linjiang', 'timeZone | must be an IANA time zone such as Asia/Shanghai, not "Asia/Linjiang"'],
    [
      'bounds the wrong way round',
      'city.yaml',
      '[120.0, 30.0, 120.6, 30.5]',
      '[120.6, 30.5, 120.0, 30.0]',
      'bounds | must be west, south, east, north, with west < east and south < north',
    ],
    ['a calendar day that does not exist', 'calendar.yaml', '2026-10-01', '2026-10-32', 'holidays[0].date | must be a date such as 2026-10-01, not "2026-10-32"'],
    ['a path out of the folder', 'city.yaml', 'calendar: calendar.yaml', 'calendar: ../calendar.yaml', /calendar \| must be a path inside the city folder/],
    ['a key written twice', rules, 'holdFor: 2m', 'holdFor: 2m\n    deadband: 3', 'line 14, column 5 | this key is written twice in one mapping; keep one of them'],
    ['YAML that does not end', 'walls/main.yaml', 'place: north }', 'place: north', /line \d+, column \d+ \| /],
    [
      'a region whose ring is open',
      regions,
      '[120.1, 30.45], [120.1, 30.25]]',
      '[120.1, 30.45]]',
      'features[0].geometry.coordinates[0] | must be closed: the last point must repeat the first',
    ],
    ['a region in metres', regions, '[120.4, 30.05]', '[13369, 3513]', /features\[2\]\.geometry\.coordinates\[0\] \| must be longitude, latitude in degrees/],
    ['GeoJSON that is no JSON', regions, '"type": "FeatureCollection",', '"type": "FeatureCollection"', /line 3, column 3 \| is not JSON/],
    ['an empty file', 'sources/sources.yaml', rightCity.get('sources/sources.yaml') ?? '', '# later\n', ' | is empty: fill it or remove it'],
  ]);
});

describe('across files', () => {
  oneProblem([
    ['an unknown place in a scope', rules, 'places: [harbour]', 'places: [habour]', 'rules[1].scope.places[0] | unknown place "habour"; did you mean "harbour"?'],
    [
      'a scope that holds no place of the grain',
      rules,
      'places: [harbour]',
      'places: [pump_house]',
      'rules[1].scope.places[0] | pump_house is a facility and holds no station, but water_stage is stored for places of kind station',
    ],
    ['an unknown facet', calls, 'facets: [noise]', 'facets: [nois]', 'rules[0].scope.facets[0] | unknown facet "nois" of hotline_calls; known: noise, water_supply'],
    [
      'a rule on a missing indicator',
      calls,
      'indicator: hotline_calls, facets: [noise]',
      'indicator: hotline_cals, facets: [noise]',
      'rules[0].scope.indicator | unknown indicator "hotline_cals"; did you mean "hotline_calls"?',
    ],
    [
      'thresholds that fall where they must rise',
      rules,
      'value: 25',
      'value: 60',
      'rules[0].limits[2].value | limits must rise with the level (direction above): red 50 must be greater than orange 60',
    ],
    ['equal thresholds', rules, 'value: 25', 'value: 10', 'rules[0].limits[1].value | limits must rise with the level (direction above): orange 10 must be greater than yellow 10'],
    [
      'thresholds that rise where they must fall',
      rules,
      'level: yellow, value: 0.2',
      'level: yellow, value: 0.7',
      'rules[2].limits[1].value | limits must fall with the level (direction below): yellow 0.7 must be smaller than blue 0.5',
    ],
    [
      'thresholds of a mode out of order',
      rules,
      'limits: [{ level: yellow, value: 5 }]',
      'limits: [{ level: yellow, value: 5 }, { level: red, value: 4 }]',
      /rules\[0\]\.modes\.flood_season\.limits\[1\]\.value \| limits must rise/,
    ],
    ['times of a stale rule out of order', rules, 'after: 6h', 'after: 30m', 'rules[4].limits[1].after | limits must rise with the level: yellow must come later than blue'],
    [
      'a deadband that reaches the next limit',
      rules,
      'deadband: 0.05',
      'deadband: 0.3',
      'rules[2].deadband | 0.3 reaches from yellow 0.2 back to blue 0.5: it must be smaller than the distance between neighbouring limits',
    ],
    [
      'a deadband with which an alert of a mode never ends',
      rules,
      'limits: [{ level: yellow, value: 5 }]',
      'limits: [{ level: yellow, value: 2 }]',
      /rules\[0\]\.deadband \| 2 reaches from yellow 2 to the end of what is possible \(0\), .*\(in rules\[0\]\.modes\.flood_season\)/,
    ],
    [
      'a limit that can never be reached',
      rules,
      'level: red, value: 50',
      'level: red, value: 500',
      'rules[0].limits[2].value | can never be reached: a value beyond 300 is not possible, and a reading of it is kept as bad',
    ],
    [
      'a limit that is always breached, as a count is never negative',
      calls,
      'level: blue, value: 40',
      'level: blue, value: 0',
      'rules[0].limits[0].value | would always be breached: no value lies below 0',
    ],
    [
      'a window shorter than the interval',
      rules,
      'window: 30m',
      'window: 2m',
      'rules[3].window | must be at least the interval of water_stage (300s), or it never holds two readings',
    ],
    [
      'silence shorter than the interval',
      rules,
      'level: blue, after: 1h',
      'level: blue, after: 1m',
      'rules[4].limits[0].after | must be longer than the interval of flood_depth (60s), or every pause between two readings fires',
    ],
    ['a count of a missing rule', rules, 'of: flood_depth_high', 'of: flood_depth_hihg', 'rules[5].of | unknown rule "flood_depth_hihg"; did you mean "flood_depth_high"?'],
    ['a count within a station', rules, 'within: north', 'within: quay_1', 'rules[5].within | must be a region or the city, not a station'],
    [
      'a composite of a missing rule',
      rules,
      '{ rule: harbour_stage_high }',
      '{ rule: harbor_stage_high }',
      'rules[6].when.all[1].any[1].rule | unknown rule "harbor_stage_high"; did you mean "harbour_stage_high"?',
    ],
    [
      'a composite that waits for a level that never comes',
      rules,
      'rule: flood_depth_high, level: orange',
      'rule: flood_depth_high, level: blue',
      'rules[6].when.all[0].level | flood_depth_high never reaches blue; its levels: yellow, orange, red',
    ],
    [
      'rules that lean on each other in a circle',
      rules,
      '{ rule: harbour_stage_high }',
      '{ rule: flood_and_surge }',
      /rules\[6\]\.when \| rules must not lean on each other in a circle: flood_and_surge → flood_and_surge/,
    ],
    [
      'a duplicate rule across files',
      rules,
      'id: stage_low',
      'id: calls_unusual',
      'rules[2].id | duplicate id: the rule "calls_unusual" is defined at rules/calls.yaml: rules[1].id already; give one of them another id',
    ],
    [
      'a station with the id of a region',
      csv,
      'quay_2,',
      'south,',
      /row 3, column id \| duplicate id: the place "south" is defined at places\/regions\.geojson: features\[2\]\.properties\.id already/,
    ],
    ['a region with the id of the city', regions, '"features": [', `"features": [${secondCity},`, /duplicate id: the place "linjiang"/],
    ['a station in an unknown region', csv, 'Quay 2,station,harbour', 'Quay 2,station,harbor', 'row 3, column parent | unknown place "harbor"; did you mean "harbour"?'],
    ['a station in a station', csv, 'Quay 2,station,harbour', 'Quay 2,station,quay_1', 'row 3, column parent | must be a region or the city; quay_1 is a station'],
    ['a station out of bounds', csv, '120.16,30.31', '30.31,80.16', /row 3, column longitude \| 30\.31, 80\.16 lies outside the city's bounds/],
    [
      'a station that expects an unknown indicator',
      csv,
      'flood_depth,\r\n',
      'flood_dept,\r\n',
      'row 3, column indicators | unknown indicator "flood_dept"; did you mean "flood_depth"?',
    ],
    [
      'a station that expects an indicator of another grain',
      csv,
      'flood_depth,\r\n',
      'pump_power,\r\n',
      'row 3, column indicators | pump_power is stored for places of kind facility, and this is a station',
    ],
    [
      'own limits of an unknown rule',
      csv,
      'flood_depth_high:yellow=8 flood_depth_high:red=60',
      'flood_depth_hihg:yellow=8',
      'row 2, column limits | unknown rule "flood_depth_hihg"; did you mean "flood_depth_high"?',
    ],
    [
      'own limits of a rule that does not watch here',
      'places/stations.yaml',
      'indicators: [pump_power]',
      'indicators: [pump_power]\n    limits: { harbour_stage_high: { blue: 3 } }',
      'stations[0].limits.harbour_stage_high | harbour_stage_high does not watch this place: it watches harbour',
    ],
    [
      'own limits of a rule without limits',
      csv,
      'flood_depth_high:yellow=8 flood_depth_high:red=60',
      'many_streets_flooded:orange=2',
      "row 2, column limits | many_streets_flooded is a rule of kind count, which has no limits of a place's own",
    ],
    [
      "own limits out of order with the rule's",
      csv,
      'flood_depth_high:yellow=8',
      'flood_depth_high:yellow=30',
      'row 2, column limits | with the limits of flood_depth_high: limits must rise with the level (direction above): orange 25 must be greater than yellow 30',
    ],
    [
      'a place that is stale before the next reading',
      water,
      'staleAfter: 20m',
      'staleAfter: 1m',
      'indicators[0].staleAfter | must be longer than the interval (60s), or the newest reading is stale before the next one is due',
    ],
    [
      'an expected place of another grain',
      'indicators/calls.yaml',
      'expectedAt: [linjiang]',
      'expectedAt: [north]',
      'indicators[0].expectedAt[0] | north is a region and holds no city, but hotline_calls is stored for places of kind city',
    ],
    [
      'an unknown expected place',
      'indicators/calls.yaml',
      'expectedAt: [linjiang]',
      'expectedAt: [lingjiang]',
      'indicators[0].expectedAt[0] | unknown place "lingjiang"; did you mean "linjiang"?',
    ],
    ['a facet defined twice', 'indicators/calls.yaml', 'id: water_supply', 'id: noise', 'indicators[0].facets[1].id | duplicate id "noise" of a facet'],
    [
      'a source of an unknown indicator',
      'sources/sources.yaml',
      'water_stage: {}',
      'water_stages: {}',
      'sources[0].indicators.water_stages | unknown indicator "water_stages"; did you mean "water_stage"?',
    ],
    [
      'a source in a unit of another dimension',
      'sources/sources.yaml',
      'unit: inch',
      'unit: percent',
      'sources[0].indicators.flood_depth.unit | percent cannot be converted to cm, the unit of flood_depth; possible: mm, cm, m, km, inch, foot',
    ],
    [
      'a measurement of an unknown indicator',
      'sources/sources.yaml',
      'depth: flood_depth',
      'depth: flood_dept',
      'sources[0].lineProtocol.measurements.depth | unknown indicator "flood_dept"; did you mean "flood_depth"?',
    ],
    [
      'a topic of an unknown indicator',
      'sources/sources.yaml',
      'indicator: water_stage',
      'indicator: water_stag',
      'sources[2].topics[0].indicator | unknown indicator "water_stag"; did you mean "water_stage"?',
    ],
    [
      'a topic of an unknown place',
      'sources/sources.yaml',
      'place: linjiang',
      'place: lingjiang',
      'sources[2].topics[1].place | unknown place "lingjiang"; did you mean "linjiang"?',
    ],
    [
      'a topic of a place of another grain',
      'sources/sources.yaml',
      'Q-0001: quay_1',
      'Q-0001: pump_house',
      'sources[2].topics[0].places.Q-0001 | pump_house is a facility, but water_stage is stored for places of kind station',
    ],
    [
      'a topic of an unknown facet',
      'sources/sources.yaml',
      'facet: noise',
      'facet: dust',
      'sources[2].topics[1].facet | hotline_calls has no facet "dust"; known: noise, water_supply',
    ],
    [
      'a topic that an entry before it takes already',
      'sources/sources.yaml',
      'topic: gauges/lines',
      'topic: $share/other/calls/noise',
      'sources[2].topics[3].topic | is taken by topics[1] already: no message would reach this entry',
    ],
    [
      'a mapping that names an unknown indicator',
      'sources/sources.yaml',
      '"flood_depth"',
      '"flood_dept"',
      'sources[2].topics[2].mapping | unknown indicator "flood_dept"; did you mean "flood_depth"?',
    ],
    ['a source with the id of the pseudo-source', 'sources/sources.yaml', 'id: old_pumps', 'id: http', /sources\[1\]\.id \| "http" stands for readings/],
    [
      'a tile of an unknown indicator',
      'walls/main.yaml',
      'indicator: pump_power',
      'indicator: pump_powre',
      'tiles[2].indicator | unknown indicator "pump_powre"; did you mean "pump_power"?',
    ],
    ['a tile of an unknown place', 'walls/main.yaml', 'place: pump_house', 'place: pump_hous', 'tiles[2].place | unknown place "pump_hous"; did you mean "pump_house"?'],
    ['a tile of a place without such readings', 'walls/main.yaml', 'place: pump_house', 'place: north', /tiles\[2\]\.place \| north is a region and holds no facility/],
    [
      'a tile of what is never folded',
      'walls/main.yaml',
      '{ indicator: flood_depth, place: north }',
      '{ indicator: water_stage, place: north }',
      'tiles[1].place | north is a region, but water_stage is stored for places of kind station and has fold none',
    ],
    ['a view of an unknown place', 'city.yaml', 'place: north', 'place: nord', 'views[0].place | unknown place "nord"; did you mean "north"?'],
    ['a map that opens outside its bounds', 'city.yaml', 'center: [120.3, 30.2]', 'center: [30.2, 80.3]', 'center | must lie inside bounds (120, 30, 120.6, 30.5)'],
    [
      'a day that is both holiday and workday',
      'calendar.yaml',
      '2026-10-10',
      '2026-10-01',
      'workdays[0].date | 2026-10-01 is listed already at holidays[0].date; a day is there once, as a holiday or as a workday',
    ],
  ]);

  it('regions that lie in each other are named once', () => {
    expect(withChanges(regions, ['"name_en": "North"', '"name_en": "North", "parent": "harbour"'])).toEqual([
      `${regions} | features[0].properties.parent | a place must not lie in itself: north → harbour → north`,
    ]);
  });

  it('one domain has one name', () => {
    expect(withChanges('indicators/calls.yaml', ['id: calls, name: { zh: 热线, en: Calls }', 'id: water, name: { zh: 热线, en: Calls }'])).toEqual([
      `${water} | domain.name | must be 热线 / Calls, as in indicators/calls.yaml, or the domain needs another id`,
    ]);
  });
});

describe('one mistake does not bring forth others', () => {
  it.each([
    ['an indicator that others refer to', water, 'decimals: 1', 'decimals: one'],
    ['a rule that others refer to', rules, 'deadband: 2\n', 'deadband: -2\n'],
    ['a region that others refer to', regions, '"name_en": "Harbour"', '"name_en": ""'],
    ['a city that has no centre', 'city.yaml', 'center: [120.3, 30.2]', 'center: [120.3]'],
    ['an indicator file that is no YAML', water, 'domain: {', 'domain: [{'],
    ['a stations table without a column', csv, 'parent,', 'parents,'],
    ['a list that is none', rules, 'rules:', 'rule:'],
  ])('%s', (_name, file, right, wrong) => {
    const problems = withChanges(file, [right, wrong]);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toMatch(new RegExp(`^${file} `));
      expect(problem).not.toMatch(/unknown (indicator|rule|place)/);
    }
  });

  it('a missing city.yaml leaves its id in doubt', () => {
    expect(problemsOf(new Map([...rightCity].filter(([file]) => file !== 'city.yaml')))).toEqual([]);
  });

  it('mistakes in several files, and several in one, are all told', () => {
    const text = (file: string): string => rightCity.get(file) ?? '';
    const problems = problemsOf(
      new Map([
        ...rightCity,
        [rules, text(rules).replace('value: 25', 'value: 60').replace('window: 30m', 'window: soon').replace('of: flood', 'of: fload')],
        [water, text(water).replace('unit: kw', 'unit: kiloW').replace('staleAfter: 20m', 'staleAfter: 1m')],
        ['walls/main.yaml', 'id: main\n'],
      ]),
    );
    expect(problems).toHaveLength(7);
  });
});

describe('whatever is written', () => {
  const files = [...rightCity.keys()].filter((file) => /\.(yaml|csv|geojson)$/.test(file));
  const yamlish = fc
    .array(
      fc.constantFrom(
        'a: ',
        '- ',
        '\n',
        '  ',
        '{',
        '}',
        '[',
        ']',
        '&x ',
        '*x',
        '<<: ',
        '"',
        "'",
        '|',
        '>',
        '!!map ',
        '? ',
        '# ',
        ',',
        '1',
        'id',
        'rules',
        ':',
        '\t',
        '---\n',
        '__proto__: ',
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(''));
  const seed = 20_260_302;
  /** A small company for the text, so that hundreds of texts are read in a moment. */
  const beside = (file: string, text: string): Map<string, string> =>
    new Map([...['city.yaml', calls, 'indicators/calls.yaml'].map((name): [string, string] => [name, rightCity.get(name) ?? '']), [file, text]]);

  it('any text in any file is answered, never thrown', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), yamlish), (file, text) => {
        expect(Array.isArray(problemsOf(beside(file, text)))).toBe(true);
      }),
      { seed, numRuns: 100 },
    );
  });

  it('any cut, doubled or replaced piece of a right file is answered, never thrown', () => {
    const piece = fc.record({ file: fc.constantFrom(...files), from: fc.nat(3000), length: fc.nat(40), by: fc.oneof(fc.constant(''), fc.string({ maxLength: 10 }), yamlish) });
    fc.assert(
      fc.property(piece, ({ file, from, length, by }) => {
        const text = rightCity.get(file) ?? '';
        const at = from % (text.length + 1);
        expect(Array.isArray(problemsOf(beside(file, text.slice(0, at) + by + text.slice(at + length))))).toBe(true);
      }),
      { seed, numRuns: 100 },
    );
  });

  it.each([
    ['an alias that holds itself', 'a: &a [*a]'],
    ['an alias in the list of rules', 'rules: &a [*a]'],
    ['a term that holds itself', 'rules: [{ id: a, kind: composite, when: &w { all: [*w] } }]'],
    ['an alias to nothing', 'rules: *nothing'],
    ['lists a hundred thousand deep', '['.repeat(100_000)],
    ['terms some thousand deep', `rules: [{ id: a, kind: composite, level: red, name: { zh: a, en: a }, when: ${'{ all: ['.repeat(3000)}{ rule: a }${']}'.repeat(3000)} }]`],
    [
      'aliases that grow without end',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from(
        { length: 12 },
        (_, i) =>
          `${String.fromCharCode(98 + i)}: &${String.fromCharCode(98 + i)} [${Array(9)
            .fill(`*${String.fromCharCode(97 + i)}`)
            .join(',')}]`,
      ).join('\n')}`,
    ],
  ])('%s is a problem like any other', (_name, text) => {
    expect(problemsOf(new Map([...rightCity, ['rules/more.yaml', text]])).length).toBeGreaterThan(0);
  });
});
