/** The demonstration city's folder: whole, in both languages, and with a reason behind every limit. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { loadCatalogue } from './load.ts';

const directory = path.resolve(import.meta.dirname, '../../metrics-config/linjiang');
const han = /\p{Script=Han}/u;

let city: Catalogue;
beforeAll(async () => {
  const loaded = await loadCatalogue(directory);
  expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  if (loaded.ok) city = loaded.catalogue;
}, 60_000);

const definitions = () => [...city.definitions.values()];
const rules = () => [...city.rules.values()];
const rulesOn = (indicator: string) => rules().filter((rule) => 'scope' in rule && rule.scope.indicator === indicator && 'limits' in rule);

/** Every pair of names below a value, with the keys that lead to it. */
function names(value: unknown, at: string): { at: string; zh: string; en: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('zh' in value && 'en' in value) return [{ at, zh: String(value.zh), en: String(value.en) }];
  return Object.entries(value).flatMap(([key, inner]) => names(inner, `${at}.${key}`));
}

describe('the catalogue of Linjiang', () => {
  it('has at least 200 indicators in 27 domains under 12 groups', () => {
    expect(city.indicators.size).toBeGreaterThanOrEqual(200);
    expect(city.domains.size).toBe(27);
    expect(new Set([...city.indicators.values()].map(({ group }) => group))).toEqual(new Set(city.city.groups.map(({ id }) => id)));
    expect(city.city.groups).toHaveLength(12);
    expect(readdirSync(path.join(directory, 'indicators'))).toHaveLength(27);
  });

  it('has some 900 stations in 22 towns, and some 5,000 series', () => {
    expect([...city.places.values()].filter(({ kind }) => kind === 'region')).toHaveLength(22);
    expect(city.stations.size).toBeGreaterThan(850);
    expect(city.expectedSeries.length).toBeGreaterThan(4500);
    expect(city.expectedSeries.length).toBeLessThan(6000);
    const expected = new Set(city.expectedSeries.map(({ indicator }) => indicator));
    expect(definitions().filter(({ id }) => !expected.has(id))).toEqual([]);
  });

  it('says everything in Chinese and in English', () => {
    const all = [
      ...names(definitions(), 'indicators'),
      ...names(rules(), 'rules'),
      ...names([...city.departments.values()], 'departments'),
      ...names([...city.walls.values()], 'walls'),
      ...names(city.calendar, 'calendar'),
      ...names([...city.places.values()], 'places'),
      ...names(city.city, 'city'),
    ];
    expect(all.length).toBeGreaterThan(2000);
    // A few names are the same in both, such as PM2.5.
    expect(all.filter(({ en }) => han.test(en))).toEqual([]);
    expect(all.filter(({ zh, en }) => !han.test(zh) && zh !== en)).toEqual([]);
    expect(all.filter(({ zh, en }) => zh.trim() !== zh || en.trim() !== en)).toEqual([]);
  });

  it('tells every indicator’s interval, stale time, possible values and thresholds', () => {
    for (const { id, interval, staleAfter, validRange } of definitions()) {
      expect(staleAfter, id).toBeGreaterThan(interval);
      expect(staleAfter, id).toBeLessThanOrEqual(Math.max(interval * 8, 600_000));
      expect(validRange, id).toBeDefined();
    }
    // The usual exceptions say why beside the indicator.
    const without = definitions().filter(({ id }) => rulesOn(id).length === 0);
    for (const { id } of without) {
      const file = readdirSync(path.join(directory, 'indicators'))
        .map((name) => readFileSync(path.join(directory, 'indicators', name), 'utf8'))
        .find((text) => text.includes(`id: ${id}\n`) || text.includes(`id: ${id},`));
      const [before = ''] = (file ?? '').split(new RegExp(`id: ${id}[\\n,]`));
      expect(before.trimEnd().split('\n').slice(-4).join(' '), `${id} has no rule, and does not say why`).toContain('#');
    }
    expect(without.length).toBeLessThanOrEqual(12);
  });

  it('gives the units of numbers, and none to an index', () => {
    const bare = [...city.indicators.values()].filter(({ unitLabel }) => unitLabel.zh === '');
    expect(bare.filter(({ unit }) => !['index', 'ratio'].includes(unit))).toEqual([]);
  });

  it('says for every orange and red why, what then, what to do, how soon and who', () => {
    for (const rule of rules()) {
      const levels = 'limits' in rule ? rule.limits.map(({ level }) => level) : [rule.level];
      if (!levels.includes('orange') && !levels.includes('red')) continue;
      const { cause, consequence, response, timeToRespond, owner, evidence } = rule.rationale ?? {};
      expect({ rule: rule.id, missing: Object.entries({ cause, consequence, response, timeToRespond, owner, evidence }).filter(([, value]) => value === undefined) }).toEqual({
        rule: rule.id,
        missing: [],
      });
      expect(city.departments.has(typeof owner === 'string' ? owner : ''), rule.id).toBe(true);
    }
  });

  it('gives the kinds of evidence, and a deadband and a hold where values waver', () => {
    for (const rule of rules()) {
      if (!('limits' in rule) || !('scope' in rule) || rule.kind === 'stale') continue;
      expect(rule.rationale?.evidence, rule.id).toMatch(/^(assumption|practice|official_verify|official_seen|official|standard|literature|measured)\b/);
      expect(rule.limits.length, rule.id).toBeLessThanOrEqual(4);
    }
  });

  it('has limits of their own for rivers, canals, reservoirs and underpasses', () => {
    const own = (prefix: string, rule: string) => [...city.stations.values()].filter(({ id, limits }) => id.startsWith(`${prefix}_`) && limits?.[rule] !== undefined).length;
    expect(own('river', 'river_level_over_warning_high')).toBeGreaterThan(20);
    expect(own('canal', 'river_level_over_warning_high')).toBeGreaterThan(15);
    expect(own('reservoir', 'reservoir_level_over_limit_high')).toBe(6);
    expect(own('underpass', 'underpass_depth_high')).toBeGreaterThan(5);
  });

  it('counts the hotline and the non-police calls of every town by topic', () => {
    for (const [indicator, topics] of [
      ['hotline_tickets_created', 10],
      ['police_nonpolice_calls', 8],
    ] as const) {
      const series = city.expectedSeries.filter((one) => one.indicator === indicator);
      const facets = new Set(series.map(({ facet }) => facet));
      expect(facets.size).toBeGreaterThanOrEqual(topics);
      expect(series).toHaveLength(22 * facets.size);
    }
  });

  it('has a calendar of four years, terms, three shifts, departments, plans and three walls', () => {
    const years = new Set(city.calendar?.holidays.map(({ date }) => date.slice(0, 4)));
    expect([...years].sort()).toEqual(['2024', '2025', '2026', '2027']);
    expect(city.calendar?.workdays.length).toBeGreaterThan(10);
    expect(city.calendar?.terms.length).toBeGreaterThanOrEqual(7);
    expect(city.calendar?.shifts).toHaveLength(3);
    expect(city.departments.size).toBeGreaterThanOrEqual(20);
    expect([...city.walls.keys()]).toEqual(['overview', 'flood', 'hotline_order']);
    const planned = new Set(rules().flatMap(({ plan }) => (plan === undefined ? [] : [plan])));
    const written = readdirSync(path.join(directory, 'plans')).map((name) => `plans/${name}`);
    expect(written.filter((plan) => !planned.has(plan))).toEqual([]);
    for (const plan of written) expect(readFileSync(path.join(directory, plan), 'utf8').length, plan).toBeGreaterThan(1500);
  });

  it('has a feed for every domain, and a base map of at most two megabytes', () => {
    const fed = [...city.sources.values()].flatMap((source) => (source.kind === 'simulator' ? source.domains : []));
    expect(fed.sort()).toEqual([...city.domains.keys()].sort());
    expect(statSync(path.join(directory, 'basemap/linjiang.pmtiles')).size).toBeLessThanOrEqual(2_000_000);
  });
});
