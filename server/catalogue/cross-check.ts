/**
 * What one file cannot tell: whether all files of a city's folder agree. Pure; finds everything that is wrong at once. Rules have a
 * file of their own (`check-rules.ts`).
 */
import type { Problem } from './catalogue.ts';
import { cannotCarry, checkOwnLimits, checkRules, circleFrom } from './check-rules.ts';
import { checkSource } from './check-sources.ts';
import type { Draft } from './draft.ts';
import { bothNames, type Knowledge, knowledgeOf } from './knowledge.ts';
import { type Found, formatPath, problemAt, type Whereabouts } from './problems.ts';
import type { IndicatorDefinition, Station, Wall } from './schema.ts';
import { retentionOf, retentionProblem } from './storage.ts';

export function crossCheck(draft: Draft): Problem[] {
  const knowledge = knowledgeOf(draft);
  return [
    ...checkDuplicates(draft),
    ...checkCity(draft, knowledge),
    ...checkCalendar(draft),
    ...checkParents(draft, knowledge),
    ...draft.stations.flatMap((station) => [...checkStation(station, draft, knowledge), ...checkOwnLimits(station, knowledge)]),
    ...checkDomains(draft),
    ...checkGroups(draft),
    ...checkSimulators(draft),
    ...checkStorage(draft),
    ...draft.indicators.flatMap((indicator) => checkIndicator(indicator, knowledge)),
    ...checkRules(draft, knowledge),
    ...draft.sources.flatMap((source) => checkSource(source, knowledge)),
    ...draft.walls.flatMap((wall) => checkWall(wall, knowledge)),
  ];
}

/** Each value that came before, with a message that names the first place. */
function repeated<T>(entries: readonly T[], key: (entry: T) => string): { entry: T; first: T; index: number }[] {
  const firsts = new Map<string, T>();
  return entries.flatMap((entry, index) => {
    const first = firsts.get(key(entry));
    if (first !== undefined) return [{ entry, first, index }];
    firsts.set(key(entry), entry);
    return [];
  });
}

const placeOf = (where: Whereabouts): string => `${where.file}: ${where.at()}`;

function checkDuplicates(draft: Draft): Problem[] {
  return repeated(draft.declared, ({ kind, id }) => `${kind} ${id}`).map(({ entry, first }) =>
    problemAt(entry, [], `duplicate id: the ${entry.kind} ${JSON.stringify(entry.id)} is defined at ${placeOf(first)} already; give one of them another id`),
  );
}

function checkStorage({ city, indicators }: Draft): Problem[] {
  if (city === null) return [];
  const { storage } = city.value;
  const own = retentionProblem(retentionOf(storage, {}), storage.rawHorizon);
  if (own !== null) return [problemAt(city, ['storage', 'retention'], own)];
  return indicators.flatMap((indicator) => {
    if (indicator.value.retention === undefined) return [];
    const problem = retentionProblem(retentionOf(storage, indicator.value), storage.rawHorizon);
    return problem === null ? [] : [problemAt(indicator, ['retention'], problem)];
  });
}

function checkCity(draft: Draft, knowledge: Knowledge): Problem[] {
  const { city } = draft;
  if (city === null) return [];
  const problems: Problem[] = [];
  const { bounds, center, basemap, views } = city.value;
  if (!inside(center, bounds)) problems.push(problemAt(city, ['center'], `must lie inside bounds (${bounds.join(', ')})`));
  for (const [i, view] of views.entries()) {
    const unknown = knowledge.unknown('place', view.place);
    if (unknown !== null) problems.push(problemAt(city, ['views', i, 'place'], unknown));
  }
  for (const { entry, index } of repeated(basemap?.layers ?? [], ({ id }) => id))
    problems.push(problemAt(city, ['basemap', 'layers', index, 'id'], `duplicate id ${JSON.stringify(entry.id)} of a layer`));
  return problems;
}

const inside = ([x, y]: readonly [number, number], [west, south, east, north]: readonly [number, number, number, number]): boolean =>
  x >= west && x <= east && y >= south && y <= north;

function checkCalendar({ calendar }: Draft): Problem[] {
  if (calendar === null) return [];
  const days = (['holidays', 'workdays'] as const).flatMap((list) => calendar.value[list].map(({ date }, i) => ({ date, keys: [list, i, 'date'] })));
  return repeated(days, ({ date }) => date).map(({ entry, first }) =>
    problemAt(calendar, entry.keys, `${entry.date} is listed already at ${formatPath(first.keys)}; a day is there once, as a holiday or as a workday`),
  );
}

function checkParents(draft: Draft, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  const inCircle = new Set<string>();
  const children = [
    ...draft.regions.map((region) => ({ where: region, id: region.value.properties.id, parent: region.value.properties.parent ?? null, keys: ['properties', 'parent'] })),
    ...draft.stations.map((station) => ({ where: station, id: station.value.id, parent: station.value.parent, keys: ['parent'] })),
  ];
  for (const { where, id, parent, keys } of children) {
    if (parent === null) continue;
    const kind = knowledge.places.get(parent)?.kind;
    const unknown = knowledge.unknown('place', parent);
    if (unknown !== null) problems.push(problemAt(where, keys, unknown));
    else if (kind === 'station' || kind === 'facility') problems.push(problemAt(where, keys, `must be a region or the city; ${parent} is a ${kind}`));
    else if (!inCircle.has(id)) {
      const circle = circleFrom(id, (at) => [knowledge.places.get(at)?.parent].filter((next) => next !== null && next !== undefined));
      if (circle === null) continue;
      for (const member of circle) inCircle.add(member);
      problems.push(problemAt(where, keys, `a place must not lie in itself: ${[...circle, id].join(' → ')}`));
    }
  }
  return problems;
}

function checkStation(station: Found<Station>, draft: Draft, knowledge: Knowledge): Problem[] {
  const { kind, indicators, longitude, latitude } = station.value;
  const problems: Problem[] = [];
  const bounds = draft.city?.value.bounds;
  if (bounds !== undefined && !inside([longitude, latitude], bounds)) {
    problems.push(
      problemAt(
        station,
        ['longitude'],
        `${longitude}, ${latitude} lies outside the city's bounds (${bounds.join(', ')}), where no one can see it: correct it, or widen bounds in city.yaml`,
      ),
    );
  }
  for (const [i, id] of indicators.entries()) {
    const grain = knowledge.indicators.get(id)?.grain;
    const unknown = knowledge.unknown('indicator', id);
    if (unknown !== null) problems.push(problemAt(station, ['indicators', i], unknown));
    else if (grain !== undefined && grain !== kind) problems.push(problemAt(station, ['indicators', i], `${id} is stored for places of kind ${grain}, and this is a ${kind}`));
    else if (indicators.indexOf(id) < i) problems.push(problemAt(station, ['indicators', i], `${id} is listed twice`));
  }
  return problems;
}

/** Several files may share a domain, but it has one name. */
function checkDomains(draft: Draft): Problem[] {
  return repeated(draft.domains, ({ value }) => value.id)
    .filter(({ entry, first }) => bothNames(entry.value.name) !== bothNames(first.value.name))
    .map(({ entry, first }) => problemAt(entry, ['name'], `must be ${bothNames(first.value.name)}, as in ${first.file}, or the domain needs another id`));
}

/** A domain's group is one of the city's; two files of a domain agree on it. */
function checkGroups(draft: Draft): Problem[] {
  const { city, domains } = draft;
  if (city === null) return [];
  const known = city.value.groups.map((group) => group.id);
  return [
    ...repeated(city.value.groups, (group) => group.id).map(({ entry, index }) => problemAt(city, ['groups', index, 'id'], `duplicate id ${JSON.stringify(entry.id)} of a group`)),
    ...domains
      .filter(({ value: { group } }) => group !== undefined && !known.includes(group))
      .map((domain) => problemAt(domain, ['group'], `unknown group ${JSON.stringify(domain.value.group)}; known: ${known.join(', ') || 'none (groups of city.yaml)'}`)),
    ...repeated(domains, ({ value }) => value.id)
      .filter(({ entry, first }) => entry.value.group !== first.value.group)
      .map(({ entry, first }) => problemAt(entry, ['group'], `must be ${first.value.group ?? 'left out'}, as in ${first.file}`)),
  ];
}

/** A domain has one simulator, and it is a domain of the folder. */
function checkSimulators(draft: Draft): Problem[] {
  const domains = new Set(draft.domains.map(({ value }) => value.id));
  const simulated = draft.sources.flatMap((where) => (where.value.kind === 'simulator' ? where.value.domains.map((domain, i) => ({ where, domain, i })) : []));
  const unknown = draft.inDoubt.has('indicator') ? [] : simulated.filter(({ domain }) => !domains.has(domain));
  return [
    ...unknown.map(({ where, domain, i }) => problemAt(where, ['domains', i], `unknown domain ${JSON.stringify(domain)}`)),
    ...repeated(simulated, ({ domain }) => domain).map(({ entry, first }) =>
      problemAt(entry.where, ['domains', entry.i], `${entry.domain} is simulated by ${first.where.value.id} already; a domain has one simulator`),
    ),
  ];
}

function checkIndicator(indicator: Found<IndicatorDefinition>, knowledge: Knowledge): Problem[] {
  const { interval, staleAfter, facets, expectedAt, grain, id } = indicator.value;
  const problems: Problem[] = [];
  if (staleAfter <= interval)
    problems.push(problemAt(indicator, ['staleAfter'], `must be longer than the interval (${interval / 1000}s), or the newest reading is stale before the next one is due`));
  for (const { entry, index } of repeated(facets, (facet) => facet.id))
    problems.push(problemAt(indicator, ['facets', index, 'id'], `duplicate id ${JSON.stringify(entry.id)} of a facet`));
  for (const [i, place] of expectedAt.entries()) {
    const kind = knowledge.places.get(place)?.kind;
    const unknown = knowledge.unknown('place', place);
    if (unknown !== null) problems.push(problemAt(indicator, ['expectedAt', i], unknown));
    else if (kind !== undefined && kind !== grain && !knowledge.holds(place, grain))
      problems.push(problemAt(indicator, ['expectedAt', i], `${place} is a ${kind} and holds no ${grain}, but ${id} is stored for places of kind ${grain}`));
    else if (expectedAt.indexOf(place) < i) problems.push(problemAt(indicator, ['expectedAt', i], `${place} is listed twice`));
  }
  return problems;
}

function checkWall(wall: Found<Wall>, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  for (const [i, { indicator: id, place }] of wall.value.tiles.entries()) {
    const unknown = knowledge.unknown('indicator', id);
    if (unknown !== null) problems.push(problemAt(wall, ['tiles', i, 'indicator'], unknown));
    if (place === undefined) continue;
    const message = knowledge.unknown('place', place) ?? cannotShow(place, knowledge.indicators.get(id), knowledge);
    if (message !== null) problems.push(problemAt(wall, ['tiles', i, 'place'], message));
  }
  for (const { index } of repeated(wall.value.tiles, (tile) => `${tile.indicator} ${tile.place ?? ''}`))
    problems.push(problemAt(wall, ['tiles', index], 'the same tile is there already'));
  return problems;
}

/** A tile shows the place's own value, or the one folded from the places in it. */
function cannotShow(place: string, indicator: IndicatorDefinition | undefined, knowledge: Knowledge): string | null {
  const kind = knowledge.places.get(place)?.kind;
  if (indicator === undefined || kind === undefined || kind === indicator.grain) return null;
  return (
    cannotCarry(place, indicator, knowledge) ??
    (indicator.fold === 'none' ? `${place} is a ${kind}, but ${indicator.id} is stored for places of kind ${indicator.grain} and has fold none` : null)
  );
}
