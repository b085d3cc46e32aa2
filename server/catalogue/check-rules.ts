/** Rules against the rest of the folder: what they watch, where, in which order their limits stand, and which rules they lean on. Pure. */
import type { Problem } from './catalogue.ts';
import type { Draft } from './draft.ts';
import type { Knowledge } from './knowledge.ts';
import { judgeLimits, type LimitList } from './limit-order.ts';
import { type Found, problemAt } from './problems.ts';
import type { CompositeTerm, IndicatorDefinition, Rule, Station } from './schema.ts';
import { type Limits, mergeLimits, ruleCovers, type ScopedRule } from './scope.ts';

type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;
type LimitedRule = RuleOf<'threshold' | 'ratio' | 'deviation' | 'rate_of_change' | 'count'>;

const hasLimits = (rule: Rule): rule is LimitedRule => ['threshold', 'ratio', 'deviation', 'rate_of_change', 'count'].includes(rule.kind);
const hasScope = (rule: Rule): rule is ScopedRule => 'scope' in rule;

export function checkRules(draft: Draft, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  for (const rule of draft.rules) {
    problems.push(...checkOwner(rule, knowledge));
    if (hasScope(rule.value)) problems.push(...checkScope({ ...rule, value: rule.value }, knowledge), ...checkTimes({ ...rule, value: rule.value }, knowledge));
    if (hasLimits(rule.value)) problems.push(...checkLimits({ ...rule, value: rule.value }, knowledge));
    if (rule.value.kind === 'stale') problems.push(...checkStaleOrder({ ...rule, value: rule.value }));
    if (rule.value.kind === 'count') problems.push(...checkCount({ ...rule, value: rule.value }, knowledge));
    if (rule.value.kind === 'composite') problems.push(...checkTerm(rule, { term: rule.value.when, keys: ['when'] }, knowledge));
  }
  return [...problems, ...checkCycles(draft, knowledge)];
}

function checkOwner(rule: Found<Rule>, knowledge: Knowledge): Problem[] {
  const owner = rule.value.rationale?.owner;
  const unknown = typeof owner === 'string' ? knowledge.unknown('department', owner) : null;
  return unknown === null ? [] : [problemAt(rule, ['rationale', 'owner'], unknown)];
}

function checkScope(rule: Found<ScopedRule>, knowledge: Knowledge): Problem[] {
  const { scope } = rule.value;
  const problems: Problem[] = [];
  const unknown = knowledge.unknown('indicator', scope.indicator);
  if (unknown !== null) problems.push(problemAt(rule, ['scope', 'indicator'], unknown));
  const indicator = knowledge.indicators.get(scope.indicator);
  for (const [i, place] of (scope.places ?? []).entries()) {
    const message = knowledge.unknown('place', place) ?? (scope.places?.indexOf(place) !== i ? `${place} is listed twice` : null) ?? cannotCarry(place, indicator, knowledge);
    if (message !== null) problems.push(problemAt(rule, ['scope', 'places', i], message));
  }
  for (const [i, facet] of (scope.facets ?? []).entries()) {
    if (indicator === undefined || indicator.facets.some(({ id }) => id === facet)) continue;
    const known = indicator.facets.map(({ id }) => id);
    problems.push(
      problemAt(rule, ['scope', 'facets', i], `unknown facet ${JSON.stringify(facet)} of ${indicator.id}; ${known.length === 0 ? 'it has none' : `known: ${known.join(', ')}`}`),
    );
  }
  return problems;
}

/** Why nothing of an indicator can be found at a place, or null. */
export function cannotCarry(place: string, indicator: IndicatorDefinition | undefined, knowledge: Knowledge): string | null {
  const node = knowledge.places.get(place);
  if (node === undefined || indicator === undefined || knowledge.holds(place, indicator.grain)) return null;
  return `${place} is a ${node.kind} and holds no ${indicator.grain}, but ${indicator.id} is stored for places of kind ${indicator.grain}`;
}

/** A time shorter than the distance between readings can never be kept. */
function checkTimes(rule: Found<ScopedRule>, knowledge: Knowledge): Problem[] {
  const interval = knowledge.indicators.get(rule.value.scope.indicator)?.interval;
  if (interval === undefined) return [];
  const said = `the interval of ${rule.value.scope.indicator} (${interval / 1000}s)`;
  switch (rule.value.kind) {
    case 'rate_of_change':
      return rule.value.window >= interval ? [] : [problemAt(rule, ['window'], `must be at least ${said}, or it never holds two readings`)];
    case 'stale':
      return rule.value.limits.flatMap((limit, i) =>
        limit.after > interval ? [] : [problemAt(rule, ['limits', i, 'after'], `must be longer than ${said}, or every pause between two readings fires`)],
      );
    case 'stuck':
      return rule.value.after > interval ? [] : [problemAt(rule, ['after'], `must be longer than ${said}, or every single reading fires`)];
    default:
      return [];
  }
}

function checkStaleOrder(rule: Found<RuleOf<'stale'>>): Problem[] {
  return rule.value.limits.flatMap((limit, i) => {
    const lower = rule.value.limits[i - 1];
    return lower === undefined || limit.after > lower.after
      ? []
      : [problemAt(rule, ['limits', i, 'after'], `limits must rise with the level: ${limit.level} must come later than ${lower.level}`)];
  });
}

/** How the values of a limited rule run: which way is worse, and which values can occur. */
function frameOf(rule: LimitedRule, knowledge: Knowledge): Pick<LimitList, 'direction' | 'range' | 'deadband'> {
  const { deadband } = rule;
  switch (rule.kind) {
    case 'threshold': {
      const indicator = knowledge.indicators.get(rule.scope.indicator);
      const counts = indicator?.kind === 'interval_count' || indicator?.kind === 'cumulative';
      return { direction: rule.direction, deadband, range: { ...(counts ? { min: 0 } : {}), ...indicator?.validRange } };
    }
    case 'ratio':
      return { direction: rule.direction, deadband, range: { min: 0 } };
    case 'deviation':
    case 'count':
      return { direction: 'above', deadband, range: { min: 0 } };
    case 'rate_of_change':
      return { direction: rule.direction, deadband, range: {} };
  }
}

function checkLimits(rule: Found<LimitedRule>, knowledge: Knowledge): Problem[] {
  const frame = frameOf(rule.value, knowledge);
  const judge = (limits: Limits, keys: readonly PropertyKey[]): Problem[] =>
    judgeLimits({ ...frame, limits }).map(({ level, message }) => {
      if (level !== null) return problemAt(rule, [...keys, 'limits', limits.findIndex((limit) => limit.level === level), 'value'], message);
      return problemAt(rule, ['deadband'], keys.length === 0 ? message : `${message} (in ${rule.at(...keys)})`);
    });
  return [
    ...judge(rule.value.limits, []),
    ...Object.entries(rule.value.modes ?? {}).flatMap(([mode, change]) => (change.limits === undefined ? [] : judge(change.limits, ['modes', mode]))),
  ];
}

/** A station's own limits: of rules that watch it, and in order once merged with the rule's. */
export function checkOwnLimits(station: Found<Station>, knowledge: Knowledge): Problem[] {
  return Object.entries(station.value.limits ?? {}).flatMap(([id, own]) => {
    const unknown = knowledge.unknown('rule', id);
    if (unknown !== null) return [problemAt(station, ['limits', id], unknown)];
    const rule = knowledge.rules.get(id);
    if (rule === undefined) return [];
    if (!hasLimits(rule) || rule.kind === 'count') return [problemAt(station, ['limits', id], `${id} is a rule of kind ${rule.kind}, which has no limits of a place's own`)];
    const indicator = knowledge.indicators.get(rule.scope.indicator);
    if (indicator !== undefined && !ruleCovers(rule, station.value.id, { places: knowledge.places, grain: indicator.grain })) {
      return [problemAt(station, ['limits', id], `${id} does not watch this place: it watches ${rule.scope.places?.join(', ') ?? `every ${indicator.grain}`}`)];
    }
    const frame = frameOf(rule, knowledge);
    // What is wrong with the rule itself is said at the rule.
    if (judgeLimits({ ...frame, limits: rule.limits }).length > 0) return [];
    return judgeLimits({ ...frame, limits: mergeLimits(rule.limits, own) }).map(({ level, message }) =>
      problemAt(
        station,
        level !== null && own[level] !== undefined ? ['limits', id, level] : ['limits', id],
        `with the limits of ${id}: ${level === null ? 'deadband ' : ''}${message}`,
      ),
    );
  });
}

function checkCount(rule: Found<RuleOf<'count'>>, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  const unknown = knowledge.unknown('rule', rule.value.of);
  if (unknown !== null) problems.push(problemAt(rule, ['of'], unknown));
  const { within } = rule.value;
  const noPlace = within === undefined ? null : knowledge.unknown('place', within);
  if (noPlace !== null) problems.push(problemAt(rule, ['within'], noPlace));
  const kind = within === undefined ? undefined : knowledge.places.get(within)?.kind;
  if (kind !== undefined && kind !== 'region' && kind !== 'city') problems.push(problemAt(rule, ['within'], `must be a region or the city, not a ${kind}`));
  return problems;
}

function checkTerm(rule: Found<Rule>, at: { term: CompositeTerm; keys: PropertyKey[] }, knowledge: Knowledge): Problem[] {
  const { term, keys } = at;
  if ('all' in term) return term.all.flatMap((inner, i) => checkTerm(rule, { term: inner, keys: [...keys, 'all', i] }, knowledge));
  if ('any' in term) return term.any.flatMap((inner, i) => checkTerm(rule, { term: inner, keys: [...keys, 'any', i] }, knowledge));
  const unknown = knowledge.unknown('rule', term.rule);
  if (unknown !== null) return [problemAt(rule, [...keys, 'rule'], unknown)];
  const target = knowledge.rules.get(term.rule);
  const levels = target === undefined ? [] : levelsOf(target);
  if (target === undefined || term.level === undefined || levels.includes(term.level)) return [];
  return [problemAt(rule, [...keys, 'level'], `${term.rule} never reaches ${term.level}; its levels: ${levels.join(', ')}`)];
}

const levelsOf = (rule: Rule): string[] => ('limits' in rule ? rule.limits.map(({ level }) => level) : [rule.level]);

function leansOn(rule: Rule | undefined): string[] {
  const rulesIn = (term: CompositeTerm): string[] => ('all' in term ? term.all.flatMap(rulesIn) : 'any' in term ? term.any.flatMap(rulesIn) : [term.rule]);
  if (rule?.kind === 'count') return [rule.of];
  return rule?.kind === 'composite' ? rulesIn(rule.when) : [];
}

/** Rules that lean on each other in a circle could never be decided; each circle is named once, at the first of its rules. */
function checkCycles(draft: Draft, knowledge: Knowledge): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  for (const rule of draft.rules) {
    if (done.has(rule.value.id)) continue;
    const circle = circleFrom(rule.value.id, (id) => leansOn(knowledge.rules.get(id)));
    if (circle === null) continue;
    for (const id of circle) done.add(id);
    problems.push(problemAt(rule, rule.value.kind === 'count' ? ['of'] : ['when'], `rules must not lean on each other in a circle: ${[...circle, rule.value.id].join(' → ')}`));
  }
  return problems;
}

/** The ids on a way from `start` back to itself, or null. */
export function circleFrom(start: string, next: (id: string) => readonly string[]): string[] | null {
  const seen = new Set<string>();
  const open: string[][] = [[start]];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    for (const id of next(way.at(-1) ?? start)) {
      if (id === start) return way;
      if (seen.has(id)) continue;
      seen.add(id);
      open.push([...way, id]);
    }
  }
  return null;
}
