/**
 * How the sources stand together, and in what order they are read: what is broken first, and of that what has been broken longest. A source
 * of which nothing was ever received is neither well nor broken: it is counted by itself.
 */
import type { SourceHealth, SourceState } from '../../server/contract/index.ts';

const RANK: Record<SourceState, number> = { failing: 0, silent: 1, never: 2, ok: 3 };

/** Worst first; within a state what waits in quarantine, then (of the broken) the oldest, then by id, so that equals keep their places. */
export function orderSources(sources: readonly SourceHealth[]): SourceHealth[] {
  return [...sources].sort((a, b) => RANK[a.state] - RANK[b.state] || within(a, b) || (a.id < b.id ? -1 : 1));
}

function within(a: SourceHealth, b: SourceHealth): number {
  if (isBroken(a)) return a.since - b.since;
  return Number(b.quarantined > 0) - Number(a.quarantined > 0);
}

function isBroken({ state }: SourceHealth): boolean {
  return state === 'failing' || state === 'silent';
}

export interface Tally {
  total: number;
  counts: Readonly<Record<SourceState, number>>;
  /** Since when the longest broken one is, epoch ms; null when none is. */
  oldestSince: number | null;
  /** Refused originals that wait in all quarantines. */
  quarantined: number;
}

export function tallySources(sources: readonly SourceHealth[]): Tally {
  const counts: Record<SourceState, number> = { never: 0, ok: 0, silent: 0, failing: 0 };
  let oldestSince: number | null = null;
  let quarantined = 0;
  for (const source of sources) {
    counts[source.state]++;
    quarantined += source.quarantined;
    if (isBroken(source)) oldestSince = Math.min(oldestSince ?? source.since, source.since);
  }
  return { total: sources.length, counts, oldestSince, quarantined };
}

/** What there is room for in the head of the page: what is broken; only when nothing is, the rest. */
export function headlineOf(tally: Tally): SourceState[] {
  const told = toldStates(tally);
  const broken = told.filter((state) => state === 'failing' || state === 'silent');
  return broken.length > 0 ? broken : told;
}

/** The states to be told in words, worst first: all that are not well; when there are none, that all are. */
export function toldStates({ counts }: Tally): SourceState[] {
  const told = (['failing', 'silent', 'never'] as const).filter((state) => counts[state] > 0);
  return told.length > 0 ? told : ['ok'];
}
