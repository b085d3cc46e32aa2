/**
 * A city's folder, file by file: what passed its schema, where each piece is, and everything that is wrong so far. Pure.
 *
 * One mistake must not bring forth others: an entry that failed its schema still counts as *declared*, so that references to it
 * are not called unknown, and a kind of which a file could not be read is *in doubt*, so that nothing of it is called unknown.
 */
import type { z } from 'zod';
import type { Problem } from './catalogue.ts';
import { check, type Found, type Keys, pathsFrom, problemAt, type Whereabouts } from './problems.ts';
import { readStationsCsv } from './read-csv.ts';
import { readJson, readYaml } from './read-yaml.ts';
import {
  type CalendarFile,
  type CityFile,
  calendarSchema,
  citySchema,
  type DepartmentsFile,
  departmentsSchema,
  type IndicatorDefinition,
  type IndicatorsFile,
  indicatorDefinitionSchema,
  indicatorsSchema,
  type Region,
  type Rule,
  regionSchema,
  regionsSchema,
  ruleSchema,
  rulesSchema,
  type Station,
  stationSchema,
  stationsSchema,
  type Wall,
  wallSchema,
} from './schema.ts';
import { type Source, sourceSchema, sourcesSchema } from './source-schema.ts';

/** What has ids of its own. City, regions, stations and facilities share one space of ids: all are places. */
export type EntryKind = 'department' | 'indicator' | 'place' | 'rule' | 'source' | 'wall';

export interface Declared extends Whereabouts {
  kind: EntryKind;
  id: string;
}

export type Domain = IndicatorsFile['domain'];

export interface Draft {
  city: Found<CityFile> | null;
  calendar: Found<CalendarFile> | null;
  departments: Found<DepartmentsFile['departments'][number]>[];
  regions: Found<Region>[];
  stations: Found<Station>[];
  domains: Found<Domain>[];
  /** `domain` is null where the file's own domain failed. */
  indicators: (Found<IndicatorDefinition> & { domain: string | null })[];
  rules: Found<Rule>[];
  sources: Found<Source>[];
  walls: Found<Wall>[];
  /** Every entry that has an id, whether or not the rest of it is right. */
  declared: Declared[];
  inDoubt: Set<EntryKind>;
  problems: Problem[];
}

export const regionsPath = 'places/regions.geojson';
export const stationsCsvPath = 'places/stations.csv';
export const stationsYamlPath = 'places/stations.yaml';

/** The kind of entries a file holds, or null for a file without entries. */
function kindOfFile(file: string): EntryKind | null {
  if (file === 'city.yaml' || file.startsWith('places/')) return 'place';
  const folders = { 'indicators/': 'indicator', 'rules/': 'rule', 'sources/': 'source', 'walls/': 'wall' } as const;
  for (const [folder, kind] of Object.entries(folders)) if (file.startsWith(folder)) return kind;
  return null;
}

/** Reads all texts, by path relative to the folder. `unread`: files that are there but could not be read. */
export function draftFrom(texts: ReadonlyMap<string, string>, unread: Iterable<string> = []): Draft {
  const draft: Draft = {
    city: null,
    calendar: null,
    departments: [],
    regions: [],
    stations: [],
    domains: [],
    indicators: [],
    rules: [],
    sources: [],
    walls: [],
    declared: [],
    inDoubt: new Set(),
    problems: [],
  };
  for (const file of unread) doubt(draft, file);
  // Without the city's own file its id, the root of all places, is not known.
  if (!texts.has('city.yaml')) doubt(draft, 'city.yaml');
  for (const [file, text] of texts) addFile(draft, file, text);
  return draft;
}

function doubt(draft: Draft, file: string): void {
  const kind = kindOfFile(file);
  if (kind !== null) draft.inDoubt.add(kind);
}

function addFile(draft: Draft, file: string, text: string): void {
  if (file === stationsCsvPath) {
    addStationsCsv(draft, file, text);
    return;
  }
  if (file !== regionsPath && !file.endsWith('.yaml')) return;
  const { value, problems, broken } = file === regionsPath ? readJson(text, file) : readYaml(text, file);
  draft.problems.push(...problems);
  if (broken) {
    doubt(draft, file);
    return;
  }
  const where = { file, at: pathsFrom() };
  if (value === null || value === undefined) {
    draft.problems.push(problemAt(where, [], 'is empty: fill it or remove it'));
    doubt(draft, file);
    return;
  }
  switch (file) {
    case 'city.yaml':
      draft.city = addOne(draft, where, { kind: 'place', schema: citySchema, value });
      return;
    case regionsPath:
      draft.regions = addList(draft, where, { kind: 'place', key: 'features', schema: regionsSchema, entry: regionSchema, value, idAt: ['properties', 'id'] });
      return;
    case stationsYamlPath:
      draft.stations.push(...addList(draft, where, { kind: 'place', key: 'stations', schema: stationsSchema, entry: stationSchema, value }));
      return;
    default:
      addFolderFile(draft, where, value);
  }
}

function addFolderFile(draft: Draft, where: Whereabouts, value: unknown): void {
  switch (kindOfFile(where.file)) {
    case 'indicator':
      addIndicators(draft, where, value);
      return;
    case 'rule':
      draft.rules.push(...addList(draft, where, { kind: 'rule', key: 'rules', schema: rulesSchema, entry: ruleSchema, value }));
      return;
    case 'source':
      draft.sources.push(...addList(draft, where, { kind: 'source', key: 'sources', schema: sourcesSchema, entry: sourceSchema, value }));
      return;
    case 'wall': {
      const wall = addOne(draft, where, { kind: 'wall', schema: wallSchema, value });
      if (wall !== null) draft.walls.push(wall);
      return;
    }
    default:
      return;
  }
}

/** The calendar, whose name `city.yaml` gives. */
export function addCalendar(draft: Draft, file: string, text: string): void {
  const { value, problems, broken } = readYaml(text, file);
  draft.problems.push(...problems);
  if (broken) return;
  const where = { file, at: pathsFrom() };
  const checked = check(calendarSchema, value ?? {}, where);
  draft.problems.push(...checked.problems);
  if (checked.value !== null) draft.calendar = { ...where, value: checked.value };
}

/** The departments, whose file `city.yaml` names. */
export function addDepartments(draft: Draft, file: string, text: string): void {
  const { value, problems, broken } = readYaml(text, file);
  draft.problems.push(...problems);
  if (broken) {
    draft.inDoubt.add('department');
    return;
  }
  const entry = departmentsSchema.shape.departments.element;
  draft.departments = addList(draft, { file, at: pathsFrom() }, { kind: 'department', key: 'departments', schema: departmentsSchema, entry, value: value ?? {} });
}

function addIndicators(draft: Draft, where: Whereabouts, value: unknown): void {
  const found = addList(draft, where, { kind: 'indicator', key: 'indicators', schema: indicatorsSchema, entry: indicatorDefinitionSchema, value });
  const domain = check(indicatorsSchema.shape.domain, memberOf(value, 'domain'), where).value;
  if (domain !== null) draft.domains.push({ file: where.file, at: pathsFrom('domain'), value: domain });
  draft.indicators.push(...found.map((indicator) => ({ ...indicator, domain: domain?.id ?? null })));
}

function addStationsCsv(draft: Draft, file: string, text: string): void {
  const answer = readStationsCsv(text, file);
  draft.problems.push(...answer.problems);
  if (answer.broken) doubt(draft, file);
  for (const { raw, ...where } of answer.stations) {
    declare(draft, where, { kind: 'place', id: raw['id'], idAt: ['id'] });
    const checked = check(stationSchema, raw, where);
    draft.problems.push(...checked.problems);
    if (checked.value !== null) draft.stations.push({ ...where, value: checked.value });
  }
}

/** A file that is one entry. */
function addOne<T>(draft: Draft, where: Whereabouts, spec: { kind: EntryKind; schema: z.ZodType<T>; value: unknown }): Found<T> | null {
  declare(draft, where, { kind: spec.kind, id: memberOf(spec.value, 'id'), idAt: ['id'] });
  const checked = check(spec.schema, spec.value, where);
  draft.problems.push(...checked.problems);
  return checked.value === null ? null : { ...where, value: checked.value };
}

interface ListSpec<T> {
  kind: EntryKind;
  /** The member of the file that holds the list. */
  key: string;
  schema: z.ZodType;
  entry: z.ZodType<T>;
  value: unknown;
  /** Where an entry keeps its id; `id` unless told. */
  idAt?: Keys;
}

/** A file that holds a list of entries: the good ones, each found at its own path; the others as problems. */
function addList<T>(draft: Draft, where: Whereabouts, spec: ListSpec<T>): Found<T>[] {
  draft.problems.push(...check(spec.schema, spec.value, where).problems);
  const list = memberOf(spec.value, spec.key);
  if (!Array.isArray(list)) {
    draft.inDoubt.add(spec.kind);
    return [];
  }
  const idAt = spec.idAt ?? ['id'];
  return list.flatMap((raw: unknown, i) => {
    const entry = { file: where.file, at: pathsFrom(spec.key, i) };
    declare(draft, entry, { kind: spec.kind, id: idAt.reduce(memberOf, raw), idAt });
    const { value } = check(spec.entry, raw, entry);
    return value === null ? [] : [{ ...entry, value }];
  });
}

/** Remembers an id; an entry without one may be any, so the whole kind is in doubt. */
function declare(draft: Draft, where: Whereabouts, entry: { kind: EntryKind; id: unknown; idAt: Keys }): void {
  const { kind, id, idAt } = entry;
  if (typeof id === 'string') draft.declared.push({ file: where.file, at: (...keys) => where.at(...idAt, ...keys), kind, id });
  else draft.inDoubt.add(kind);
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}
