/**
 * How often values cross the limits of the city's rules in a window of simulated time: the measure of whether a quiet day is quiet and a
 * typhoon is not. It counts what a rule's limit, deadband and hold time make of the readings; alerts, with their grouping and their officers,
 * are the server's matter. Pure: the same answer for the same catalogue, seed number and window.
 */
import type { Catalogue } from '../server/catalogue/catalogue.ts';
import type { Rule } from '../server/catalogue/schema.ts';
import { mergeLimits, ruleCovers } from '../server/catalogue/scope.ts';
import type { Level } from '../server/contract/index.ts';
import { daysOf } from './simulator/days.ts';
import { HOUR } from './simulator/model.ts';
import { createSimulator, type Occurrence, type Simulator } from './simulator/simulator.ts';
import { DAY_MS, dayOf, zoneClock } from './wall-time.ts';

type CountedRule = Extract<Rule, { kind: 'threshold' | 'deviation' | 'ratio' }>;

export interface CrossingCount {
  rule: string;
  indicator: string;
  /** How often a series rose to the level, or beyond it, after its hold time. */
  levels: Record<Level, number>;
  total: number;
}

export interface Crossings {
  /** Rules that were crossed, the busiest first. */
  rules: CrossingCount[];
  levels: Record<Level, number>;
  total: number;
  /** Series that rules of these kinds watch. */
  watched: number;
}

export interface CrossingsInput {
  catalogue: Catalogue;
  seed: number;
  scenarios: readonly Occurrence[];
  /** Epoch ms, `to` excluded. */
  from: number;
  to: number;
  /** Only series for which this is true; default all. */
  only?: (series: { indicator: string; place: string }) => boolean;
}

const WEEK = 168 * HOUR;
const noLevels = (): Record<Level, number> => ({ blue: 0, yellow: 0, orange: 0, red: 0 });

/** Counts the crossings of threshold, deviation and ratio rules. Takes about a second for each simulated day of a whole city. */
export function countCrossings(input: CrossingsInput): Crossings {
  const { catalogue, seed, scenarios, only = () => true } = input;
  const simulator = createSimulator({ catalogue, seed, scenarios });
  let unplayed = scenarios.length === 0 ? simulator : undefined;
  // The usual is learnt from ordinary weeks; only rules on a ratio need them.
  const ordinary = (): Simulator => {
    unplayed ??= createSimulator({ catalogue, seed, scenarios: [] });
    return unplayed;
  };
  const counts = new Map<string, CrossingCount>();
  let watched = 0;
  for (const [index, series] of simulator.series.entries()) {
    if (!only(series)) continue;
    const rules = rulesOn(catalogue, series);
    if (rules.length === 0) continue;
    watched++;
    const readings = readingsOf(simulator, index, input);
    for (const rule of rules) {
      const measured = rule.kind === 'ratio' ? ratios(readings, usualOf(ordinary(), index, input), rule.minValue) : measuredBy(rule, readings);
      const isActive = activityOf(catalogue, rule);
      for (const limit of rule.limits) {
        const times = crossed(measured, { rule, limit: limit.value, isActive });
        if (times > 0) note(counts, { rule, level: limit.level, times });
      }
    }
  }
  return summed([...counts.values()], watched);
}

function summed(rules: CrossingCount[], watched: number): Crossings {
  const levels = noLevels();
  for (const rule of rules) for (const [level, times] of Object.entries(rule.levels)) levels[level as Level] += times;
  rules.sort((a, b) => b.total - a.total || (a.rule < b.rule ? -1 : 1));
  return { rules, levels, total: rules.reduce((sum, { total }) => sum + total, 0), watched };
}

function note(counts: Map<string, CrossingCount>, { rule, level, times }: { rule: CountedRule; level: Level; times: number }): void {
  const count = counts.get(rule.id) ?? { rule: rule.id, indicator: rule.scope.indicator, levels: noLevels(), total: 0 };
  count.levels[level] += times;
  count.total += times;
  counts.set(rule.id, count);
}

/** The rules that watch a series, with the limits of its place. */
function rulesOn(catalogue: Catalogue, { indicator, place, facet }: { indicator: string; place: string; facet: string | null }): CountedRule[] {
  const grain = catalogue.definitions.get(indicator)?.grain ?? '';
  return [...catalogue.rules.values()].flatMap((rule): CountedRule[] => {
    if (rule.kind !== 'threshold' && rule.kind !== 'deviation' && rule.kind !== 'ratio') return [];
    if (rule.disabled || rule.scope.indicator !== indicator || !ruleCovers(rule, place, { places: catalogue.places, grain })) return [];
    if (rule.scope.facets !== undefined && (facet === null || !rule.scope.facets.includes(facet))) return [];
    return [{ ...rule, limits: mergeLimits(rule.limits, catalogue.stations.get(place)?.limits?.[rule.id]) }];
  });
}

interface Measured {
  t: readonly number[];
  value: readonly number[];
}

/** What a rule may see: readings outside the possible are kept from it. */
function readingsOf(simulator: Simulator, index: number, { catalogue, from, to }: Pick<CrossingsInput, 'catalogue' | 'from' | 'to'>): Measured {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = catalogue.definitions.get(simulator.series[index]?.indicator ?? '')?.validRange ?? {};
  const { t, value, length } = simulator.readings(index, from, to);
  const seen = { t: [] as number[], value: [] as number[] };
  for (let i = 0; i < length; i++) {
    const read = value[i] as number;
    if (read < min || read > max) continue;
    seen.t.push(t[i] as number);
    seen.value.push(read);
  }
  return seen;
}

function measuredBy(rule: CountedRule, readings: Measured): Measured {
  if (rule.kind !== 'deviation') return readings;
  return { t: readings.t, value: readings.value.map((value) => Math.abs(value - rule.setPoint)) };
}

interface Slots {
  /** The hour of the week, 0…167, whose usual an instant is measured by. */
  slot(instant: number): number;
  isLearnt(instant: number): boolean;
}

/** Holidays are measured by Sundays and worked weekends by Mondays, and neither is learnt from. */
function slotsOf(catalogue: Catalogue, offsetMs: number): Slots {
  const days = daysOf(catalogue);
  const known = new Map<number, { first: number; isLearnt: boolean }>();
  const about = (instant: number): { first: number; isLearnt: boolean } => {
    const day = Math.floor((instant + offsetMs) / DAY_MS);
    let found = known.get(day);
    if (found === undefined) {
      // 1970-01-01 was a Thursday; slots count from Monday.
      const weekday = (((day + 3) % 7) + 7) % 7;
      const isLearnt = !days.isHoliday(day) && days.isWorkday(day) === weekday < 5;
      found = { first: (isLearnt ? weekday : days.isWorkday(day) ? 0 : 6) * 24 - 24 * day, isLearnt };
      known.set(day, found);
    }
    return found;
  };
  return {
    isLearnt: (instant) => about(instant).isLearnt,
    slot: (instant) => about(instant).first + Math.floor((instant + offsetMs) / HOUR),
  };
}

/** The mean of each hour of the week over the four weeks before; anew for each week of the window. */
function usualOf(ordinary: Simulator, index: number, { catalogue, from, to }: CrossingsInput): (instant: number) => number {
  const slots = slotsOf(catalogue, zoneClock(catalogue.city.timeZone).wallOf(from) - from);
  const weeks = new Map<number, Float64Array>();
  const learn = (week: number): Float64Array => {
    const until = from + week * WEEK;
    const { t, value } = readingsOf(ordinary, index, { catalogue, from: until - 4 * WEEK, to: Math.min(until, to) });
    const [sums, counts] = [new Float64Array(168), new Float64Array(168)];
    for (let i = 0; i < t.length; i++) {
      if (!slots.isLearnt(t[i] as number)) continue;
      const slot = slots.slot(t[i] as number);
      (sums[slot] as number) += value[i] as number;
      (counts[slot] as number)++;
    }
    return sums.map((sum, slot) => (counts[slot] === 0 ? Number.NaN : sum / (counts[slot] as number)));
  };
  return (instant) => {
    const week = Math.floor((instant - from) / WEEK);
    const known = weeks.get(week) ?? learn(week);
    weeks.set(week, known);
    return known[slots.slot(instant)] as number;
  };
}

/** Whether a rule counts at an instant, by its active hours in the city's time. */
function activityOf(catalogue: Catalogue, { activeHours }: CountedRule): (instant: number) => boolean {
  if (activeHours === undefined) return () => true;
  const calendar = daysOf(catalogue);
  const { wallOf } = zoneClock(catalogue.city.timeZone);
  const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return (instant) => {
    const wall = wallOf(instant);
    const today = dayOf(wall);
    const minute = (wall - today * DAY_MS) / 60_000;
    return activeHours.some(({ from, to, days }) => {
      const [begins, ends] = [minutes(from), minutes(to)];
      const isOvernight = ends < begins;
      const isAfterMidnight = isOvernight && minute < ends;
      if (!isAfterMidnight && (minute < begins || (!isOvernight && minute >= ends))) return false;
      // What began yesterday evening belongs to yesterday.
      const day = isAfterMidnight ? today - 1 : today;
      return (
        days === undefined || days.some((name) => (name === 'workday' ? calendar.isWorkday(day) : name === 'holiday' ? !calendar.isWorkday(day) : names[(day + 3) % 7] === name))
      );
    });
  };
}

/** Value over the usual; what is too small to tell, or has no usual, is 1. */
function ratios({ t, value }: Measured, usual: (instant: number) => number, minValue: number): Measured {
  return {
    t,
    value: value.map((read, i) => {
      const expected = usual(t[i] as number);
      return read < minValue || !(expected > 0) ? 1 : read / expected;
    }),
  };
}

/** How often a limit is reached and held; it counts again after the value came back by the deadband. */
function crossed({ t, value }: Measured, { rule, limit, isActive }: { rule: CountedRule; limit: number; isActive(instant: number): boolean }): number {
  const sign = rule.kind === 'deviation' || rule.direction === 'above' ? 1 : -1;
  let since: number | null = null;
  let isFiring = false;
  let times = 0;
  for (let i = 0; i < t.length; i++) {
    const over = sign * ((value[i] as number) - limit);
    if (over >= 0 && isActive(t[i] as number)) {
      since ??= t[i] as number;
      if (!isFiring && (t[i] as number) - since >= rule.holdFor) {
        isFiring = true;
        times++;
      }
    } else if (!isFiring || over < -rule.deadband || !isActive(t[i] as number)) {
      since = null;
      isFiring = false;
    }
  }
  return times;
}
