/** The order of the four levels on the page: worst first, always in the same place. */
import type { Level } from '../../server/contract/index.ts';
import { levels } from '../../server/contract/words.ts';

export const levelsWorstFirst: readonly Level[] = [...levels].reverse();

/** 0 is the worst, 3 the least; 4 is no level at all. For sorting. */
export function levelRank(level: Level | null): number {
  return level === null ? levelsWorstFirst.length : levelsWorstFirst.indexOf(level);
}

/** The worse of two. */
export function worseLevel(a: Level | null, b: Level | null): Level | null {
  return levelRank(a) <= levelRank(b) ? a : b;
}
