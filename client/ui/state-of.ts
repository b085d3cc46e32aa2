/**
 * What may be believed of a newest reading, judged with server time. Missing is an answer of its own: no data never looks
 * like good data.
 */
import type { Indicator, Latest } from '../../server/contract/index.ts';

export const dataStates = ['good', 'stale', 'missing', 'suspect', 'bad'] as const;
export type DataState = (typeof dataStates)[number];

/** Bad before stale (a wrong number is wrong at any age), stale before suspect (what is old says nothing of now). */
export function dataState(latest: Latest | undefined, indicator: Pick<Indicator, 'staleAfterMs'>, now: number): DataState {
  if (latest === undefined) return 'missing';
  if (latest.quality === 'bad') return 'bad';
  if (now - latest.observedAt > indicator.staleAfterMs) return 'stale';
  return latest.quality === 'suspect' ? 'suspect' : 'good';
}

/** Whether the value tells the present: only then may it be compared, counted as normal or called the worst. */
export function tellsThePresent(state: DataState): boolean {
  return state === 'good' || state === 'suspect';
}
