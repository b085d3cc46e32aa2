/**
 * What is remembered about one rule at one scope. The state is plain JSON, stored whole, so that a restart neither resets nor
 * doubles a hold time. Fields exist only where they mean something. Only `step.ts` makes new states; SPEC.md has the words.
 * Every instant is epoch milliseconds, every duration milliseconds.
 */
import { type Actor, type Alert, type Condition, type Level, levels } from '../contract/index.ts';

/** What an alert takes over from its rule (limits: the place's own, where it has them) and its indicator. */
export interface Terms {
  holdFor: number;
  keepFiringFor: number;
  /** Age beyond which the newest reading no longer tells the present; null: never. */
  staleAfter: number | null;
  limits: readonly { level: Level; value: number }[];
}

/**
 * The memory of one limit; a limit that is clear has none. `since`: data time of the first breaching reading. `paused`: how much
 * of the time from there (while clearing: from `clearedAt`) was unknown and does not count.
 */
export type Latch = { phase: 'held'; since: number; paused: number } | { phase: 'on'; since: number } | { phase: 'clearing'; since: number; clearedAt: number; paused: number };
export type Latches = Partial<Record<Level, Latch>>;

/** The newest reading that was evaluated, and which limits had been breached up to it (a correction starts from there). */
export interface Seen {
  observedAt: number;
  value: number;
  before: Partial<Record<Level, { since: number; paused: number }>>;
}

export interface Unknown {
  since: number;
  why: 'stale' | 'bad';
}

/** The part that every condition has. */
export interface Tracked {
  terms: Terms;
  latches: Latches;
  seen: Seen | null;
  unknown: Unknown | null;
}

/** The reading behind the last change, and the limit it was measured against. */
export interface Trigger {
  value: number;
  observedAt: number;
  limit: number;
}

/** What an alert that has fired knows. `since` and `firedAt` are those of the last firing, `worstLevel` is over all of them. */
export interface Activation {
  since: number;
  firedAt: number;
  level: Level;
  worstLevel: Level;
  firings: number;
  trigger: Trigger;
}

export interface Acknowledgement {
  at: number;
  by: Actor;
  comment: string | null;
}

export interface Ended<Reason> {
  at: number;
  reason: Reason;
}

/** Told apart by `condition`, then by `ended`. */
export type AlertState = Tracked &
  (
    | { condition: 'inactive'; ended: null }
    | { condition: 'pending'; ended: null; since: number }
    | { condition: 'firing'; ended: null; activation: Activation; acknowledgement: Acknowledgement | null }
    | { condition: 'resolved'; ended: null; activation: Activation; acknowledgement: null; resolvedAt: number }
    | { condition: 'resolved'; ended: Ended<'acknowledged'>; activation: Activation; acknowledgement: Acknowledgement; resolvedAt: number }
    | { condition: 'inactive'; ended: Ended<'withdrawn'>; since: number | null; activation: Activation | null; acknowledgement: Acknowledgement | null; resolvedAt: number | null }
  );

/** The state before anything is known. */
export function newAlert(terms: Terms): AlertState {
  return { condition: 'inactive', ended: null, terms, latches: {}, seen: null, unknown: null };
}

/** Field by field: the store does not keep the order of keys. */
export function sameTerms(a: Terms, b: Terms): boolean {
  const sameLimits = a.limits.length === b.limits.length && a.limits.every((limit, i) => limit.level === b.limits[i]?.level && limit.value === b.limits[i]?.value);
  return sameLimits && a.holdFor === b.holdFor && a.keepFiringFor === b.keepFiringFor && a.staleAfter === b.staleAfter;
}

/** Only what every condition has, so that a new condition takes nothing over by accident. */
export function tracked({ terms, latches, seen, unknown }: Tracked): Tracked {
  return { terms, latches, seen, unknown };
}

/** Pending, firing, or resolved and not acknowledged: what stays on the list. */
export function isOpen(alert: AlertState): boolean {
  return alert.ended === null && alert.condition !== 'inactive';
}

/** The ISA-18.2 name of an alert that is not suppressed. */
export function isaName(alert: AlertState): 'NORM' | 'UNACK' | 'ACKED' | 'RTNUN' {
  if (alert.condition === 'firing') return alert.acknowledgement === null ? 'UNACK' : 'ACKED';
  return alert.condition === 'resolved' && alert.ended === null ? 'RTNUN' : 'NORM';
}

/** The worse of two levels. */
export function worse(a: Level, b: Level): Level {
  return levels.indexOf(a) >= levels.indexOf(b) ? a : b;
}

/** The worst level whose limit is on or clearing, or null. */
export function worstOn(latches: Latches): Level | null {
  return levels.findLast((level) => latches[level] !== undefined && latches[level].phase !== 'held') ?? null;
}

/** True while the limit counts as breached: its hysteresis is on. */
export function isBreached(latch: Latch | undefined): boolean {
  return latch?.phase === 'held' || latch?.phase === 'on';
}

/**
 * The levels whose limit was breached up to a reading at `observedAt`: what `evaluateThreshold` needs to apply the deadband.
 * For a correction that is the memory from before the reading that it corrects.
 */
export function breachedLevels(alert: AlertState, observedAt: number): ReadonlySet<Level> {
  const { seen, latches } = alert;
  const corrects = seen !== null && seen.observedAt === observedAt;
  return new Set(levels.filter((level) => (corrects ? seen.before[level] !== undefined : isBreached(latches[level]))));
}

/** The fields of the wire's alert that follow from the state; `since` is null for an inactive alert that was never pending. */
export type AlertView = Pick<
  Alert,
  'level' | 'worstLevel' | 'acknowledged' | 'acknowledgedAt' | 'acknowledgedBy' | 'firedAt' | 'resolvedAt' | 'unknownSince' | 'value' | 'observedAt' | 'limit'
> & {
  condition: Condition;
  since: number | null;
};

export function viewOf(alert: AlertState): AlertView {
  const activation = 'activation' in alert ? alert.activation : null;
  const acknowledgement = 'acknowledgement' in alert ? alert.acknowledgement : null;
  const since = 'since' in alert ? alert.since : null;
  return {
    condition: alert.condition,
    level: activation?.level ?? null,
    worstLevel: activation?.worstLevel ?? null,
    acknowledged: acknowledgement !== null,
    acknowledgedAt: acknowledgement?.at ?? null,
    acknowledgedBy: acknowledgement?.by ?? null,
    since: activation?.since ?? since,
    firedAt: activation?.firedAt ?? null,
    resolvedAt: 'resolvedAt' in alert ? alert.resolvedAt : null,
    unknownSince: alert.unknown?.since ?? null,
    value: activation?.trigger.value ?? alert.seen?.value ?? null,
    observedAt: activation?.trigger.observedAt ?? alert.seen?.observedAt ?? null,
    limit: activation?.trigger.limit ?? heldLimit(alert),
  };
}

/** The limit of the worst level that is held: what a pending alert waits for. */
function heldLimit({ latches, terms }: Tracked): number | null {
  return terms.limits.findLast((limit) => latches[limit.level]?.phase === 'held')?.value ?? null;
}
