/**
 * Pure: how a source fares, from what is known of it. A source that stops is a fact with a time: `silent` begins when its next reading is
 * overdue, and the moment is the same whoever looks and whenever. What only we missed (the server was down, the store was away) is no
 * silence of the source.
 */
import type { Source } from '../catalogue/source-schema.ts';
import type { SourceState } from '../contract/index.ts';

/** A transport as its connector reports it; `since`: when the present failure began, epoch ms. */
export type TransportState = { kind: 'connected' } | { kind: 'failed'; since: number; message: string };

export interface SourceFacts {
  /** Longest usual pause, ms; null: it may pause for ever. */
  expectedEveryMs: number | null;
  /** When something of it was last stored. */
  lastSuccessAt: number | null;
  /** When something of it was last refused. */
  lastRefusedAt: number | null;
  /** Since when it could have been heard without a break: the server's start, or the end of the store's last absence. */
  listeningSince: number;
  /** Null for a source without a transport of its own. */
  transport: TransportState | null;
}

export interface Verdict {
  state: SourceState;
  /** When it came into this state, epoch ms. */
  since: number;
}

/** A broken connection is told once it has lasted: brokers and networks hiccup, and each transition is journaled. */
export const FAILING_AFTER_MS = 2000;

/** A sender with a steady beat is late by a little every other time; a tenth of the beat (at most a minute) keeps that from being news. */
const graceOf = (expectedEveryMs: number): number => Math.min(expectedEveryMs / 10, 60_000);

/** `before`: the verdict that stands; null: none yet. */
export function judgeSource(facts: SourceFacts, before: Verdict | null, now: number): Verdict {
  const { transport, lastSuccessAt } = facts;
  const enter = (state: SourceState, since: number): Verdict => (before?.state === state ? before : { state, since });
  if (transport?.kind === 'failed' && now - transport.since >= FAILING_AFTER_MS) return enter('failing', transport.since);
  if (lastSuccessAt === null) return facts.lastRefusedAt === null ? enter('never', facts.listeningSince) : enter('failing', facts.lastRefusedAt);
  const overdueAt = overdue(facts, lastSuccessAt, before);
  if (overdueAt === null || now < overdueAt) return enter('ok', before === null || lastSuccessAt > before.since ? lastSuccessAt : now);
  return enter(isRefused(facts, lastSuccessAt, now) ? 'failing' : 'silent', overdueAt);
}

function overdue({ expectedEveryMs, listeningSince }: SourceFacts, lastSuccessAt: number, before: Verdict | null): number | null {
  if (expectedEveryMs === null) return null;
  // A silence that was told before a restart goes on; any other begins to count when we listen.
  const from = before?.state === 'silent' ? lastSuccessAt : Math.max(lastSuccessAt, listeningSince);
  return from + expectedEveryMs + graceOf(expectedEveryMs);
}

/** It does send, and all of it is refused: that is a broken mapping, not a silence. */
function isRefused({ expectedEveryMs, lastRefusedAt }: SourceFacts, lastSuccessAt: number, now: number): boolean {
  if (expectedEveryMs === null || lastRefusedAt === null || lastRefusedAt <= lastSuccessAt) return false;
  return now < lastRefusedAt + expectedEveryMs + graceOf(expectedEveryMs);
}

/** What the journal is told of a change; null: nothing. The first sign of life of a new source is no news. */
export function journalKindOf(before: SourceState | null, after: SourceState): 'source_silent' | 'source_resumed' | 'source_failing' | null {
  if (before === after) return null;
  switch (after) {
    case 'silent':
      return 'source_silent';
    case 'failing':
      return 'source_failing';
    case 'ok':
      return before === 'silent' || before === 'failing' ? 'source_resumed' : null;
    case 'never':
      return null;
  }
}

/**
 * The longest usual pause of a source, ms: as declared; else, for a replay of events, its heartbeat; else the smallest interval among the
 * indicators that it declares; null when it declares none.
 */
export function expectedEveryOf(source: Source, definitions: ReadonlyMap<string, { interval: number }>): number | null {
  if (source.expectedEvery !== undefined) return source.expectedEvery;
  if (source.kind === 'replay' && source.heartbeat !== undefined) return source.heartbeat;
  const intervals = Object.keys(source.indicators).flatMap((id) => definitions.get(id)?.interval ?? []);
  return intervals.length === 0 ? null : Math.min(...intervals);
}
