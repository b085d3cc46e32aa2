/** Loading from a real folder: what the catalogue holds, and what only a disk can do wrong. */
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indicatorSchema, placeSchema, ruleSummarySchema } from '../contract/index.ts';
import type { Catalogue } from './catalogue.ts';
import { loadCatalogue } from './load.ts';

// Reading hundreds of texts takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const fixture = fileURLToPath(new URL('../../test/fixtures/linjiang', import.meta.url));
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'city-'));
  await cp(fixture, directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function good(from = directory): Promise<Catalogue> {
  const result = await loadCatalogue(from);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  return result.catalogue;
}
async function problems(): Promise<string[]> {
  const result = await loadCatalogue(directory);
  return result.ok ? [] : result.problems.map(({ file, path, message }) => `${file} | ${path} | ${message}`);
}
const write = (file: string, text: string | Uint8Array): Promise<void> => writeFile(join(directory, file), text);
const replace = async (file: string, right: string, wrong: string): Promise<void> => write(file, (await readFile(join(directory, file), 'utf8')).replace(right, wrong));

describe('a right folder', () => {
  it('gives every place a parent up to the city, which is the root', async () => {
    const { places } = await good();
    expect([...places.values()].map(({ id, kind, parent }) => [id, kind, parent])).toEqual([
      ['linjiang', 'city', null],
      ['north', 'region', 'linjiang'],
      ['harbour', 'region', 'north'],
      ['south', 'region', 'linjiang'],
      ['quay_1', 'station', 'harbour'],
      ['quay_2', 'station', 'harbour'],
      ['bridge_s', 'station', 'south'],
      ['pump_house', 'facility', 'south'],
    ]);
    expect(places.get('quay_1')).toEqual({
      id: 'quay_1',
      kind: 'station',
      name: { zh: '一号码头', en: 'Quay 1, east' },
      parent: 'harbour',
      location: { longitude: 120.15, latitude: 30.3 },
      note: { zh: '真实位置：纽约', en: 'True city: New York' },
      retired: false,
    });
    expect(places.get('harbour')?.note).toEqual({ zh: 'Inside North', en: 'Inside North' });
  });

  it('says everything as the wire wants it', async () => {
    const { indicators, places, ruleSummaries } = await good();
    for (const indicator of indicators.values()) expect(indicatorSchema.parse(indicator)).toEqual(indicator);
    for (const place of places.values()) expect(placeSchema.parse(place)).toEqual(place);
    for (const summary of ruleSummaries) expect(ruleSummarySchema.parse(summary)).toEqual(summary);
    expect(indicators.get('flood_depth')).toMatchObject({
      domain: 'water',
      domainName: { zh: '水务', en: 'Water' },
      group: null,
      unitLabel: { zh: 'cm', en: 'cm' },
      intervalMs: 60_000,
      staleAfterMs: 1_200_000,
      worse: 'high',
      facets: [],
    });
  });

  it('lists every rule, with the reason where this version raises nothing for it', async () => {
    const { ruleSummaries } = await good();
    expect(ruleSummaries.map(({ id, active }) => [id, active])).toEqual([
      ['noise_calls_high', true],
      ['calls_unusual', false],
      ['flood_depth_high', true],
      ['harbour_stage_high', true],
      ['stage_low', false],
      ['stage_rises_fast', false],
      ['sensors_silent', false],
      ['many_streets_flooded', false],
      ['flood_and_surge', false],
    ]);
    expect(ruleSummaries.every(({ active, reason }) => active === (reason === null))).toBe(true);
    expect(ruleSummaries[2]?.placeLimits['quay_1']).toEqual(
      expect.arrayContaining([expect.objectContaining({ level: 'yellow', value: 8 }), expect.objectContaining({ level: 'red', value: 60 })]),
    );
    expect(ruleSummaries[3]).toEqual({
      id: 'harbour_stage_high',
      name: { zh: '港口水位偏高', en: 'Harbour stage high' },
      kind: 'threshold',
      active: true,
      reason: null,
      indicator: 'water_stage',
      direction: 'above',
      limits: [{ level: 'blue', value: 3.5, deadband: 0.1 }],
      placeLimits: {},
      places: ['harbour'],
      lifeSafety: false,
    });
  });

  it('expects a series per station and indicator, and per facet where the indicator has facets', async () => {
    const { expectedSeries } = await good();
    expect(expectedSeries.map(({ indicator, place, facet }) => `${indicator} ${place} ${facet}`)).toEqual([
      'hotline_calls linjiang noise',
      'hotline_calls linjiang water_supply',
      'flood_depth quay_1 null',
      'flood_depth quay_2 null',
      'flood_depth bridge_s null',
      'water_stage quay_1 null',
      'water_stage bridge_s null',
      'pump_power pump_house null',
    ]);
  });

  it('is frozen to its depth, maps too', async () => {
    const catalogue = await good();
    const open = (value: unknown, path: string): string[] => {
      if (typeof value !== 'object' || value === null) return [];
      const inner = value instanceof Map ? [...value] : Object.entries(value);
      return [...(Object.isFrozen(value) ? [] : [path]), ...inner.flatMap(([key, part]) => open(part, `${path}.${key}`))];
    };
    expect(open(catalogue, 'catalogue')).toEqual([]);
    const places = catalogue.places as Map<string, unknown>;
    expect(() => places.set('x', {})).toThrow(/does not change/);
    expect(() => places.delete('north')).toThrow(/does not change/);
    expect(() => places.clear()).toThrow(/does not change/);
    expect(catalogue.places.size).toBe(8);
  });
});

describe('the version', () => {
  it('is the same wherever the same folder lies, and says what each file held', async () => {
    const [here, there] = [await good(), await good(fixture)];
    expect(here.version).toMatch(/^[0-9a-f]{64}$/);
    expect(here.version).toBe(there.version);
    expect(here.directory).not.toBe(there.directory);
    expect(Object.keys(here.files)).toEqual([
      'calendar.yaml',
      'city.yaml',
      'indicators/calls.yaml',
      'indicators/water.yaml',
      'places/regions.geojson',
      'places/stations.csv',
      'places/stations.yaml',
      'plans/flood.md',
      'rules/calls.yaml',
      'rules/water.yaml',
      'sources/sources.yaml',
      'walls/main.yaml',
    ]);
  });

  it.each([
    ['a rule', 'rules/water.yaml', 'value: 25', 'value: 26'],
    ['a comment', 'city.yaml', 'id: linjiang', '# our city\nid: linjiang'],
    ['the calendar', 'calendar.yaml', 'National Day', 'The National Day'],
    ['a plan', 'plans/flood.md', '封闭', '立即封闭'],
  ])('changes with %s', async (_name, file, right, wrong) => {
    const before = (await good()).version;
    await replace(file, right, wrong);
    expect((await good()).version).not.toBe(before);
  });

  it('changes with the name of a file, and not with what editors leave lying about', async () => {
    const before = (await good()).version;
    await write('rules/.water.yaml.swp', 'x');
    await write('rules/water.yaml~', 'x');
    await write('README.md', 'Our city.');
    expect((await good()).version).toBe(before);
    await rename(join(directory, 'rules/calls.yaml'), join(directory, 'rules/hotline.yaml'));
    expect((await good()).version).not.toBe(before);
  });
});

describe('what only a disk can do wrong', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    ['no folder', () => rm(directory, { recursive: true }), ['. |  | must be a folder that can be read: ENOENT']],
    [
      'no city.yaml',
      () => rename(join(directory, 'city.yaml'), join(directory, 'city.yml')),
      ["city.yaml |  | is missing: a city's folder begins with it; is city.yml meant to be it?"],
    ],
    ['no calendar', () => rm(join(directory, 'calendar.yaml')), ["city.yaml | calendar | there is no file calendar.yaml in the city's folder"]],
    [
      'no layer of the base map',
      () => rm(join(directory, 'basemap/water.geojson')),
      ["city.yaml | basemap.layers[0].file | there is no file basemap/water.geojson in the city's folder"],
    ],
    ['no plan', () => rm(join(directory, 'plans/flood.md')), ["rules/water.yaml | rules[0].plan | there is no file plans/flood.md in the city's folder"]],
    ['a file whose name ends wrongly', () => write('rules/more.yml', 'rules: []'), ['rules/more.yml |  | is not read: its name must end in .yaml']],
    ['a misspelt folder', () => rename(join(directory, 'walls'), join(directory, 'wall')), ['wall |  | is not read; did you mean walls/?']],
    [
      'a misspelt table of stations',
      () => rename(join(directory, 'places/stations.yaml'), join(directory, 'places/station.yaml')),
      ['places/station.yaml |  | is not read; did you mean places/stations.yaml?'],
    ],
    ['a folder where a file should be', () => mkdir(join(directory, 'sources/more.yaml')), ['sources/more.yaml |  | cannot be read: EISDIR']],
    ['a link to nothing', () => symlink('nowhere.yaml', join(directory, 'sources/more.yaml')), ['sources/more.yaml |  | the file is missing']],
    [
      'a file where a folder should be',
      () => rm(join(directory, 'walls'), { recursive: true }).then(() => write('walls', 'x')),
      ['walls |  | must be a folder that can be read: ENOTDIR'],
    ],
  ])('%s', async (_name, harm, expected) => {
    await harm();
    expect(await problems()).toEqual(expected);
  });

  it('a table saved as GBK is named, and the places it may hold are not called unknown', async () => {
    await write('places/stations.csv', new Uint8Array([...Buffer.from('id,name_zh\nx,'), 0xb1, 0xb1, 0xbe, 0xa9]));
    expect(await problems()).toEqual(['places/stations.csv |  | is not UTF-8 text: save it as UTF-8 (spreadsheets call it "CSV UTF-8"; otherwise they may write GBK)']);
  });

  it('problems of all files come together, in the order of files', async () => {
    await replace('walls/main.yaml', 'pump_house', 'pump_hose');
    await replace('calendar.yaml', '2026-10-01', 'tomorrow');
    await replace('rules/water.yaml', 'value: 25', 'value: 60');
    await rm(join(directory, 'plans/flood.md'));
    expect((await problems()).map((problem) => problem.split(' | ', 2).join(' '))).toEqual([
      'calendar.yaml holidays[0].date',
      'rules/water.yaml rules[0].plan',
      'rules/water.yaml rules[0].limits[2].value',
      'walls/main.yaml tiles[2].place',
    ]);
  });
});
