/**
 * The one function that changes an alert: `step(alert, event, now)`. Pure and total: it never throws, never looks at a clock, and
 * gives back what was changed as lines for the journal. The numbers (A1 …) are those of SPEC.md.
 */
import type { Actor } from '../contract/index.ts';
import type { Verdicts } from '../rules/evaluate.ts';
import { adopt, dueAt, forget, judge, resume, settle, staleAt } from './latches.ts';
import { type Acknowledgement, type AlertState, isOpen, newAlert, sameTerms, type Terms, tracked, type Unknown } from './state.ts';
import { become, type Change, note, type Work } from './transition.ts';

export type AlertEvent =
  | { kind: 'reading'; observedAt: number; value: number; verdicts: Verdicts }
  | { kind: 'tick' }
  | { kind: 'unknown'; since: number; why: Unknown['why'] }
  | { kind: 'acknowledge'; actor: Actor; comment?: string | null }
  | { kind: 'rule_changed'; terms: Terms }
  | { kind: 'rule_withdrawn' };

/** Why an acknowledgement was not taken; expected, so it is returned and not thrown. */
export type Refusal = 'already_acknowledged' | 'not_fired' | 'ended';

export interface StepResult {
  alert: AlertState;
  changes: Change[];
  refused: Refusal | null;
}

/** Applies `event` at `now` (epoch ms). Refuses only acknowledgements; everything else that does not fit changes nothing. */
export function step(alert: AlertState, event: AlertEvent, now: number): StepResult {
  if (alert.ended !== null) return { alert, changes: [], refused: event.kind === 'acknowledge' ? 'ended' : null };
  const work: Work = { alert, changes: [], now };
  let refused: Refusal | null = null;
  switch (event.kind) {
    case 'reading':
      takeReading(work, event);
      break;
    case 'tick':
      advance(work, now);
      break;
    case 'unknown':
      becomeUnknown(work, event);
      break;
    case 'acknowledge':
      refused = acknowledge(work, { at: now, by: event.actor, comment: event.comment ?? null });
      break;
    case 'rule_changed':
      changeTerms(work, event.terms);
      break;
    case 'rule_withdrawn':
      withdraw(work);
      break;
  }
  return { alert: work.alert, changes: work.changes, refused };
}

/**
 * As `step`, and when the event ends the alert, also what it means for the next alert of the same rule and scope (A21). The last
 * result is the alert that lives on; one before it has ended. After a withdrawn rule there is no next.
 */
export function stepAll(alert: AlertState, event: AlertEvent, now: number): StepResult[] {
  const first = step(alert, event, now);
  if (alert.ended !== null || first.alert.ended?.reason !== 'acknowledged') return [first];
  const next: AlertEvent = event.kind === 'acknowledge' ? { kind: 'tick' } : event;
  const begun: Work = { alert: newAlert(first.alert.terms), changes: [], now };
  become(begun, tracked(first.alert));
  const second = step(begun.alert, next, now);
  return [first, { ...second, changes: [...begun.changes, ...second.changes] }];
}

/**
 * The earliest moment (epoch ms) at which a tick could change something, or null: for a timer. It may lie in the past, when a
 * reading was late; then the tick is due now.
 */
export function nextDueAt(alert: AlertState): number | null {
  if (alert.ended !== null || alert.unknown !== null) return null;
  const due = dueAt(alert);
  const stale = staleAt(alert);
  if (stale === null) return due;
  return due === null || due > stale ? stale + 1 : due;
}

function takeReading(work: Work, reading: { observedAt: number; value: number; verdicts: Verdicts }): void {
  const { observedAt, verdicts } = reading;
  const { seen, terms } = work.alert;
  if (seen !== null && observedAt < seen.observedAt) return;
  const says = terms.limits.some(({ level }) => (verdicts[level] ?? 'unknown') !== 'unknown');
  if (!says) {
    becomeUnknown(work, { since: observedAt, why: 'bad' });
    return;
  }
  const corrects = seen !== null && observedAt === seen.observedAt;
  if (!corrects) advance(work, observedAt);
  const { unknown } = work.alert;
  if (unknown !== null && observedAt < unknown.since) {
    if (!corrects && unknown.why === 'bad') return;
    if (!corrects) becomeKnown(work, observedAt);
  } else if (unknown !== null) becomeKnown(work, observedAt);
  // Time stands at this reading, so whatever is due now is due because of it: one change, not two.
  become(work, settle(judge(tracked(work.alert), reading), work.alert.unknown?.since ?? observedAt));
}

/** Moves time to `until`, but never past the moment at which the newest reading becomes stale. */
function advance(work: Work, until: number): void {
  if (work.alert.unknown !== null) return;
  const stale = staleAt(work.alert);
  settleUntil(work, stale === null ? until : Math.min(until, stale));
  if (stale !== null && until > stale) enterUnknown(work, { since: stale, why: 'stale' });
}

/** Lets everything that is due until then happen, one moment after the other. Each turn ends one running time, so it ends. */
function settleUntil(work: Work, until: number): void {
  for (let due = dueAt(work.alert); work.alert.ended === null && due !== null && due <= until; due = dueAt(work.alert)) {
    become(work, settle(tracked(work.alert), due));
  }
}

function becomeUnknown(work: Work, { since, why }: Unknown): void {
  const { seen, unknown } = work.alert;
  if (unknown !== null || (seen !== null && since < seen.observedAt)) return;
  if (seen !== null && since === seen.observedAt && why === 'bad') become(work, settle(forget(tracked(work.alert)), since));
  advance(work, since);
  enterUnknown(work, { since, why });
}

function enterUnknown(work: Work, unknown: Unknown): void {
  if (work.alert.ended !== null || work.alert.unknown !== null) return;
  work.alert = { ...work.alert, unknown };
  if (isOpen(work.alert)) note(work, 'unknown', { detail: { ...unknown } });
}

function becomeKnown(work: Work, at: number): void {
  const { unknown } = work.alert;
  if (unknown === null || work.alert.ended !== null) return;
  const unknownMs = Math.max(0, at - unknown.since);
  work.alert = { ...work.alert, ...resume(tracked(work.alert), unknownMs) };
  if (isOpen(work.alert)) note(work, 'known', { detail: { since: unknown.since, unknownMs } });
}

function acknowledge(work: Work, acknowledgement: Acknowledgement): Refusal | null {
  const { alert } = work;
  const by = { actor: acknowledgement.by, detail: acknowledgement.comment === null ? {} : { comment: acknowledgement.comment } };
  if (alert.condition === 'firing') {
    if (alert.acknowledgement !== null) return 'already_acknowledged';
    work.alert = { ...alert, acknowledgement };
    note(work, 'acknowledged', { level: alert.activation.level, ...by });
    return null;
  }
  if (alert.condition !== 'resolved' || alert.ended !== null) return 'not_fired';
  note(work, 'acknowledged', { level: alert.activation.level, ...by });
  work.alert = { ...alert, acknowledgement, ended: { at: work.now, reason: 'acknowledged' } };
  note(work, 'ended', { level: alert.activation.level, actor: acknowledgement.by, detail: { reason: 'acknowledged' } });
  return null;
}

function changeTerms(work: Work, terms: Terms): void {
  const before = work.alert.terms;
  work.alert = { ...work.alert, terms };
  if (isOpen(work.alert) && !sameTerms(before, terms)) note(work, 'rule_changed', { detail: { before, after: terms } });
  become(work, adopt(tracked(work.alert), terms));
}

function withdraw(work: Work): void {
  const { alert } = work;
  if (alert.ended !== null) return;
  const fired = alert.condition === 'firing' || alert.condition === 'resolved' ? alert : null;
  work.alert = {
    ...tracked(alert),
    condition: 'inactive',
    ended: { at: work.now, reason: 'withdrawn' },
    since: alert.condition === 'pending' ? alert.since : (fired?.activation.since ?? null),
    activation: fired?.activation ?? null,
    acknowledgement: fired?.acknowledgement ?? null,
    resolvedAt: fired?.condition === 'resolved' ? fired.resolvedAt : null,
  };
  if (isOpen(alert)) note(work, 'withdrawn', { from: alert.condition, detail: { reason: 'withdrawn' } });
}
