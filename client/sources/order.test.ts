import { expect, test } from 'vitest';
import type { SourceHealth } from '../../server/contract/index.ts';
import { headlineOf, orderSources, tallySources, toldStates } from './order.ts';

function aSource(change: Partial<SourceHealth> = {}): SourceHealth {
  return {
    id: 'a',
    name: { zh: '甲', en: 'A' },
    kind: 'push',
    simulated: false,
    state: 'ok',
    since: 1000,
    lastSuccessAt: 1000,
    lastObservedAt: 900,
    lagMs: 100,
    ratePerMinute: 1,
    accepted: 1,
    duplicates: 0,
    revised: 0,
    rejected: 0,
    errors: 0,
    lastError: null,
    quarantined: 0,
    expectedEveryMs: null,
    ...change,
  };
}

const ids = (sources: SourceHealth[]): string[] => orderSources(sources).map(({ id }) => id);

test('what is broken comes first, then what was never received, then what is well', () => {
  const sources = [aSource({ id: 'well' }), aSource({ id: 'never', state: 'never' }), aSource({ id: 'silent', state: 'silent' }), aSource({ id: 'failing', state: 'failing' })];
  expect(ids(sources)).toEqual(['failing', 'silent', 'never', 'well']);
});

test('of the broken ones the longest comes first, of the others what waits in quarantine; equals keep the order of their ids', () => {
  expect(ids([aSource({ id: 'late', state: 'silent', since: 20 }), aSource({ id: 'early', state: 'silent', since: 10 })])).toEqual(['early', 'late']);
  expect(ids([aSource({ id: 'b' }), aSource({ id: 'c', quarantined: 2 }), aSource({ id: 'a' })])).toEqual(['c', 'a', 'b']);
});

test('ordering leaves the list that it was given as it was', () => {
  const sources = Object.freeze([aSource(), aSource({ id: 'b', state: 'failing' })]);
  expect(orderSources(sources)).toHaveLength(2);
  expect(sources[0]?.id).toBe('a');
});

test('the tally tells each state by itself, and since when the longest broken one is', () => {
  const tally = tallySources([
    aSource({ state: 'silent', since: 30 }),
    aSource({ state: 'failing', since: 20, quarantined: 3 }),
    aSource({ state: 'never', since: 1 }),
    aSource({ since: 2, quarantined: 4 }),
  ]);
  expect(tally).toEqual({ total: 4, counts: { never: 1, ok: 1, silent: 1, failing: 1 }, oldestSince: 20, quarantined: 7 });
  expect(toldStates(tally)).toEqual(['failing', 'silent', 'never']);
  expect(headlineOf(tally)).toEqual(['failing', 'silent']);
});

test('that all is well is said only when nothing else is to be said', () => {
  const tally = tallySources([aSource(), aSource({ id: 'b' })]);
  expect([tally.oldestSince, toldStates(tally)]).toEqual([null, ['ok']]);
  expect(headlineOf(tallySources([aSource(), aSource({ state: 'never' })]))).toEqual(['never']);
});
