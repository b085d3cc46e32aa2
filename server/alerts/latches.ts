/**
 * Limits and time: what a reading, the passing of known time, and a gap of unknown time do to the latches of one alert.
 * Pure, and silent about conditions and people: `step.ts` reads from the latches what the alert has become.
 */
import { levels } from '../contract/index.ts';
import type { Verdicts } from '../rules/evaluate.ts';
import { isBreached, type Latch, type Latches, type Seen, type Terms, type Tracked } from './state.ts';

/** When the newest reading stops telling the present, or null when it never does or there is none. */
export function staleAt({ seen, terms }: Tracked): number | null {
  return seen === null || terms.staleAfter === null ? null : seen.observedAt + terms.staleAfter;
}

/** When the first of the running hold and keep-firing times is over, or null when none runs. */
export function dueAt({ latches, terms }: Tracked): number | null {
  let earliest: number | null = null;
  for (const level of levels) {
    const due = latchDueAt(latches[level], terms);
    if (due !== null && (earliest === null || due < earliest)) earliest = due;
  }
  return earliest;
}

/** Turns on, or off, every limit whose time is over at `at`. */
export function settle(state: Tracked, at: number): Tracked {
  return changeLatches(state, (latch) => {
    const due = latchDueAt(latch, state.terms);
    if (due === null || due > at) return latch;
    return latch.phase === 'held' ? { phase: 'on', since: latch.since } : undefined;
  });
}

/** The data are known again after `gap` unknown milliseconds, which count for nothing. */
export function resume(state: Tracked, gap: number): Tracked {
  const resumed = changeLatches(state, (latch) => (latch.phase === 'on' ? latch : { ...latch, paused: latch.paused + gap }));
  return { ...resumed, unknown: null };
}

/** A reading's verdicts. Of the newest reading's own time: a correction, judged from the memory before that reading. */
export function judge(state: Tracked, reading: { observedAt: number; value: number; verdicts: Verdicts }): Tracked {
  const { observedAt, value, verdicts } = reading;
  const before = state.seen !== null && state.seen.observedAt === observedAt ? state.seen.before : breaches(state.latches);
  const latches: Latches = {};
  for (const { level } of state.terms.limits) {
    const verdict = verdicts[level] ?? 'unknown';
    const latch = state.latches[level];
    const next = verdict === 'unknown' ? latch : verdict === 'breached' ? breach(latch, before[level] ?? { since: observedAt, paused: 0 }) : clear(latch, observedAt);
    if (next !== undefined) latches[level] = next;
  }
  return { ...state, latches, seen: { observedAt, value, before } };
}

/** The newest reading turned out to say nothing: a breach that it began or interrupted is as it was before; what is on stays on. */
export function forget(state: Tracked): Tracked {
  const { seen } = state;
  if (seen === null) return state;
  const latches: Latches = {};
  for (const level of levels) {
    const latch = state.latches[level];
    const earlier = seen.before[level];
    if (latch?.phase === 'on') latches[level] = latch;
    else if (latch?.phase === 'clearing') latches[level] = latch.clearedAt === seen.observedAt ? { phase: 'on', since: latch.since } : latch;
    else if (earlier !== undefined) latches[level] = { phase: 'held', ...earlier };
  }
  return { ...state, latches };
}

/** The rule's new terms: what is remembered of limits that are gone goes with them. */
export function adopt(state: Tracked, terms: Terms): Tracked {
  const kept = new Set(terms.limits.map((limit) => limit.level));
  const latches: Latches = {};
  const before: Seen['before'] = {};
  for (const level of kept) {
    const latch = state.latches[level];
    const earlier = state.seen?.before[level];
    if (latch !== undefined) latches[level] = latch;
    if (earlier !== undefined) before[level] = earlier;
  }
  return { ...state, terms, latches, seen: state.seen === null ? null : { ...state.seen, before } };
}

/** True start of the oldest breach that still lasts, or null when none does. */
export function breachSince(latches: Latches): number | null {
  const starts = levels.map((level) => latches[level]).filter((latch) => latch !== undefined && isBreached(latch));
  return starts.length === 0 ? null : Math.min(...starts.map((latch) => latch?.since ?? Number.POSITIVE_INFINITY));
}

function latchDueAt(latch: Latch | undefined, terms: Terms): number | null {
  if (latch?.phase === 'held') return latch.since + latch.paused + terms.holdFor;
  if (latch?.phase === 'clearing') return latch.clearedAt + latch.paused + terms.keepFiringFor;
  return null;
}

function breach(latch: Latch | undefined, start: { since: number; paused: number }): Latch {
  if (latch === undefined || latch.phase === 'held') return { phase: 'held', ...start };
  return { phase: 'on', since: latch.since };
}

function clear(latch: Latch | undefined, observedAt: number): Latch | undefined {
  if (latch?.phase === 'on') return { phase: 'clearing', since: latch.since, clearedAt: observedAt, paused: 0 };
  return latch?.phase === 'clearing' ? latch : undefined;
}

function breaches(latches: Latches): Seen['before'] {
  const before: Seen['before'] = {};
  for (const level of levels) {
    const latch = latches[level];
    if (latch?.phase === 'held') before[level] = { since: latch.since, paused: latch.paused };
    if (latch?.phase === 'on') before[level] = { since: latch.since, paused: 0 };
  }
  return before;
}

function changeLatches(state: Tracked, change: (latch: Latch) => Latch | undefined): Tracked {
  const latches: Latches = {};
  for (const level of levels) {
    const latch = state.latches[level];
    const next = latch === undefined ? undefined : change(latch);
    if (next !== undefined) latches[level] = next;
  }
  return { ...state, latches };
}
