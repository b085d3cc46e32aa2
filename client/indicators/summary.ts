/**
 * How one indicator stands, over all its series: three counts that add up, the levels that fire, and its worst place. Worked out once
 * for every panel that shows it, and anew only when something about it changed: a reading, an alert, or a series that became stale.
 * What always holds: a summary is the same object for as long as nothing about any of its series has changed.
 */
import type { Alert, Indicator, Latest, Level } from '../../server/contract/index.ts';
import { tellsThePresent } from '../ui/state-of.ts';
import { type Candidate, candidateOf, isWorse } from './tile.ts';
import type { Moment, Standing, Vital } from './vitals.ts';

export interface Aged {
  vital: Vital;
  observedAt: number;
}

export interface Summary {
  indicator: Indicator;
  /** All expected series, in the catalogue's order. */
  vitals: readonly Vital[];
  standing: Standing;
  /** Series that fire, by the worst level of each. */
  levels: Readonly<Record<Level, number>>;
  /** Null when no series is expected. */
  worst: Candidate | null;
  /** When the newest reading was observed; null without any. */
  newest: number | null;
  /** The series whose newest reading is the oldest; null without any. */
  oldest: Aged | null;
  /** Server time after which a series that now tells the present no longer does. */
  staleAfter: number;
}

export function summarize(indicator: Indicator, vitals: readonly Vital[], moment: Moment): Summary {
  const standing: Standing = { normal: 0, alerting: 0, unknown: 0, total: vitals.length };
  const levels = { red: 0, orange: 0, yellow: 0, blue: 0 };
  let worst: Candidate | null = null;
  let newest: number | null = null;
  let oldest: Aged | null = null;
  let staleAfter = Number.POSITIVE_INFINITY;
  for (const vital of vitals) {
    const one = candidateOf(vital, moment);
    const isKnown = tellsThePresent(one.state);
    if (one.alert !== null) {
      standing.alerting += 1;
      if (one.alert.level !== null) levels[one.alert.level] += 1;
    } else if (isKnown) standing.normal += 1;
    else standing.unknown += 1;
    if (worst === null || isWorse(one, worst)) worst = one;
    if (one.latest === undefined) continue;
    const { observedAt } = one.latest;
    if (newest === null || observedAt > newest) newest = observedAt;
    if (oldest === null || observedAt < oldest.observedAt) oldest = { vital, observedAt };
    if (isKnown) staleAfter = Math.min(staleAfter, observedAt + indicator.staleAfterMs);
  }
  return { indicator, vitals, standing, levels, worst, newest, oldest, staleAfter };
}

/** Everything that is expected, at one moment. */
export interface Summaries {
  vitals: readonly Vital[];
  /** By indicator, in the catalogue's order; only indicators in service that have a series. */
  byIndicator: ReadonlyMap<string, Summary>;
  /** The worst firing alert of each series. */
  firing: ReadonlyMap<number, Alert>;
  standing: Standing;
  newest: number | null;
  /** What is overdue the longest by its own measure; while nothing is overdue, the oldest of all. */
  oldest: Aged | null;
}

export const noStanding: Standing = { normal: 0, alerting: 0, unknown: 0, total: 0 };
export const noSummaries: Summaries = { vitals: [], byIndicator: new Map(), firing: new Map(), standing: noStanding, newest: null, oldest: null };

/** How several indicators stand together. */
export function sumStanding(summaries: Iterable<Summary>): Standing {
  const sum = { ...noStanding };
  for (const { standing } of summaries) {
    sum.normal += standing.normal;
    sum.alerting += standing.alerting;
    sum.unknown += standing.unknown;
    sum.total += standing.total;
  }
  return sum;
}

export function sumLevels(summaries: Iterable<Summary>): Record<Level, number> {
  const sum = { red: 0, orange: 0, yellow: 0, blue: 0 };
  for (const { levels } of summaries) for (const level of Object.keys(sum) as Level[]) sum[level] += levels[level];
  return sum;
}

/** How often its stale time has passed since the series was observed last: over 1 it is overdue. */
const overdue = ({ vital, observedAt }: Aged, now: number): number => (now - observedAt) / vital.indicator.staleAfterMs;

/** The one that a person should hear of first: an hour without a minute's reading is worse than a day-old daily one. */
function olderOf(a: Aged | null, b: Aged | null, now: number): Aged | null {
  if (a === null || b === null) return a ?? b;
  const [lateA, lateB] = [overdue(a, now), overdue(b, now)];
  if (lateA > 1 || lateB > 1) return lateA >= lateB ? a : b;
  return a.observedAt <= b.observedAt ? a : b;
}

function together(vitals: readonly Vital[], byIndicator: ReadonlyMap<string, Summary>, { firing, now }: Moment): Summaries {
  let newest: number | null = null;
  let oldest: Aged | null = null;
  for (const summary of byIndicator.values()) {
    if (summary.newest !== null) newest = Math.max(newest ?? summary.newest, summary.newest);
    oldest = olderOf(oldest, summary.oldest, now);
  }
  return { vitals, byIndicator, firing, standing: sumStanding(byIndicator.values()), newest, oldest };
}

/** All of it from nothing: at the start, after a snapshot, and when the catalogue changed. */
export function summarizeAll(vitals: readonly Vital[], moment: Moment): Summaries {
  const groups = new Map<string, Vital[]>();
  for (const vital of vitals) {
    const group = groups.get(vital.indicator.id);
    if (group === undefined) groups.set(vital.indicator.id, [vital]);
    else group.push(vital);
  }
  const byIndicator = new Map<string, Summary>();
  for (const [id, group] of groups) if (group[0] !== undefined) byIndicator.set(id, summarize(group[0].indicator, group, moment));
  return together(vitals, byIndicator, moment);
}

export interface Change {
  /** What has landed since. */
  landed: readonly Pick<Latest, 'indicator'>[];
  /** The time before; when the clock was set back everything is judged anew. */
  before: number;
}

/** Indicators of series whose alert is another one than before. */
function alertsMoved(before: ReadonlyMap<number, Alert>, after: ReadonlyMap<number, Alert>): string[] {
  const moved: string[] = [];
  if (before === after) return moved;
  for (const [series, alert] of after) if (before.get(series) !== alert) moved.push(alert.indicator);
  for (const [series, alert] of before) if (!after.has(series)) moved.push(alert.indicator);
  return moved;
}

/** `known` brought up to `moment`: only what changed is worked out anew. */
export function summarizeChanged(known: Summaries, moment: Moment, { landed, before }: Change): Summaries {
  if (moment.now < before) return summarizeAll(known.vitals, moment);
  const changed = new Set(alertsMoved(known.firing, moment.firing));
  for (const { indicator } of landed) changed.add(indicator);
  for (const [id, { staleAfter }] of known.byIndicator) if (moment.now > staleAfter) changed.add(id);
  const byIndicator = new Map(known.byIndicator);
  for (const id of changed) {
    const summary = known.byIndicator.get(id);
    if (summary !== undefined) byIndicator.set(id, summarize(summary.indicator, summary.vitals, moment));
  }
  return together(known.vitals, changed.size === 0 ? known.byIndicator : byIndicator, moment);
}
