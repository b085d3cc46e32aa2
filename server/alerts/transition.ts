/**
 * From latches to conditions: when the limits of an alert have moved, what it has become and what the journal is told. The numbers
 * (A4 to A14, A17 to A19) are those of SPEC.md. Only `step.ts` calls this.
 */
import type { Actor, Condition, Level } from '../contract/index.ts';
import { breachSince } from './latches.ts';
import { type Activation, type AlertState, type Tracked, type Trigger, worse, worstOn } from './state.ts';

export type ChangeKind =
  | 'pending'
  | 'inactive'
  | 'fired'
  | 'refired'
  | 'level_rose'
  | 'level_fell'
  | 'resolved'
  | 'unknown'
  | 'known'
  | 'acknowledged'
  | 'rule_changed'
  | 'withdrawn'
  | 'ended';

/** One line for the journal. The actor is the rule, unless a person is named. */
export interface Change {
  kind: ChangeKind;
  from: Condition;
  to: Condition;
  level?: Level;
  value?: number;
  observedAt?: number;
  limit?: number;
  actor?: Actor;
  detail: Record<string, unknown>;
}

/** The work in hand of one step. */
export interface Work {
  alert: AlertState;
  readonly changes: Change[];
  readonly now: number;
}

/** What the alert is now that its latches are `state`'s: the conditions of SPEC.md, read off the latches. */
export function become(work: Work, state: Tracked): void {
  const { alert } = work;
  if (alert.ended !== null) return;
  const level = worstOn(state.latches);
  const breached = breachSince(state.latches);
  if (alert.condition === 'firing') {
    if (level === null) resolve(work, state, alert);
    else if (level === alert.activation.level) work.alert = { ...alert, ...state };
    else moveLevel(work, state, { alert, level });
  } else if (level !== null) fire(work, state, level);
  else if (alert.condition === 'resolved') work.alert = { ...alert, ...state };
  else if (breached === null) {
    work.alert = { ...state, condition: 'inactive', ended: null };
    if (alert.condition === 'pending') note(work, 'inactive', { from: 'pending', ...seenIn(state) });
  } else {
    work.alert = { ...state, condition: 'pending', ended: null, since: breached };
    if (alert.condition === 'inactive') note(work, 'pending', { from: 'inactive', ...seenIn(state), detail: { since: breached } });
  }
}

function fire(work: Work, state: Tracked, level: Level): void {
  const { alert } = work;
  const earlier = alert.condition === 'resolved' ? alert.activation : null;
  const since = breachSince(state.latches) ?? work.now;
  const activation: Activation = {
    since,
    firedAt: work.now,
    level,
    worstLevel: earlier === null ? level : worse(earlier.worstLevel, level),
    firings: (earlier?.firings ?? 0) + 1,
    trigger: triggerOf(state, level),
  };
  work.alert = { ...state, condition: 'firing', ended: null, activation, acknowledgement: null };
  note(work, earlier === null ? 'fired' : 'refired', { from: alert.condition, level, ...activation.trigger, detail: { since, firings: activation.firings } });
}

function moveLevel(work: Work, state: Tracked, { alert, level }: { alert: Firing; level: Level }): void {
  const { activation } = alert;
  const rose = worse(activation.level, level) === level;
  const trigger = triggerOf(state, level);
  const asksAnew = rose && alert.acknowledgement !== null;
  work.alert = {
    ...alert,
    ...state,
    activation: { ...activation, level, worstLevel: worse(activation.worstLevel, level), trigger },
    acknowledgement: rose ? null : alert.acknowledgement,
  };
  note(work, rose ? 'level_rose' : 'level_fell', { level, ...trigger, detail: asksAnew ? { was: activation.level, acknowledgementReset: true } : { was: activation.level } });
}

function resolve(work: Work, state: Tracked, alert: Firing): void {
  const { acknowledgement } = alert;
  const { level } = alert.activation;
  const trigger = { ...alert.activation.trigger, ...seenIn(state) };
  const activation = { ...alert.activation, trigger };
  const resolved = { ...state, condition: 'resolved' as const, activation, resolvedAt: work.now };
  work.alert = { ...resolved, ended: null, acknowledgement: null };
  note(work, 'resolved', { from: 'firing', level, ...trigger });
  if (acknowledgement === null) return;
  work.alert = { ...resolved, acknowledgement, ended: { at: work.now, reason: 'acknowledged' } };
  note(work, 'ended', { level, detail: { reason: 'acknowledged' } });
}

type Firing = Extract<AlertState, { condition: 'firing' }>;

/** Limits that fire are the terms', and only a reading makes a latch, so both are there; the fallbacks never show. */
function triggerOf(state: Tracked, level: Level): Trigger {
  const { value = 0, observedAt = 0 } = seenIn(state);
  return { value, observedAt, limit: state.terms.limits.find((limit) => limit.level === level)?.value ?? value };
}

function seenIn({ seen }: Tracked): { value?: number; observedAt?: number } {
  return seen === null ? {} : { value: seen.value, observedAt: seen.observedAt };
}

/** Writes down a change that has just been made to `work.alert`; `from` is named where the condition changed. */
export function note(work: Work, kind: ChangeKind, what: Partial<Omit<Change, 'kind' | 'to'>>): void {
  const to = work.alert.condition;
  work.changes.push({ kind, from: to, to, detail: {}, ...what });
}
