/**
 * Which rules watch which series. Pure; the evaluator asks for every touched series, so answers are kept per catalogue: the first
 * question about a series walks the rules of its indicator, every later one is a look-up.
 */
import { levels } from '../contract/index.ts';
import type { Catalogue } from './catalogue.ts';
import { activeRuleKinds, type Rule, type Station, type ThresholdRule } from './schema.ts';

export interface SeriesKey {
  indicator: string;
  place: string;
  facet: string | null;
}

/** What scoping needs of a place; a frozen catalogue's places have it, and so has a draft's. */
export interface PlaceNode {
  kind: string;
  parent: string | null;
}
export type Places = ReadonlyMap<string, PlaceNode>;

/** A rule that watches series itself, rather than other rules. */
export type ScopedRule = Extract<Rule, { scope: unknown }>;
export type Limits = ThresholdRule['limits'];

/** True when `place` is `area` or lies in it. Ends on a cycle of parents, which a draft may hold. */
export function liesIn(place: string, area: string, places: Places): boolean {
  const seen = new Set<string>();
  for (let at: string | null = place; at !== null && !seen.has(at); at = places.get(at)?.parent ?? null) {
    if (at === area) return true;
    seen.add(at);
  }
  return false;
}

/** True when the rule's scope covers `place`, whose kind must be the grain of the rule's indicator. */
export function ruleCovers(rule: ScopedRule, place: string, context: { places: Places; grain: string }): boolean {
  if (context.places.get(place)?.kind !== context.grain) return false;
  return rule.scope.places === undefined || rule.scope.places.some((area) => liesIn(place, area, context.places));
}

/** Why this version raises nothing for a rule, or null when it does. Modes need no mention: until one can be switched on, none is on. */
export function inactiveReason(rule: Rule): string | null {
  if (rule.disabled) return 'it is switched off in its file (disabled: true)';
  if (!activeRuleKinds.has(rule.kind)) return `rules of kind ${rule.kind} are not evaluated by this version`;
  if (rule.mOfN !== undefined) return 'mOfN is not evaluated by this version';
  if (rule.activeHours !== undefined) return 'activeHours is not evaluated by this version';
  return null;
}

/** A rule's limits with a place's own: the place's replace the rule's of the same level, and add levels the rule lacks. From least to worst. */
export function mergeLimits(limits: Limits, own: NonNullable<Station['limits']>[string] | undefined): Limits {
  if (own === undefined) return limits;
  return levels.flatMap((level) => {
    const value = own[level] ?? limits.find((limit) => limit.level === level)?.value;
    return value === undefined ? [] : [{ level, value }];
  });
}

interface Index {
  byIndicator: ReadonlyMap<string, readonly ThresholdRule[]>;
  answers: Map<string, readonly ThresholdRule[]>;
}

const indexes = new WeakMap<Catalogue, Index>();
const none: readonly ThresholdRule[] = Object.freeze([]);

function indexOf(catalogue: Catalogue): Index {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const byIndicator = new Map<string, ThresholdRule[]>();
  for (const rule of catalogue.rules.values()) {
    if (rule.kind !== 'threshold' || inactiveReason(rule) !== null) continue;
    const ofIndicator = byIndicator.get(rule.scope.indicator) ?? [];
    ofIndicator.push(rule);
    byIndicator.set(rule.scope.indicator, ofIndicator);
  }
  const index: Index = { byIndicator, answers: new Map() };
  indexes.set(catalogue, index);
  return index;
}

/**
 * The active threshold rules that watch a series, with the limits that hold at its place, in the catalogue's order. A rule whose
 * scope names facets watches only those; any other watches the indicator's series of every facet and of none. The answer is
 * frozen, and the same array each time.
 */
export function rulesFor(catalogue: Catalogue, series: SeriesKey): readonly ThresholdRule[] {
  const index = indexOf(catalogue);
  const ofIndicator = index.byIndicator.get(series.indicator);
  const grain = catalogue.definitions.get(series.indicator)?.grain;
  if (ofIndicator === undefined || grain === undefined || !catalogue.places.has(series.place)) return none;
  const key = `${series.indicator}|${series.place}|${series.facet ?? ''}`;
  const known = index.answers.get(key);
  if (known !== undefined) return known;
  const own = catalogue.stations.get(series.place)?.limits;
  const answer = ofIndicator
    .filter((rule) => ruleCovers(rule, series.place, { places: catalogue.places, grain }))
    .filter((rule) => rule.scope.facets === undefined || (series.facet !== null && rule.scope.facets.includes(series.facet)))
    .map((rule) => (own?.[rule.id] === undefined ? rule : Object.freeze({ ...rule, limits: Object.freeze(mergeLimits(rule.limits, own[rule.id])) as Limits })));
  Object.freeze(answer);
  index.answers.set(key, answer);
  return answer;
}
