/** A checked draft to a frozen catalogue. Pure; called only when nothing is wrong, so it asks nothing twice. */
import { createHash } from 'node:crypto';
import { type Bilingual, type Indicator, indicatorSchema, type Place, placeSchema, type RuleSummary } from '../contract/index.ts';
import type { Catalogue, ExpectedSeries } from './catalogue.ts';
import type { Draft } from './draft.ts';
import { knowledgeOf } from './knowledge.ts';
import { type Found, pathsFrom } from './problems.ts';
import type { CityFile, IndicatorDefinition, Rule } from './schema.ts';
import { inactiveReason, type Limits, liesIn, mergeLimits } from './scope.ts';
import { unitLabel } from './units.ts';

export interface BuildInput {
  draft: Draft;
  city: CityFile;
  directory: string;
  /** Text of every file that was read, by path; the version covers all of them. */
  texts: ReadonlyMap<string, string>;
  regionsGeoJson: string | null;
}

export function buildCatalogue({ draft, city, directory, texts, regionsGeoJson }: BuildInput): Catalogue {
  const values = <T extends { id: string }>(found: readonly Found<T>[]): ReadonlyMap<string, T> => frozenMap(found.map(({ value }) => [value.id, value]));
  const domains = new Map<string, Bilingual>(draft.domains.map(({ value }) => [value.id, value.name]));
  const groups = new Map(draft.domains.map(({ value }) => [value.id, value.group ?? null]));
  const definitions = draft.indicators.map(({ value }) => value);
  return deepFreeze({
    version: versionOf(texts),
    directory,
    files: Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1))),
    city,
    calendar: draft.calendar?.value ?? null,
    places: frozenMap(placesFrom(draft, city).map((place) => [place.id, place])),
    stations: values(draft.stations),
    indicators: frozenMap(
      draft.indicators.map((found) => [
        found.value.id,
        resolveIndicator(found.value, {
          id: found.domain ?? '',
          name: domains.get(found.domain ?? ''),
          group: groups.get(found.domain ?? '') ?? null,
        }),
      ]),
    ),
    definitions: values(draft.indicators),
    domains: frozenMap([...domains]),
    departments: values(draft.departments),
    rules: values(draft.rules),
    ruleSummaries: draft.rules.map(({ value }) => summarise(value, draft)),
    sources: values(draft.sources),
    walls: values(draft.walls),
    expectedSeries: expectedSeries(draft, definitions),
    regionsGeoJson,
  });
}

/** SHA-256 over names and contents in the order of names; lengths keep one file's end from being taken for another's name. */
function versionOf(texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [file, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${file}\0${Buffer.byteLength(text)}\0${text}\0`);
  return hash.digest('hex');
}

function placesFrom(draft: Draft, city: CityFile): Place[] {
  const root = placeSchema.parse({ id: city.id, kind: 'city', name: city.name, parent: null, location: null, note: null, retired: false });
  const regions = draft.regions.map(({ value: { properties } }) => {
    const { id, name_zh, name_en, parent, note_zh, note_en } = properties;
    const note = note_zh === undefined && note_en === undefined ? null : { zh: note_zh ?? note_en, en: note_en ?? note_zh };
    return placeSchema.parse({ id, kind: 'region', name: { zh: name_zh, en: name_en }, parent: parent ?? city.id, location: null, note, retired: false });
  });
  const stations = draft.stations.map(({ value: { id, kind, name, parent, longitude, latitude, note } }) =>
    placeSchema.parse({ id, kind, name, parent, location: { longitude, latitude }, note: note ?? null, retired: false }),
  );
  return [root, ...regions, ...stations];
}

function resolveIndicator(definition: IndicatorDefinition, domain: { id: string; name: Bilingual | undefined; group: string | null }): Indicator {
  const { id, name, unit, kind, grain, fold, interval, staleAfter, worse, decimals, facets, mapStyle } = definition;
  const resolved = { domain: domain.id, domainName: domain.name, group: domain.group, unitLabel: unitLabel(unit), intervalMs: interval, staleAfterMs: staleAfter, retired: false };
  return indicatorSchema.parse({ id, name, unit, kind, grain, fold, worse, decimals, facets, mapStyle, ...resolved });
}

function summarise(rule: Rule, draft: Draft): RuleSummary {
  const reason = inactiveReason(rule);
  const withDeadband = (list: Limits) => list.map(({ level, value }) => ({ level, value, deadband: rule.deadband }));
  const own = draft.stations.flatMap(({ value }) => {
    const limits = value.limits?.[rule.id];
    return limits !== undefined && rule.kind === 'threshold' ? [[value.id, withDeadband(mergeLimits(rule.limits, limits))] as const] : [];
  });
  // Limits of a rule on silence are times, which a chart has no line for.
  const limits = 'limits' in rule && rule.kind !== 'stale' ? withDeadband(rule.limits) : [];
  const scope = 'scope' in rule ? rule.scope : null;
  return {
    id: rule.id,
    name: rule.name,
    kind: rule.kind,
    active: reason === null,
    reason,
    indicator: scope?.indicator ?? null,
    direction: 'direction' in rule ? rule.direction : null,
    limits,
    placeLimits: Object.fromEntries(own),
    places: scope?.places ?? null,
    lifeSafety: rule.lifeSafety,
  };
}

/**
 * What stations and indicators say must exist, each series once. An indicator with facets is expected once per facet and not
 * without one: its total is a fold of the facets, not a reading.
 */
function expectedSeries(draft: Draft, definitions: readonly IndicatorDefinition[]): ExpectedSeries[] {
  const { places: nodes } = knowledgeOf(draft);
  const within = (area: string, grain: string): string[] => [...nodes].filter(([id, node]) => node.kind === grain && liesIn(id, area, nodes)).map(([id]) => id);
  const places = new Map<string, Set<string>>(definitions.map(({ id, grain, expectedAt }) => [id, new Set(expectedAt.flatMap((area) => within(area, grain)))]));
  for (const { value } of draft.stations) for (const indicator of value.indicators) places.get(indicator)?.add(value.id);
  return definitions.flatMap(({ id, facets }) => {
    const names = facets.length === 0 ? [null] : facets.map((facet) => facet.id);
    return [...(places.get(id) ?? [])].flatMap((place) => names.map((facet) => ({ indicator: id, place, facet })));
  });
}

/** A map that refuses to change: freezing alone would leave `set` and `delete` working. */
function frozenMap<V>(entries: readonly (readonly [string, V])[]): ReadonlyMap<string, V> {
  const map = new Map<string, V>(entries);
  const refuse = (): never => {
    throw new TypeError('a catalogue does not change: load another one');
  };
  return Object.defineProperties(map, { set: { value: refuse }, delete: { value: refuse }, clear: { value: refuse } });
}

/** Freezes what is inside, maps' values too. Shared parts (YAML aliases) are met once. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(inner);
  return value;
}

/** Where `city.yaml` and the rules point to other files of the folder. */
export interface Reference {
  role: 'calendar' | 'departments' | 'basemap' | 'plan';
  target: string;
  file: string;
  path: string;
}

export function referencesOf(draft: Draft): Reference[] {
  const { city } = draft;
  const references: Reference[] = [];
  if (city !== null) {
    const at = pathsFrom();
    if (city.value.calendar !== undefined) references.push({ role: 'calendar', target: city.value.calendar, file: city.file, path: at('calendar') });
    if (city.value.departments !== undefined) references.push({ role: 'departments', target: city.value.departments, file: city.file, path: at('departments') });
    const tiles = city.value.basemap?.tiles;
    if (tiles !== undefined) references.push({ role: 'basemap', target: tiles.file, file: city.file, path: at('basemap', 'tiles', 'file') });
    for (const [i, layer] of (city.value.basemap?.layers ?? []).entries())
      references.push({ role: 'basemap', target: layer.file, file: city.file, path: at('basemap', 'layers', i, 'file') });
  }
  for (const rule of draft.rules) if (rule.value.plan !== undefined) references.push({ role: 'plan', target: rule.value.plan, file: rule.file, path: rule.at('plan') });
  return references;
}
