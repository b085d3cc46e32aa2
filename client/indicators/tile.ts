/**
 * What a tile shows. A tile without a place shows the worst place of its indicator, named: first by the level that fires there,
 * then by the value in the indicator's worse direction. A value that does not tell the present is never called the worst while
 * another one does; how many places are unknown is said beside it.
 */
import type { Alert, Indicator, Latest, Level, Place, RuleSummary } from '../../server/contract/index.ts';
import { levelRank, levelsWorstFirst } from '../ui/levels.ts';
import { type DataState, dataState, tellsThePresent } from '../ui/state-of.ts';
import type { Moment, Vital } from './vitals.ts';

export interface TileLimit {
  level: Level;
  value: number;
  direction: 'above' | 'below';
}

export interface Tile {
  /** Stable over time: what was asked for, not what is the worst just now. */
  key: string;
  indicator: Indicator;
  /** Null when the catalogue expects no series for this tile. */
  vital: Vital | null;
  latest: Latest | undefined;
  state: DataState;
  alert: Alert | null;
  /** How many series the worst was taken from; 1 for a tile with its own place. */
  places: number;
  /** How many of them do not tell the present. */
  unknown: number;
}

/** A series that may be the worst of its indicator. */
export interface Candidate {
  vital: Vital;
  latest: Latest | undefined;
  state: DataState;
  alert: Alert | null;
}

/** How bad a value is, the larger the worse. Of an indicator that may be bad both ways the largest is shown; only its alerts tell which is worse. */
function badness(value: number, worse: Indicator['worse']): number {
  return worse === 'low' ? -value : value;
}

export function isWorse(a: Candidate, b: Candidate): boolean {
  const [rankA, rankB] = [levelRank(a.alert?.level ?? null), levelRank(b.alert?.level ?? null)];
  if (rankA !== rankB) return rankA < rankB;
  const [knownA, knownB] = [tellsThePresent(a.state), tellsThePresent(b.state)];
  if (knownA !== knownB) return knownA;
  if (a.latest === undefined || b.latest === undefined) return a.latest !== undefined && b.latest === undefined;
  // Among values of the past the one that was seen last says most.
  if (!knownA && a.latest.observedAt !== b.latest.observedAt) return a.latest.observedAt > b.latest.observedAt;
  return badness(a.latest.value, a.vital.indicator.worse) > badness(b.latest.value, b.vital.indicator.worse);
}

export function candidateOf(vital: Vital, moment: Moment): Candidate {
  const latest = moment.latest.get(vital.series.id);
  return { vital, latest, state: dataState(latest, vital.indicator, moment.now), alert: moment.firing.get(vital.series.id) ?? null };
}

export interface TileRequest {
  indicator: Indicator;
  /** All expected series of that indicator. */
  vitals: readonly Vital[];
  /** Null: the worst of all. */
  place: string | null;
}

export function tileOf({ indicator, vitals, place }: TileRequest, moment: Moment): Tile {
  const key = `${indicator.id}@${place ?? 'worst'}`;
  let worst: Candidate | null = null;
  let [places, unknown] = [0, 0];
  for (const vital of vitals) {
    if (place !== null && vital.place.id !== place) continue;
    const candidate = candidateOf(vital, moment);
    places += 1;
    if (!tellsThePresent(candidate.state)) unknown += 1;
    if (worst === null || isWorse(candidate, worst)) worst = candidate;
  }
  if (worst === null) return { key, indicator, vital: null, latest: undefined, state: 'missing', alert: null, places, unknown };
  return { key, indicator, ...worst, places, unknown };
}

/** Whether a rule speaks of `place`, itself or through what it lies in. */
function concerns(rule: RuleSummary, place: Place, places: ReadonlyMap<string, Place>): boolean {
  if (rule.places === null) return true;
  let at: Place | undefined = place;
  while (at !== undefined) {
    if (rule.places.includes(at.id)) return true;
    at = at.parent === null ? undefined : places.get(at.parent);
  }
  return false;
}

const isBreached = (value: number, limit: TileLimit): boolean => (limit.direction === 'above' ? value >= limit.value : value <= limit.value);

export interface LimitRequest {
  vital: Vital;
  value: number;
  rules: readonly RuleSummary[];
  places: ReadonlyMap<string, Place>;
}

/**
 * The limit that gives the value its meaning: the worst one it has passed, else the nearest one ahead. Null when no active rule
 * speaks of this series.
 */
export function limitFor({ vital, value, rules, places }: LimitRequest): (TileLimit & { breached: boolean }) | null {
  const limits = rules
    .filter((rule) => rule.active && rule.indicator === vital.indicator.id && rule.direction !== null && concerns(rule, vital.place, places))
    .flatMap((rule) =>
      (rule.placeLimits[vital.place.id] ?? rule.limits).map((limit): TileLimit => ({ level: limit.level, value: limit.value, direction: rule.direction ?? 'above' })),
    );
  for (const level of levelsWorstFirst) {
    const passed = limits.find((limit) => limit.level === level && isBreached(value, limit));
    if (passed !== undefined) return { ...passed, breached: true };
  }
  const ahead = limits.sort((a, b) => Math.abs(a.value - value) - Math.abs(b.value - value))[0];
  return ahead === undefined ? null : { ...ahead, breached: false };
}
