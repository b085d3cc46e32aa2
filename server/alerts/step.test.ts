import { describe, expect, it } from 'vitest';
import type { Actor, Level } from '../contract/index.ts';
import { evaluateThreshold } from '../rules/evaluate.ts';
import { type AlertState, breachedLevels, isaName, isOpen, newAlert, type Terms, viewOf } from './state.ts';
import { type AlertEvent, nextDueAt, step, stepAll } from './step.ts';
import type { Change } from './transition.ts';

const m = 60_000;
const terms: Terms = {
  holdFor: 5 * m,
  keepFiringFor: 3 * m,
  staleAfter: 15 * m,
  limits: [
    { level: 'yellow', value: 50 },
    { level: 'orange', value: 70 },
    { level: 'red', value: 100 },
  ],
};
const atOnce: Terms = { ...terms, holdFor: 0, keepFiringFor: 0 };
const officer: Actor = { kind: 'account', id: '1', name: 'Duty officer' };

/** `[time in minutes, event]`; a number is a reading of that value observed at that time. */
type Line = [number, number | 'tick' | 'bad' | AlertEvent];
/** A story as lines, or short: `0 60, 5 tick, 6 ack, 7 6:40` is a reading of 60 at minute 0, a tick, an acknowledgement, and at 7 a reading of 40 from 6. */
type Story = string | Line[];
const ack: AlertEvent = { kind: 'acknowledge', actor: officer };

function eventOf(alert: AlertState, at: number, what: Line[1]): AlertEvent {
  if (what === 'tick') return { kind: 'tick' };
  if (what === 'bad') return { kind: 'reading', observedAt: at, value: 0, verdicts: {} };
  return typeof what === 'number' ? readingOf(alert, at, what) : what;
}
function readingOf(alert: AlertState, observedAt: number, value: number): AlertEvent {
  const rule = { direction: 'above' as const, deadband: 0, limits: [...alert.terms.limits] };
  return { kind: 'reading', observedAt, value, verdicts: evaluateThreshold(rule, breachedLevels(alert, observedAt), { value, quality: 'good' }) };
}
/** A reading that was observed at one time and arrives at another. */
const late = (observed: number, value: number): AlertEvent => readingOf(newAlert(terms), observed * m, value);

function linesOf(story: Story): Line[] {
  if (typeof story !== 'string') return story;
  return story.split(', ').map((line) => {
    const [minute = '', what = ''] = line.split(' ');
    return [Number(minute), named(what)];
  });
}
function named(what: string): Line[1] {
  if (what === 'tick' || what === 'bad') return what;
  if (what === 'ack') return ack;
  if (what === 'withdraw') return { kind: 'rule_withdrawn' };
  const [observed, value] = what.split(':').map(Number);
  return value === undefined ? Number(what) : late(observed ?? 0, value);
}

function run(story: Story, start: AlertState = newAlert(terms)): { alert: AlertState; changes: Change[]; log: string[] } {
  let alert = start;
  const changes: Change[] = [];
  const log: string[] = [];
  for (const [minute, what] of linesOf(story)) {
    const result = step(alert, eventOf(alert, minute * m, what), minute * m);
    alert = result.alert;
    changes.push(...result.changes);
    log.push(...result.changes.map((change) => `${minute} ${change.kind}${change.level === undefined ? '' : ` ${change.level}`}`));
  }
  return { alert, changes, log };
}
const phases = (alert: AlertState) => Object.fromEntries(Object.entries(alert.latches).map(([level, latch]) => [level, latch.phase]));

describe('state', () => {
  it('[A1] a new alert is inactive, with no latch, no reading and nothing unknown', () => {
    expect(newAlert(terms)).toEqual({ condition: 'inactive', ended: null, terms, latches: {}, seen: null, unknown: null });
    expect(run('5 tick').alert).toEqual(newAlert(terms));
  });

  it('[A2] written out as JSON in the middle of a hold time, it goes on where it was', () => {
    const half: AlertState = JSON.parse(JSON.stringify(run('0 60').alert));
    expect(run('4.9 tick', half).log).toEqual([]);
    expect(run('5 tick', half).log).toEqual(['5 fired yellow']);
  });

  it('[A3] an ended alert never changes again', () => {
    const ended = run('0 60, 5 tick, 6 ack, 7 0, 10 tick').alert;
    expect(ended.ended?.reason).toBe('acknowledged');
    const withdrawn = run('0 60, 1 withdraw').alert;
    const events: Line[1][] = [500, 0, 'tick', 'bad', ack, { kind: 'unknown', since: 11 * m, why: 'stale' }, { kind: 'rule_changed', terms: atOnce }, { kind: 'rule_withdrawn' }];
    for (const alert of [ended, withdrawn]) for (const event of events) expect(run([[60, event]], alert)).toMatchObject({ alert, changes: [] });
  });
});

describe('breaches and time', () => {
  it('[A4] a breach with a hold time is pending since its first reading, wherever that was late', () => {
    const { alert, changes } = run('1 10, 3 2:60, 4 75');
    expect(alert).toMatchObject({ condition: 'pending', since: 2 * m });
    expect(changes).toEqual([{ kind: 'pending', from: 'inactive', to: 'pending', value: 60, observedAt: 2 * m, detail: { since: 2 * m } }]);
    expect(viewOf(alert)).toMatchObject({ condition: 'pending', level: null, since: 2 * m, limit: 70, value: 75 });
  });

  it('[A5] a pending alert that clears before its time becomes inactive', () => {
    const { alert, log } = run('0 60, 4.9 10, 30 tick');
    expect(log).toEqual(['0 pending', '4.9 inactive']);
    expect(alert.condition).toBe('inactive');
    expect(run('0 60, 4 40, 4.5 60, 9 60').alert.condition, 'a break begins the hold time anew').toBe('pending');
  });

  it('[A6] a breach that lasts for the hold time fires, and the change carries level, limit, value and time', () => {
    const { alert, changes } = run('0 60, 3 65, 5 tick');
    expect(changes.at(-1)).toEqual({ kind: 'fired', from: 'pending', to: 'firing', level: 'yellow', value: 65, observedAt: 3 * m, limit: 50, detail: { since: 0, firings: 1 } });
    expect(alert).toMatchObject({ condition: 'firing', activation: { level: 'yellow', since: 0, firedAt: 5 * m } });
    expect(run('0 60, 5 65').log.at(-1), 'a reading at that time fires as well as a tick').toBe('5 fired yellow');
  });

  it('[A6] without a hold time it fires at once and straight at the worst level', () => {
    const { log, changes } = run('0 120', newAlert(atOnce));
    expect(log).toEqual(['0 fired red']);
    expect(changes[0]).toMatchObject({ from: 'inactive', value: 120, limit: 100 });
  });

  it('[A7] readings of a backlog last until the next one, not until now', () => {
    expect(run('60 0:60, 60 2:10, 60 tick').log).toEqual(['60 pending', '60 inactive']);
    const fired = run('60 50:60, 60 52:60, 60 tick');
    expect(fired.log).toEqual(['60 pending', '60 fired yellow']);
    expect(fired.alert).toMatchObject({ activation: { since: 50 * m, firedAt: 60 * m } });
  });

  it('[A8] a late tick costs nothing: what was due before the next reading happens first, in its order', () => {
    expect(run('0 60, 10 10').log).toEqual(['0 pending', '10 fired yellow']);
    expect(run('0 60, 10 10, 20 10').log).toEqual(['0 pending', '10 fired yellow', '20 resolved yellow']);
    // red's keep-firing time ends at 9, yellow's hold time at 11: resolved in between, however late the tick
    const start = run('0 120', newAlert({ ...atOnce, keepFiringFor: 3 * m })).alert;
    const slow = run(
      [
        [
          4,
          {
            kind: 'rule_changed',
            terms: {
              ...terms,
              limits: [
                { level: 'yellow', value: 50 },
                { level: 'red', value: 100 },
              ],
            },
          },
        ],
      ],
      start,
    ).alert;
    const dipped = run('6 10, 6.5 60', { ...slow, latches: { red: { phase: 'on', since: 0 } } }).alert;
    expect(run('14 tick', dipped).log).toEqual(['14 resolved red', '14 refired yellow']);
  });

  it('[A9] a cleared limit goes on firing for the keep-firing time, from the reading that cleared it', () => {
    const { alert, log } = run('0 60, 5 tick, 7 10, 8 5, 9.9 tick');
    expect(log.at(-1)).toBe('5 fired yellow');
    expect(alert).toMatchObject({ condition: 'firing', latches: { yellow: { phase: 'clearing', clearedAt: 7 * m } } });
    expect(run('10 tick', alert).log).toEqual(['10 resolved yellow']);
  });

  it('[A10] a new breach during that time cancels the clearing and leaves no trace in the journal', () => {
    const { alert, log } = run('0 60, 5 tick, 7 10, 9 55, 12 55, 14 tick');
    expect(log).toEqual(['0 pending', '5 fired yellow']);
    expect(alert.latches.yellow).toEqual({ phase: 'on', since: 0 });
  });

  it('[A11] it is resolved when the last limit is off, with the reading that led to it', () => {
    const { alert, changes } = run('0 60, 5 tick, 7 10, 10 tick');
    expect(changes.at(-1)).toEqual({ kind: 'resolved', from: 'firing', to: 'resolved', level: 'yellow', value: 10, observedAt: 7 * m, limit: 50, detail: {} });
    expect(alert).toMatchObject({ condition: 'resolved', ended: null, resolvedAt: 10 * m, activation: { level: 'yellow' } });
  });

  it('[A12] each limit has its own times; the level is the worst that is on or clearing, and the worst ever is kept', () => {
    const { alert, log } = run('0 60, 3 120, 5 tick, 8 tick, 9 60, 12 tick');
    expect(log).toEqual(['0 pending', '5 fired yellow', '8 level_rose red', '12 level_fell yellow']);
    expect(alert).toMatchObject({ activation: { level: 'yellow', worstLevel: 'red', trigger: { value: 60, limit: 50 } } });
    expect(phases(run('0 60, 3 120, 5 tick').alert)).toEqual({ yellow: 'on', orange: 'held', red: 'held' });
  });

  it('[A13] a rise while firing takes the acknowledgement back and says so', () => {
    const { alert, changes } = run('0 60, 1 ack, 2 75', newAlert(atOnce));
    expect(alert).toMatchObject({ condition: 'firing', acknowledgement: null, activation: { level: 'orange' } });
    expect(changes.at(-1)).toMatchObject({ kind: 'level_rose', level: 'orange', value: 75, limit: 70, detail: { was: 'yellow', acknowledgementReset: true } });
  });

  it('[A14] a fall keeps the acknowledgement', () => {
    const { alert, log } = run('0 120, 1 ack, 2 75', newAlert(atOnce));
    expect(log.at(-1)).toBe('2 level_fell orange');
    expect(alert).toMatchObject({ condition: 'firing', acknowledgement: { at: 1 * m, by: officer } });
  });

  it('[A15] a limit without a verdict stays as it is while the others move', () => {
    const start = run('0 120', newAlert(atOnce)).alert;
    const half: AlertEvent = { kind: 'reading', observedAt: m, value: 0, verdicts: { red: 'unknown', orange: 'clear', yellow: 'breached' } };
    expect(phases(run([[1, half]], start).alert)).toEqual({ yellow: 'on', red: 'on' });
  });
});

describe('people', () => {
  const firing = () => run('0 60', newAlert(atOnce)).alert;
  const resolved = () => run('1 10', firing()).alert;

  it('[A16] acknowledging a firing alert records who, when and which comment, and changes no condition', () => {
    const { alert, changes } = run([[3, { ...ack, comment: 'pump sent' }]], firing());
    expect(alert).toMatchObject({ condition: 'firing', acknowledgement: { at: 3 * m, by: officer, comment: 'pump sent' } });
    expect(changes).toEqual([{ kind: 'acknowledged', from: 'firing', to: 'firing', level: 'yellow', actor: officer, detail: { comment: 'pump sent' } }]);
  });

  it('[A17] an acknowledged alert ends at once when it resolves', () => {
    const { alert, log } = run('1 ack, 2 10', firing());
    expect(log).toEqual(['1 acknowledged yellow', '2 resolved yellow', '2 ended yellow']);
    expect(alert).toMatchObject({ condition: 'resolved', ended: { at: 2 * m, reason: 'acknowledged' }, acknowledgement: { by: officer } });
  });

  it('[A18] a resolved alert stays open until it is acknowledged, which ends it', () => {
    expect(isOpen(run('600 tick', resolved()).alert)).toBe(true);
    const { alert, log } = run('600 ack', resolved());
    expect(log).toEqual(['600 acknowledged yellow', '600 ended yellow']);
    expect(alert).toMatchObject({ condition: 'resolved', ended: { reason: 'acknowledged' }, acknowledgement: { at: 600 * m } });
  });

  it('[A19] a resolved alert that is breached again for the hold time is the same alert firing again', () => {
    const { alert, log, changes } = run('0 120, 5 tick, 6 10, 9 tick, 20 60, 24 60, 25 tick');
    expect(log.slice(2)).toEqual(['9 resolved red', '25 refired yellow']);
    expect(changes.at(-1)).toMatchObject({ from: 'resolved', to: 'firing', value: 60, limit: 50, detail: { since: 20 * m, firings: 2 } });
    expect(alert).toMatchObject({ acknowledgement: null, activation: { worstLevel: 'red', firings: 2, since: 20 * m, firedAt: 25 * m } });
  });

  it.each([
    ['already_acknowledged', () => run('1 ack', firing()).alert],
    ['not_fired', () => newAlert(terms)],
    ['not_fired', () => run('0 60').alert],
    ['ended', () => run('2 ack', resolved()).alert],
    ['ended', () => run('1 withdraw', firing()).alert],
  ])('[A20] acknowledging is refused as %s and changes nothing', (code, make) => {
    const alert = make();
    expect(step(alert, ack, 9 * m)).toEqual({ alert, changes: [], refused: code });
  });

  it('[A21] what is held when an alert ends goes on in the next alert with its hold time', () => {
    const before = run('0 60, 5 tick, 6 10, 9 tick, 12 60').alert;
    const results = stepAll(before, ack, 14 * m);
    expect(results.map((result) => result.alert.condition)).toEqual(['resolved', 'pending']);
    expect(results[1]?.changes.map((change) => change.kind)).toEqual(['pending']);
    const next = results[1]?.alert ?? newAlert(terms);
    expect(next).toMatchObject({ since: 12 * m });
    expect(run('16.9 tick', next).log).toEqual([]);
    expect(run('17 tick', next).log).toEqual(['17 fired yellow']);
  });

  it('[A21] the event that ends an alert is also the next alert’s', () => {
    const before = run('0 60, 5 tick, 5.5 ack, 6 10').alert;
    const results = stepAll(before, readingOf(before, 10 * m, 60), 10 * m);
    expect(results.map(({ alert, changes }) => [alert.condition, changes.map((change) => change.kind)])).toEqual([
      ['resolved', ['resolved', 'ended']],
      ['pending', ['pending']],
    ]);
    expect(stepAll(newAlert(terms), { kind: 'tick' }, 0)).toHaveLength(1);
    expect(stepAll(results[0]?.alert ?? before, { kind: 'tick' }, 0), 'an alert that had ended has no second next').toHaveLength(1);
  });
});

describe('unknown', () => {
  it('[A22] without a reading for longer than staleAfter the data are unknown since then', () => {
    const firing = run('0 60', newAlert(atOnce)).alert;
    expect(run('15 tick', firing).log).toEqual([]);
    const { alert, changes } = run('17 tick', firing);
    expect(alert).toMatchObject({ condition: 'firing', unknown: { since: 15 * m, why: 'stale' } });
    expect(changes).toEqual([{ kind: 'unknown', from: 'firing', to: 'firing', detail: { since: 15 * m, why: 'stale' } }]);
    expect(run([[700_000, 'tick']], run('0 60', newAlert({ ...atOnce, staleAfter: null })).alert).changes, 'no staleAfter: never').toEqual([]);
  });

  it('[A23] a bad reading makes the data unknown since its own time', () => {
    const { alert, log } = run('0 60, 3 bad, 30 tick');
    expect(log).toEqual(['0 pending', '3 unknown']);
    expect(alert).toMatchObject({ condition: 'pending', unknown: { since: 3 * m, why: 'bad' } });
    expect(
      run([
        [0, 60],
        [3, { kind: 'unknown', since: 3 * m, why: 'bad' }],
        [30, 'tick'],
      ]).alert,
      'an event says the same',
    ).toEqual(alert);
  });

  it('[A24] while unknown nothing moves but a person', () => {
    const pending = run('0 60, 3 bad').alert;
    const clearing = run('0 60, 5 tick, 6 10, 7 bad').alert;
    for (const alert of [pending, clearing]) {
      const lines: Line[] = [
        [8, 'tick'],
        [9, 'bad'],
        [500, 'tick'],
        [501, { kind: 'unknown', since: 100 * m, why: 'stale' }],
      ];
      expect(run(lines, alert)).toMatchObject({ alert, changes: [] });
    }
    expect(run('9 ack', clearing).alert).toMatchObject({ condition: 'firing', latches: clearing.latches, acknowledgement: { by: officer } });
  });

  it('[A25] the time that was known before counts, even when nobody looked then', () => {
    expect(run('0 60, 60 tick').log).toEqual(['0 pending', '60 fired yellow', '60 unknown']);
    expect(
      run([
        [0, 60],
        [60, { kind: 'unknown', since: 15 * m, why: 'stale' }],
      ]).log,
    ).toEqual(['0 pending', '60 fired yellow', '60 unknown']);
    const long: Terms = { ...terms, holdFor: 20 * m };
    expect(run('0 60, 60 tick', newAlert(long)).log, 'but not the time after').toEqual(['0 pending', '60 unknown']);
  });

  it('[A26] unknown time counts neither towards the hold time nor towards keep-firing', () => {
    const held = run('0 60, 3 bad, 60 60');
    expect(held.log).toEqual(['0 pending', '3 unknown', '60 known']);
    expect(held.changes.at(-1)?.detail).toEqual({ since: 3 * m, unknownMs: 57 * m });
    expect(held.alert).toMatchObject({ condition: 'pending', since: 0, unknown: null });
    expect(run('61.9 tick', held.alert).log).toEqual([]);
    expect(run('62 tick', held.alert)).toMatchObject({ log: ['62 fired yellow'], alert: { activation: { since: 0 } } });
    const clearing = run('0 60, 5 tick, 6 10, 7 bad, 50 10').alert;
    expect(run('51.9 tick', clearing).log).toEqual([]);
    expect(run('52 tick', clearing).log).toEqual(['52 resolved yellow']);
  });

  it('[A26] several gaps add up', () => {
    const { alert } = run('0 60, 2 bad, 60 60, 61 bad, 100 60');
    expect(nextDueAt(alert)).toBe(102 * m);
    expect(run('101.9 tick', alert).log).toEqual([]);
    expect(run('102 tick', alert).log).toEqual(['102 fired yellow']);
  });

  it('[A26] a gap that is seen only afterwards counts as little, and a late reading from inside it closes it', () => {
    const long: Terms = { ...terms, holdFor: 20 * m };
    const { alert, log } = run('0 60, 60 60', newAlert(long));
    expect(log).toEqual(['0 pending', '60 unknown', '60 known']);
    expect(nextDueAt(alert)).toBe(65 * m);
    expect(nextDueAt(run('0 60, 16 tick, 17 14:60', newAlert(long)).alert)).toBe(20 * m);
  });

  it('[A27] an inactive alert shows that it is unknown, without a line in the journal', () => {
    const { alert, log } = run('0 10, 60 tick');
    expect(log).toEqual([]);
    expect(viewOf(alert).unknownSince).toBe(15 * m);
    expect(run('61 10', alert)).toMatchObject({ log: [], alert: { unknown: null } });
  });
});

describe('order and corrections', () => {
  it('[A28] a reading older than the newest evaluated one is ignored', () => {
    const start = run('0 10, 5 10').alert;
    expect(
      run(
        [
          [6, late(4.9, 500)],
          [6, { kind: 'unknown', since: 4 * m, why: 'bad' }],
        ],
        start,
      ),
    ).toMatchObject({ alert: start, changes: [] });
    const bad = run('6 bad', start).alert;
    expect(run('7 5.5:500', bad)).toMatchObject({ alert: bad, changes: [] });
  });

  it('[A29] a correction restores the breach that the first value had interrupted', () => {
    const { alert, log } = run('0 60, 3 10, 4 3:60, 5 tick');
    expect(log).toEqual(['0 pending', '3 inactive', '4 pending', '5 fired yellow']);
    expect(alert).toMatchObject({ activation: { since: 0, trigger: { value: 60, observedAt: 3 * m } } });
    expect(
      run([
        [0, 60],
        [3, 10],
        [4, { kind: 'reading', observedAt: 3 * m, value: 0, verdicts: {} }],
      ]).alert,
      'a value that turns out bad interrupts nothing',
    ).toMatchObject({
      condition: 'pending',
      since: 0,
      unknown: { since: 3 * m, why: 'bad' },
    });
  });

  it('[A29] it does so for a limit that was on, for one that a bad value had cleared, and after new terms', () => {
    expect(run('0 60, 9 10, 10 9:60', newAlert(atOnce))).toMatchObject({ log: ['0 fired yellow', '9 resolved yellow', '10 refired yellow'], alert: { activation: { since: 0 } } });
    const turnedBad: AlertEvent = { kind: 'reading', observedAt: 7 * m, value: 0, verdicts: {} };
    expect(run([[8, turnedBad]], run('0 60, 5 tick, 7 10').alert).alert).toMatchObject({ latches: { yellow: { phase: 'on', since: 0 } }, unknown: { since: 7 * m } });
    expect(run([[9, turnedBad]], run('0 60, 5 tick, 6 10, 7 10').alert).alert, 'but not what an earlier value had cleared').toMatchObject({
      latches: { yellow: { phase: 'clearing', clearedAt: 6 * m } },
    });
    const shorter = run([[4, { kind: 'rule_changed', terms: { ...terms, holdFor: 4 * m } }]], run('0 60, 3 10').alert).alert;
    expect(run('4 3:60, 4 tick', shorter).log).toEqual(['4 pending', '4 fired yellow']);
  });

  it('[A29] a correction takes back the breach that the first value had begun, and its hysteresis', () => {
    const { alert, log } = run('0 10, 3 60, 4 3:20');
    expect(log).toEqual(['3 pending', '4 inactive']);
    expect(alert.latches).toEqual({});
    const wide = { direction: 'above' as const, deadband: 45, limits: [...terms.limits] };
    const memory = breachedLevels(run('0 10, 3 60').alert, 3 * m);
    expect(evaluateThreshold(wide, memory, { value: 20, quality: 'good' }).yellow).toBe('clear');
    expect(breachedLevels(run('0 10, 3 60').alert, 4 * m)).toEqual(new Set<Level>(['yellow']));
  });

  it('[A29] what has fired is not taken back, it clears in the ordinary way', () => {
    const { log } = run('0 10, 3 60, 8 tick, 9 3:20, 9 tick');
    expect(log).toEqual(['3 pending', '8 fired yellow', '9 resolved yellow']);
    const stale = run('0 60, 20 tick, 21 0:120').alert;
    expect(stale, 'while stale the correction of the last reading speaks for its own time').toMatchObject({ unknown: { since: 15 * m }, activation: { level: 'red' } });
  });
});

describe('rules', () => {
  const firing = () => run('0 120', newAlert(atOnce)).alert;

  it('[A30] latches of limits that are gone drop, the others go on, and the level is told anew', () => {
    const fewer: Terms = { ...atOnce, limits: atOnce.limits.filter((limit) => limit.level !== 'red') };
    const { alert, log } = run([[1, { kind: 'rule_changed', terms: fewer }]], firing());
    expect(log).toEqual(['1 rule_changed', '1 level_fell orange']);
    expect(phases(alert)).toEqual({ yellow: 'on', orange: 'on' });
    const other: Terms = { ...atOnce, limits: [{ level: 'blue', value: 500 }] };
    expect(run([[1, { kind: 'rule_changed', terms: other }]], firing()).log).toEqual(['1 rule_changed', '1 resolved red']);
  });

  it('[A30] the same terms in another order of keys are no change, and the newest reading can be judged again', () => {
    const reordered: Terms = { limits: atOnce.limits.map(({ level, value }) => ({ value, level })), staleAfter: atOnce.staleAfter, keepFiringFor: 0, holdFor: 0 };
    expect(run([[1, { kind: 'rule_changed', terms: reordered }]], firing()).log).toEqual([]);
    const higher: Terms = {
      ...atOnce,
      limits: [
        { level: 'yellow', value: 50 },
        { level: 'orange', value: 70 },
        { level: 'red', value: 200 },
      ],
    };
    const changed = run([[1, { kind: 'rule_changed', terms: higher }]], firing()).alert;
    expect(run([[1, readingOf(changed, 0, 120)]], changed).log).toEqual(['1 level_fell orange']);
  });

  it('[A31] a withdrawn rule ends its alert with that reason, and what had fired stays readable', () => {
    const { alert, changes } = run('2 withdraw', run('1 ack', firing()).alert);
    expect(changes).toEqual([{ kind: 'withdrawn', from: 'firing', to: 'inactive', detail: { reason: 'withdrawn' } }]);
    expect(alert).toMatchObject({ ended: { at: 2 * m, reason: 'withdrawn' } });
    expect(viewOf(alert)).toMatchObject({ condition: 'inactive', level: 'red', firedAt: 0, acknowledged: true });
    expect(run('0 60, 1 withdraw').log).toEqual(['0 pending', '1 withdrawn']);
    expect(run('1 withdraw')).toMatchObject({ log: [], alert: { ended: { reason: 'withdrawn' } } });
    expect(stepAll(firing(), { kind: 'rule_withdrawn' }, 0)).toHaveLength(1);
  });
});

describe('derived', () => {
  it.each<[string, Story, number | null]>([
    ['nothing seen', [], null],
    ['clear: only becoming stale', '0 10', 15 * m + 1],
    ['held', '0 60', 5 * m],
    ['on: only becoming stale', '0 60, 5 tick', 15 * m + 1],
    ['clearing', '0 60, 5 tick, 7 10', 10 * m],
    ['unknown', '0 60, 3 bad', null],
    ['ended', '0 60, 1 withdraw', null],
  ])('[A32] nextDueAt: %s', (_name, lines, expected) => {
    const { alert } = run(lines);
    expect(nextDueAt(alert)).toBe(expected);
    if (expected === null) return;
    expect(step(alert, { kind: 'tick' }, expected - 1).alert).toEqual(alert);
    expect(step(alert, { kind: 'tick' }, expected).alert).not.toEqual(alert);
  });

  it.each<[string, Story, ReturnType<typeof isaName>, boolean]>([
    ['inactive', '0 10', 'NORM', false],
    ['firing', '0 60', 'UNACK', true],
    ['firing and acknowledged', '0 60, 1 ack', 'ACKED', true],
    ['resolved', '0 60, 1 10', 'RTNUN', true],
    ['resolved and acknowledged', '0 60, 1 10, 2 ack', 'NORM', false],
    ['withdrawn', '0 60, 1 withdraw', 'NORM', false],
  ])('[A33] %s', (_name, lines, name, open) => {
    const { alert } = run(lines, newAlert(atOnce));
    expect([isaName(alert), isOpen(alert)]).toEqual([name, open]);
  });

  it('[A33] pending is NORM, and open', () => {
    const { alert } = run('0 60');
    expect([isaName(alert), isOpen(alert)]).toEqual(['NORM', true]);
  });
});
