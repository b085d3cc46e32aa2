/**
 * What is known of each source, gathered from the doors and the connectors, in memory; the verdict on it is moved by `health-loop.ts`,
 * which commits a change before it is shown here. Only sources of the catalogue and the pseudo-source `http` are
 * followed, so nothing a sender says can make this grow.
 */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source } from '../catalogue/source-schema.ts';
import { HTTP_SOURCE_ID, type SourceHealth } from '../contract/index.ts';
import { expectedEveryOf, type SourceFacts, type TransportState, type Verdict } from './health.ts';

/** What survives a restart. */
export interface Remembered extends Verdict {
  lastSuccessAt: number | null;
  lastObservedAt: number | null;
}

export interface StoredCounts {
  accepted: number;
  duplicates: number;
  revised: number;
}

export interface Facts {
  id: string;
  facts: SourceFacts;
  verdict: Verdict | null;
  remembered: Remembered;
  /** The newest failure's words. */
  reason: string | null;
}

export interface HealthTracker {
  /** A batch of the source was committed; `newestObservedAt`: its newest observation time. `sourceId` null: it came without a source. */
  stored(sourceId: string | null, counts: StoredCounts, newestObservedAt: number): void;
  /** Readings or originals of it were refused. */
  refused(sourceId: string, count: number, message: string): void;
  /** The store failed while the source sent (or while a verdict was written): what is silent since then is not its fault. */
  storeFailed(sourceId: string | null, message: string): void;
  transport(sourceId: string, state: { kind: 'connected' } | { kind: 'failed'; message: string }): void;
  quarantined(sourceId: string, entries: number): void;
  /** Follows the catalogue: new sources begin, those that left are no longer judged or listed. */
  apply(catalogue: Catalogue): void;
  /** What the verdicts need, of every source of the catalogue. */
  facts(): Facts[];
  /** A verdict that is committed. */
  decided(sourceId: string, verdict: Verdict): void;
  list(): SourceHealth[];
}

/** The rate is that of the last minute, in seconds. */
const RATE_SECONDS = 60;

interface Followed {
  source: Pick<Source, 'id' | 'name' | 'simulated'> & { kind: string };
  expectedEveryMs: number | null;
  verdict: Verdict | null;
  lastSuccessAt: number | null;
  lastObservedAt: number | null;
  lastRefusedAt: number | null;
  transport: TransportState | null;
  counts: StoredCounts & { rejected: number; errors: number };
  lastError: { at: number; message: string } | null;
  quarantined: number;
  /** Readings stored in each second; entry `second % RATE_SECONDS`, valid while `seconds` there says the same second. */
  rate: { seconds: Float64Array; counts: Float64Array };
}

const httpSource: Followed['source'] = { id: HTTP_SOURCE_ID, name: { zh: '未指明来源的发送', en: 'Sent without a source' }, kind: 'http', simulated: false };

export function createHealthTracker(deps: { now(): number; remembered: ReadonlyMap<string, Remembered>; quarantined: ReadonlyMap<string, number> }): HealthTracker {
  /** All that was ever followed: a source that comes back to the catalogue goes on where it was. */
  const known = new Map<string, Followed>();
  let sources = new Map<string, Followed>();
  let listeningSince = deps.now();

  const begin = (source: Followed['source']): Followed => {
    const remembered = deps.remembered.get(source.id);
    return {
      source,
      expectedEveryMs: null,
      verdict: remembered === undefined ? null : { state: remembered.state, since: remembered.since },
      lastSuccessAt: remembered?.lastSuccessAt ?? null,
      lastObservedAt: remembered?.lastObservedAt ?? null,
      lastRefusedAt: null,
      transport: null,
      counts: { accepted: 0, duplicates: 0, revised: 0, rejected: 0, errors: 0 },
      lastError: null,
      quarantined: deps.quarantined.get(source.id) ?? 0,
      rate: { seconds: new Float64Array(RATE_SECONDS), counts: new Float64Array(RATE_SECONDS) },
    };
  };
  const follow = (source: Followed['source'], expectedEveryMs: number | null): Followed => {
    const followed = { ...(known.get(source.id) ?? begin(source)), source, expectedEveryMs };
    known.set(source.id, followed);
    return followed;
  };

  return {
    stored(sourceId, counts, newestObservedAt) {
      const followed = sources.get(sourceId ?? HTTP_SOURCE_ID);
      if (followed !== undefined) noteStored(followed, { counts, newestObservedAt, now: deps.now() });
    },
    refused(sourceId, count, message) {
      const followed = sources.get(sourceId);
      if (followed === undefined) return;
      followed.counts.rejected += count;
      followed.lastRefusedAt = deps.now();
      followed.lastError = { at: deps.now(), message };
    },
    storeFailed(sourceId, message) {
      listeningSince = deps.now();
      const followed = sourceId === null ? undefined : sources.get(sourceId);
      if (followed !== undefined) noteError(followed, deps.now(), message);
    },
    transport(sourceId, state) {
      const followed = sources.get(sourceId);
      if (followed !== undefined) noteTransport(followed, deps.now(), state);
    },
    quarantined(sourceId, entries) {
      const followed = known.get(sourceId);
      if (followed !== undefined) followed.quarantined = entries;
    },
    apply(catalogue) {
      const next = new Map<string, Followed>();
      for (const source of catalogue.sources.values()) {
        const { id, name, kind, simulated } = source;
        next.set(id, follow({ id, name, kind, simulated }, expectedEveryOf(source, catalogue.definitions)));
      }
      next.set(HTTP_SOURCE_ID, follow(httpSource, null));
      sources = next;
    },
    facts: () => [...sources.values()].map((followed) => toFacts(followed, listeningSince)),
    decided(sourceId, verdict) {
      const followed = sources.get(sourceId);
      if (followed !== undefined) followed.verdict = verdict;
    },
    list() {
      const now = deps.now();
      const isUsed = ({ source, lastSuccessAt, counts, quarantined }: Followed): boolean =>
        source.id !== HTTP_SOURCE_ID || lastSuccessAt !== null || counts.rejected + counts.errors + quarantined > 0;
      return [...sources.values()].filter(isUsed).map((followed) => toHealth(followed, { now, listeningSince }));
    },
  };
}

function noteStored(followed: Followed, batch: { counts: StoredCounts; newestObservedAt: number; now: number }): void {
  const { counts, newestObservedAt, now } = batch;
  followed.counts.accepted += counts.accepted;
  followed.counts.duplicates += counts.duplicates;
  followed.counts.revised += counts.revised;
  followed.lastSuccessAt = now;
  followed.lastObservedAt = Math.max(followed.lastObservedAt ?? newestObservedAt, newestObservedAt);
  const second = Math.floor(now / 1000);
  const slot = second % RATE_SECONDS;
  if (followed.rate.seconds[slot] !== second) {
    followed.rate.seconds[slot] = second;
    followed.rate.counts[slot] = 0;
  }
  followed.rate.counts[slot] = (followed.rate.counts[slot] ?? 0) + counts.accepted + counts.duplicates + counts.revised;
}

function noteError(followed: Followed, now: number, message: string): void {
  followed.counts.errors++;
  followed.lastError = { at: now, message };
}

function noteTransport(followed: Followed, now: number, state: { kind: 'connected' } | { kind: 'failed'; message: string }): void {
  if (state.kind === 'connected') {
    followed.transport = state;
    return;
  }
  const since = followed.transport?.kind === 'failed' ? followed.transport.since : now;
  followed.transport = { kind: 'failed', since, message: state.message };
  noteError(followed, now, state.message);
}

function toFacts(followed: Followed, listeningSince: number): Facts {
  const { expectedEveryMs, lastSuccessAt, lastObservedAt, lastRefusedAt, transport, verdict } = followed;
  const { state, since } = verdict ?? { state: 'never', since: listeningSince };
  return {
    id: followed.source.id,
    facts: { expectedEveryMs, lastSuccessAt, lastRefusedAt, transport, listeningSince },
    verdict,
    remembered: { state, since, lastSuccessAt, lastObservedAt },
    reason: followed.lastError?.message ?? null,
  };
}

function toHealth(followed: Followed, at: { now: number; listeningSince: number }): SourceHealth {
  const { source, verdict, lastSuccessAt, lastObservedAt, counts, lastError, quarantined, expectedEveryMs, rate } = followed;
  const oldest = Math.floor(at.now / 1000) - RATE_SECONDS;
  const ratePerMinute = rate.counts.reduce((sum, count, slot) => ((rate.seconds[slot] ?? 0) > oldest ? sum + count : sum), 0);
  return {
    id: source.id,
    name: source.name,
    kind: source.kind,
    simulated: source.simulated,
    state: verdict?.state ?? 'never',
    since: verdict?.since ?? at.listeningSince,
    lastSuccessAt,
    lastObservedAt,
    lagMs: lastObservedAt === null ? null : Math.max(0, at.now - lastObservedAt),
    ratePerMinute,
    ...counts,
    lastError,
    quarantined,
    expectedEveryMs,
  };
}
