/** The city that docs/your-city.md builds: what a reader copies from the page must load, and the check must say what the page says. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { main } from './check.ts';
import { loadCatalogue } from './load.ts';

const page = fileURLToPath(new URL('../../docs/your-city.md', import.meta.url));
const beyond = '## Where to go next';

interface Block {
  language: string;
  text: string;
}

/** Both halves of the page: what builds the city, and what may be added to it. */
let lesson: string;
let further: string;
let directory: string;

beforeAll(async () => {
  const text = await readFile(page, 'utf8');
  const parts = text.split(beyond);
  expect(parts).toHaveLength(2);
  [lesson = '', further = ''] = parts;
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'your-city-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const blocksOf = (text: string): Block[] => [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({ language, text: body }));

/** The file that a block's first line names, or null: a remark in YAML, a member in GeoJSON, which knows no remarks. */
const fileOf = ({ text }: Block): string | null => /^(?:# |\{ "name": ")([\w/-]+\.(?:yaml|geojson))"?,?$/.exec(text.split('\n')[0] ?? '')?.[1] ?? null;

async function save(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, file)), { recursive: true });
  await writeFile(join(directory, file), text);
}

/** Saves each block that names a file, in the order of the page; `after` is called once each of them is saved. */
async function follow(blocks: readonly Block[], after: (file: string) => Promise<void> = async () => {}): Promise<string[]> {
  const saved: string[] = [];
  for (const block of blocks) {
    const file = fileOf(block);
    if (file === null) continue;
    await save(file, block.text);
    saved.push(file);
    await after(file);
  }
  return saved;
}

async function change(file: string, right: string, wrong: string): Promise<void> {
  const text = await readFile(join(directory, file), 'utf8');
  expect(text, `${file} has no ${right}`).toContain(right);
  await save(file, text.replace(right, wrong));
}

async function check(): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await main([directory], (line) => lines.push(line));
  return { code, lines };
}

async function good(): Promise<Catalogue> {
  const result = await loadCatalogue(directory);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  return result.catalogue;
}

/** Lines that the page shows, as patterns: `…` stands for what differs from one machine to the next. */
function shown(start: string): RegExp[] {
  const block = blocksOf(lesson).find(({ language, text }) => language === 'text' && text.startsWith(start));
  const lines = block?.text.trimEnd().split('\n') ?? [];
  return lines.map((line) => new RegExp(`^${line.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.+')}$`));
}

function expectLines(lines: readonly string[], patterns: readonly RegExp[]): void {
  expect(patterns.length).toBeGreaterThan(0);
  expect(lines).toHaveLength(patterns.length);
  for (const [i, pattern] of patterns.entries()) expect(lines[i]).toMatch(pattern);
}

describe('docs/your-city.md', () => {
  it('builds a city that is right after each file: in the end one town, two stations, three indicators, one rule, one source, one wall', async () => {
    const saved = await follow(blocksOf(lesson), async (file) => {
      expect({ file, code: (await check()).code }).toEqual({ file, code: 0 });
    });
    expect(saved).toEqual(['city.yaml', 'places/regions.geojson', 'indicators/water.yaml', 'places/stations.yaml', 'rules/water.yaml', 'sources/push.yaml', 'walls/overview.yaml']);
    const { indicators, stations, rules, ruleSummaries, sources, walls, places, expectedSeries } = await good();
    expect([...indicators.keys()]).toEqual(['underpass_depth', 'rain_1h', 'flood_calls']);
    expect([...stations.keys()]).toEqual(['underpass_1', 'rain_1']);
    expect([...rules.keys()]).toEqual(['underpass_depth_high']);
    expect(ruleSummaries.map(({ active }) => active)).toEqual([true]);
    expect([...sources.values()].map(({ id, kind }) => [id, kind])).toEqual([['water_office', 'push']]);
    expect([...walls.values()].map(({ tiles }) => tiles.length)).toEqual([3]);
    expect([...places.values()].filter(({ kind }) => kind === 'region').map(({ id }) => id)).toEqual(['dongta']);
    expect(expectedSeries).toHaveLength(3);
  });

  it('shows what the last check says', async () => {
    await follow(blocksOf(lesson));
    expectLines((await check()).lines, shown('河湾区'));
  });

  it('shows the message that its mistake gives', async () => {
    const [, file = '', wrong = '', right = ''] = /in `([\w/.]+)` write `([^`]+)` instead of `([^`]+)`,/.exec(lesson) ?? [];
    await follow(blocksOf(lesson));
    await change(file, right, wrong);
    const { code, lines } = await check();
    expect(code).toBe(1);
    expectLines(lines, shown('rules/water.yaml'));
  });

  it('has edits of the running rule that are right', async () => {
    await follow(blocksOf(lesson));
    const [, file = '', after = '', before = ''] = /In `([\w/.]+)` write `([^`]+)` instead\s+of `([^`]+)`, and save/.exec(lesson) ?? [];
    await change(file, before, after);
    const added = blocksOf(lesson).filter(({ text }) => text.startsWith('    '));
    expect(added).toHaveLength(1);
    await change(file, '    lifeSafety: true\n', `    lifeSafety: true\n${added[0]?.text}`);
    const rule = (await good()).rules.get('underpass_depth_high');
    expect(rule).toMatchObject({ holdFor: 600_000, keepFiringFor: 1_800_000 });
    expect(rule !== undefined && 'limits' in rule ? rule.limits.at(-1) : null).toEqual({ level: 'red', value: 30 });
  });

  it('sends readings of series that the city has, in the forms that its source declares', async () => {
    await follow(blocksOf(lesson));
    const { expectedSeries, sources } = await good();
    const commands = blocksOf(lesson).filter(({ language, text }) => language === 'sh' && text.includes('curl'));
    const sent = commands.flatMap(({ text }) => [...text.matchAll(/"indicator":"(\w+)","place":"(\w+)"/g)].map(([, indicator, place]) => `${indicator} ${place}`));
    expect(new Set(sent)).toEqual(new Set(['underpass_depth underpass_1', 'flood_calls dongta']));
    for (const series of sent) expect(expectedSeries.map(({ indicator, place }) => `${indicator} ${place}`)).toContain(series);
    const named = commands.flatMap(({ text }) => [...text.matchAll(/\?source=(\w+)/g)].map(([, id = '']) => id));
    expect(named.length).toBeGreaterThan(0);
    for (const id of named) expect(sources.has(id), id).toBe(true);
    expect(sources.get('water_office')?.lineProtocol).toEqual({ measurements: { rain: 'rain_1h' }, placeTag: 'site', facetTag: 'facet' });
  });

  it('goes on with calendar, departments, groups, base map, plan and a limit of one place, all right', async () => {
    await follow(blocksOf(lesson));
    const addition = blocksOf(further).find(({ text }) => text.startsWith('# add to city.yaml\n'));
    await save('city.yaml', (await readFile(join(directory, 'city.yaml'), 'utf8')) + (addition?.text ?? ''));
    expect(await follow(blocksOf(further))).toEqual(['calendar.yaml', 'departments.yaml']);
    const written = (pattern: RegExp): string => pattern.exec(further)?.[1] ?? '';
    await save('basemap/rivers.geojson', '{"type":"FeatureCollection","features":[]}');
    await save(written(/`plan: ([\w/.]+)`/), '# Underpass\n');
    await change('rules/water.yaml', '    lifeSafety: true\n', `    lifeSafety: true\n    ${written(/`(plan: [\w/.]+)`/)}\n`);
    await change('rules/water.yaml', 'owner: { zh: 水务局值班室, en: Water office duty room }', written(/`(owner: \w+)`/));
    await change('indicators/water.yaml', 'domain: { ', `domain: { ${written(/`(group: \w+)`/)}, `);
    await change('places/stations.yaml', '    indicators: [underpass_depth]\n', `    indicators: [underpass_depth]\n    ${written(/`(limits: [^`]+)`/)}\n`);
    const { calendar, departments, rules } = await good();
    expect(calendar?.shifts).toHaveLength(2);
    expect([...departments.keys()]).toEqual(['water_bureau']);
    expect(rules.get('underpass_depth_high')?.plan).toBe('plans/underpass.md');
  });
});
