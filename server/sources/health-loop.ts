/** The work of the follower that judges sources: a change is committed with its journal entry, then shown, then published. */
import type { SourceHealth } from '../contract/index.ts';
import { judgeSource, type Verdict } from './health.ts';
import type { Facts, HealthTracker, Remembered } from './health-tracker.ts';

export interface HealthPorts {
  tracker: HealthTracker;
  now(): number;
  /** Commits changes of state with their journal entries. */
  change(changes: readonly (Remembered & { id: string; reason: string | null })[], now: number): Promise<void>;
  write(rows: readonly (Remembered & { id: string })[]): Promise<void>;
  /** To the live clients: the whole list. */
  publish(sources: readonly SourceHealth[]): void;
}

/** The newest signs of life are written this often: after a kill they are behind by as much, which costs nothing. */
const WRITE_MS = 5000;
/** Counts and ages alone are sent this often; what changes a verdict is sent at once. */
const COUNTS_MS = 10_000;

/** Work for a follower that runs each second. */
export function createHealthWork(ports: HealthPorts): () => Promise<boolean> {
  const { tracker, now } = ports;
  const written = new Map<string, string>();
  let writtenAt = Number.NEGATIVE_INFINITY;
  const publish = createPublisher(ports);

  const decide = async (all: readonly Facts[], at: number): Promise<void> => {
    const changes = all.flatMap((one) => {
      const verdict = judgeSource(one.facts, one.verdict, at);
      return sameVerdict(verdict, one.verdict) ? [] : [{ one, verdict }];
    });
    if (changes.length === 0) return;
    await ports.change(
      changes.map(({ one, verdict }) => ({ ...one.remembered, ...verdict, id: one.id, reason: verdict.state === 'failing' ? one.reason : null })),
      at,
    );
    for (const { one, verdict } of changes) tracker.decided(one.id, verdict);
  };
  const write = async (at: number): Promise<void> => {
    // A clock that was set back must not keep it from writing.
    if (Math.abs(at - writtenAt) < WRITE_MS) return;
    const rows = tracker.facts().map(({ id, remembered }) => ({ id, ...remembered }));
    const moved = rows.filter((row) => written.get(row.id) !== JSON.stringify(row));
    if (moved.length > 0) await ports.write(moved);
    for (const row of moved) written.set(row.id, JSON.stringify(row));
    writtenAt = at;
  };

  return async () => {
    const at = now();
    await decide(tracker.facts(), at);
    await write(at);
    publish(at);
    return false;
  };
}

const sameVerdict = (a: Verdict, b: Verdict | null): boolean => b !== null && a.state === b.state && a.since === b.since;

/** At most once for each run of the work: what changes a verdict at once, ages and counts now and then. */
function createPublisher({ tracker, publish }: HealthPorts): (at: number) => void {
  let told = '';
  let toldAt = 0;
  return (at) => {
    const sources = tracker.list();
    const verdicts = JSON.stringify(
      sources.map(({ id, name, kind, simulated, state, since, lastError, quarantined, expectedEveryMs }) => [
        id,
        name,
        kind,
        simulated,
        state,
        since,
        lastError?.message,
        quarantined,
        expectedEveryMs,
      ]),
    );
    if (verdicts === told && Math.abs(at - toldAt) < COUNTS_MS) return;
    told = verdicts;
    toldAt = at;
    publish(sources);
  };
}
