import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, type Level, levels } from '../contract/index.ts';
import type { Verdicts } from '../rules/evaluate.ts';
import { type AlertState, newAlert, type Terms } from './state.ts';
import { type AlertEvent, nextDueAt, type StepResult, step, stepAll } from './step.ts';

const officer: Actor = { kind: 'account', id: '1', name: 'Duty officer' };
const used: Level[] = ['blue', 'orange', 'red'];
const bound = { blue: 10, yellow: 15, orange: 20, red: 30 };
const verdictsOf = (value: number): Verdicts => Object.fromEntries(used.map((level) => [level, value >= bound[level] ? 'breached' : 'clear']));

const termsOf = (subset: Level[]) =>
  fc.record<Terms>({
    holdFor: fc.constantFrom(0, 3, 7),
    keepFiringFor: fc.constantFrom(0, 4),
    staleAfter: fc.constantFrom(null, 5, 12),
    limits: fc.constant(subset.map((level) => ({ level, value: bound[level] }))),
  });
const terms = termsOf(used);

const value = fc.constantFrom(0, 12, 25, 35);
const reading = fc.record({ kind: fc.constant('reading' as const), behind: fc.constantFrom(0, 0, 0, 0, 1, 4), value });
const bad = fc.record({ kind: fc.constant('bad' as const), behind: fc.constantFrom(0, 2) });
const tick = fc.constant({ kind: 'tick' as const });
const unknown = fc.record({ kind: fc.constant('unknown' as const), behind: fc.constantFrom(0, 3) });
const acknowledge = fc.constant({ kind: 'acknowledge' as const });
const changed = fc.record({ kind: fc.constant('rule_changed' as const), terms: fc.oneof(terms, termsOf(['orange']), termsOf(['blue', 'red'])) });

type Draft =
  | { kind: 'reading'; behind: number; value: number }
  | { kind: 'bad'; behind: number }
  | { kind: 'unknown'; behind: number }
  | { kind: 'tick' }
  | { kind: 'acknowledge' }
  | { kind: 'rule_withdrawn' }
  | { kind: 'rule_changed'; terms: Terms };

function eventOf(draft: Draft, now: number): AlertEvent {
  if (draft.kind === 'reading') return { kind: 'reading', observedAt: now - draft.behind, value: draft.value, verdicts: verdictsOf(draft.value) };
  if (draft.kind === 'bad') return { kind: 'reading', observedAt: now - draft.behind, value: 0, verdicts: {} };
  if (draft.kind === 'unknown') return { kind: 'unknown', since: now - draft.behind, why: 'stale' };
  if (draft.kind === 'acknowledge') return { kind: 'acknowledge', actor: officer };
  return draft;
}

const timed = <T extends Draft>(draft: fc.Arbitrary<T>, maxLength = 40) => fc.array(fc.record({ wait: fc.nat({ max: 6 }), draft }), { maxLength });
const story = timed(
  fc.oneof(
    { weight: 8, arbitrary: reading },
    { weight: 3, arbitrary: tick },
    { weight: 1, arbitrary: bad },
    { weight: 1, arbitrary: unknown },
    { weight: 2, arbitrary: acknowledge },
    { weight: 1, arbitrary: changed },
  ),
);

/** Every result of a story told to one rule and scope, one alert after the other. */
function tell(
  start: AlertState,
  events: { now: number; event: AlertEvent }[],
  between = (alert: AlertState) => alert,
): { before: AlertState; event: AlertEvent; now: number; results: StepResult[] }[] {
  let alert = start;
  return events.map(({ now, event }) => {
    const before = alert;
    const results = stepAll(between(alert), event, now);
    alert = results.at(-1)?.alert ?? alert;
    return { before, event, now, results };
  });
}
function dated(drafts: { wait: number; draft: Draft }[], start = 100): { now: number; event: AlertEvent }[] {
  let now = start;
  return drafts.map(({ wait, draft }) => {
    now += wait;
    return { now, event: eventOf(draft, now) };
  });
}
const throughJson = (alert: AlertState): AlertState => JSON.parse(JSON.stringify(alert));
const isWorst = (alert: AlertState) => levels.findLast((level) => alert.latches[level] !== undefined && alert.latches[level].phase !== 'held') ?? null;

describe('whatever happens', () => {
  it('[A12] the level is always the worst of the limits that are on or clearing, and the condition follows from the latches', () => {
    fc.assert(
      fc.property(terms, story, (start, drafts) => {
        for (const { results } of tell(newAlert(start), dated(drafts))) {
          for (const { alert } of results) {
            expect(alert.condition === 'firing').toBe(isWorst(alert) !== null);
            if (alert.condition === 'firing') {
              expect(alert.activation.level).toBe(isWorst(alert));
              expect(levels.indexOf(alert.activation.worstLevel)).toBeGreaterThanOrEqual(levels.indexOf(alert.activation.level));
            }
            if (alert.ended === null && alert.condition !== 'firing' && alert.condition !== 'resolved')
              expect(alert.condition === 'pending').toBe(Object.keys(alert.latches).length > 0);
          }
        }
      }),
    );
  });

  it('[A2] a trip through JSON at any point changes nothing that follows', () => {
    fc.assert(
      fc.property(terms, story, (start, drafts) => {
        const events = dated(drafts);
        expect(tell(newAlert(start), events, throughJson)).toEqual(tell(newAlert(start), events));
      }),
    );
  });

  it('[A2] the same story told twice ends the same, and no step changes the state it was given', () => {
    fc.assert(
      fc.property(terms, story, (start, drafts) => {
        const events = dated(drafts);
        const first = tell(newAlert(start), events);
        const copies = JSON.stringify(first);
        expect(JSON.stringify(tell(newAlert(start), events))).toBe(copies);
        expect(JSON.stringify(first)).toBe(copies);
      }),
    );
  });

  it('[A3] an ended alert never changes', () => {
    fc.assert(
      fc.property(terms, story, story, fc.boolean(), (start, drafts, more, withdraw) => {
        const told = tell(newAlert(start), dated(withdraw ? [...drafts, { wait: 0, draft: { kind: 'rule_withdrawn' } }] : drafts));
        for (const ended of told.flatMap(({ results }) => results.map((result) => result.alert)).filter((alert) => alert.ended !== null)) {
          for (const { now, event } of dated(more, 1000)) expect(step(ended, event, now)).toMatchObject({ alert: ended, changes: [] });
        }
      }),
    );
  });

  it('[A24][A25] the unknown moves nothing: ticks while unknown change nothing, and becoming unknown does only what a tick at that moment does', () => {
    fc.assert(
      fc.property(terms, story, fc.nat({ max: 5 }), (start, drafts, behind) => {
        let now = 100;
        for (const { now: at, results } of tell(newAlert(start), dated(drafts))) {
          const alert = results.at(-1)?.alert;
          if (alert === undefined || alert.ended !== null) continue;
          now = at + 1;
          if (alert.unknown !== null) {
            expect(step(alert, { kind: 'tick' }, now + 1000)).toMatchObject({ alert, changes: [] });
            continue;
          }
          const since = Math.max(now - behind, alert.seen?.observedAt ?? 0);
          const gone = step(alert, { kind: 'unknown', since, why: 'stale' }, now);
          const ticked = step(alert, { kind: 'tick' }, since);
          expect(gone.alert.condition).toBe(ticked.alert.condition);
          expect(gone.alert.latches).toEqual(ticked.alert.latches);
          expect(gone.changes.filter((change) => change.kind !== 'unknown').map((change) => change.kind)).toEqual(
            ticked.changes.filter((change) => change.kind !== 'unknown').map((change) => change.kind),
          );
        }
      }),
    );
  });

  it('[A32] a tick before nextDueAt changes nothing, one at that moment changes something', () => {
    fc.assert(
      fc.property(terms, story, fc.nat({ max: 20 }), (start, drafts, early) => {
        for (const { results } of tell(newAlert(start), dated(drafts))) {
          const alert = results.at(-1)?.alert ?? newAlert(start);
          const due = nextDueAt(alert);
          if (due === null) expect(step(alert, { kind: 'tick' }, 1e9)).toMatchObject({ alert, changes: [] });
          else {
            expect(step(alert, { kind: 'tick' }, due - 1 - early)).toMatchObject({ alert, changes: [] });
            expect(step(alert, { kind: 'tick' }, due).alert).not.toEqual(alert);
          }
        }
      }),
    );
  });

  it('[A20] a refusal changes nothing, and only acknowledgements are refused', () => {
    fc.assert(
      fc.property(terms, story, (start, drafts) => {
        for (const { before, event, results } of tell(newAlert(start), dated(drafts))) {
          if (results[0]?.refused === null) continue;
          expect(event.kind).toBe('acknowledge');
          expect(results).toMatchObject([{ alert: before, changes: [] }]);
        }
      }),
    );
  });
});

describe('time', () => {
  /** Readings in order, each one observed when it arrives; each may be bad. */
  const inOrder = timed(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('reading' as const), behind: fc.constant(0), value }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('bad' as const), behind: fc.constant(0) }) },
    ),
  ).map((drafts) => drafts.map(({ wait, draft }) => ({ wait: wait * 2 + 1, draft })));

  /** By a way of its own: known milliseconds for which `level` had been breached without a break at `until`. */
  function knownBreach(readings: { at: number; value: number | null }[], level: Level, { until, staleAfter }: { until: number; staleAfter: number | null }): number {
    let known = 0;
    for (let i = readings.length - 1; i >= 0; i -= 1) {
      const each = readings[i];
      if (each === undefined || (each.value !== null && each.value < bound[level])) break;
      const next = readings[i + 1]?.at ?? until;
      if (each.value !== null) known += Math.min(next - each.at, staleAfter ?? Number.POSITIVE_INFINITY);
    }
    return known;
  }

  it('[A6][A26] nothing fires or rises without a breach of at least holdFor of known time', () => {
    fc.assert(
      fc.property(terms, inOrder, fc.nat({ max: 30 }), (start, drafts, after) => {
        const events = dated(drafts);
        events.push({ now: (events.at(-1)?.now ?? 0) + after, event: { kind: 'tick' } });
        const readings: { at: number; value: number | null }[] = [];
        for (const { event, now, results } of tell(newAlert(start), events)) {
          // what fires on the way to a reading was due before it; what fires by it was breached by it too
          const until = { until: now, staleAfter: start.staleAfter };
          const earlier = [...readings];
          if (event.kind === 'reading') readings.push({ at: event.observedAt, value: Object.keys(event.verdicts).length === 0 ? null : event.value });
          for (const change of results.flatMap((result) => result.changes)) {
            if (!['fired', 'refired', 'level_rose'].includes(change.kind) || change.level === undefined) continue;
            const longest = Math.max(knownBreach(earlier, change.level, until), knownBreach(readings, change.level, until));
            expect(longest).toBeGreaterThanOrEqual(start.holdFor);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('[A6] whatever is breached for holdFor of known time fires by then', () => {
    fc.assert(
      fc.property(terms, inOrder, fc.nat({ max: 30 }), (start, drafts, after) => {
        const events = dated(drafts);
        const now = (events.at(-1)?.now ?? 0) + after;
        events.push({ now, event: { kind: 'tick' } });
        const readings = events.flatMap(({ event }) =>
          event.kind === 'reading' ? [{ at: event.observedAt, value: Object.keys(event.verdicts).length === 0 ? null : event.value }] : [],
        );
        const { alert } = tell(newAlert(start), events).at(-1)?.results.at(-1) ?? { alert: newAlert(start) };
        for (const level of used) {
          const newestKnown = readings.findLast((each) => each.value !== null);
          if (newestKnown?.value == null || newestKnown.value < bound[level]) continue;
          if (knownBreach(readings, level, { until: now, staleAfter: start.staleAfter }) >= start.holdFor) expect(alert.latches[level]?.phase).toBe('on');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('[A8] ticks only bring forward what the next reading would have brought', () => {
    fc.assert(
      fc.property(terms, inOrder, fc.infiniteStream(fc.nat({ max: 12 })), (start, drafts, ticks) => {
        const events = dated(drafts);
        const dense = events.flatMap((each, i) => {
          const from = events[i - 1]?.now ?? each.now;
          const at = Math.min(each.now, from + (ticks.next().value ?? 0));
          return [{ now: at, event: { kind: 'tick' } as const }, each];
        });
        const end = (told: ReturnType<typeof tell>) => told.at(-1)?.results.at(-1)?.alert ?? newAlert(start);
        const kinds = (told: ReturnType<typeof tell>) =>
          told.flatMap(({ results }) => results.flatMap((result) => result.changes.map((change) => [change.kind, change.level, change.value])));
        const sparse = tell(newAlert(start), events);
        const often = tell(newAlert(start), dense);
        expect(kinds(often)).toEqual(kinds(sparse));
        expect(end(often).latches).toEqual(end(sparse).latches);
        expect(end(often).unknown).toEqual(end(sparse).unknown);
      }),
      { numRuns: 500 },
    );
  });
});
