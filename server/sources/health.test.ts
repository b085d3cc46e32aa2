import { describe, expect, it } from 'vitest';
import { sourceSchema } from '../catalogue/source-schema.ts';
import { expectedEveryOf, FAILING_AFTER_MS, journalKindOf, judgeSource, type SourceFacts, type Verdict } from './health.ts';

const START = 1_000_000;
const EVERY = 60_000;
const OVERDUE = EVERY + EVERY / 10;
const facts = (more: Partial<SourceFacts>): SourceFacts => ({
  expectedEveryMs: EVERY,
  lastSuccessAt: null,
  lastRefusedAt: null,
  listeningSince: START,
  transport: null,
  ...more,
});
const heard = START + 10_000;
const failed = { kind: 'failed', since: heard, message: 'connection refused' } as const;
const ok: Verdict = { state: 'ok', since: heard };
const silent: Verdict = { state: 'silent', since: heard + OVERDUE };

describe('the state of a source', () => {
  const table: [string, Partial<SourceFacts>, Verdict | null, number, Verdict][] = [
    ['never heard', {}, null, START + 5 * EVERY, { state: 'never', since: START }],
    ['never heard, and its transport is broken', { transport: failed }, null, heard + FAILING_AFTER_MS, { state: 'failing', since: heard }],
    ['never stored, but something was refused', { lastRefusedAt: heard }, { state: 'never', since: START }, heard + 1, { state: 'failing', since: heard }],
    ['heard for the first time', { lastSuccessAt: heard }, { state: 'never', since: START }, heard + 1, ok],
    ['heard again', { lastSuccessAt: heard + EVERY }, ok, heard + EVERY + 1, ok],
    ['late within the grace', { lastSuccessAt: heard }, ok, heard + OVERDUE - 1, ok],
    ['overdue', { lastSuccessAt: heard }, ok, heard + OVERDUE, silent],
    ['overdue, found late: the moment is the same', { lastSuccessAt: heard }, ok, heard + 3 * OVERDUE, silent],
    ['still silent', { lastSuccessAt: heard }, silent, heard + 9 * OVERDUE, silent],
    ['silent and heard again', { lastSuccessAt: heard + 5 * EVERY }, silent, heard + 5 * EVERY + 700, { state: 'ok', since: heard + 5 * EVERY }],
    ['without a beat it may pause for ever', { expectedEveryMs: null, lastSuccessAt: heard }, ok, heard + 99 * EVERY, ok],
    ['a connection that hiccups', { lastSuccessAt: heard, transport: failed }, ok, heard + FAILING_AFTER_MS - 1, ok],
    ['a connection that stays broken', { lastSuccessAt: heard, transport: failed }, ok, heard + FAILING_AFTER_MS, { state: 'failing', since: heard }],
    ['broken while it was silent', { lastSuccessAt: heard - EVERY, transport: failed }, silent, heard + 9 * EVERY, { state: 'failing', since: heard }],
    [
      'a second failure in a row keeps the first moment',
      { transport: { ...failed, since: heard + 99 } },
      { state: 'failing', since: heard },
      heard + EVERY,
      { state: 'failing', since: heard },
    ],
    [
      'connected again, nothing heard since',
      { lastSuccessAt: heard, transport: { kind: 'connected' } },
      { state: 'failing', since: heard },
      heard + 5000,
      { state: 'ok', since: heard + 5000 },
    ],
    ['it sends, and all is refused', { lastSuccessAt: heard, lastRefusedAt: heard + OVERDUE - 5 }, ok, heard + OVERDUE, { state: 'failing', since: heard + OVERDUE }],
    ['it sent what was refused, and then nothing', { lastSuccessAt: heard, lastRefusedAt: heard + 5 }, ok, heard + OVERDUE + 5, { state: 'silent', since: heard + OVERDUE }],
    ['refused before, stored since', { lastSuccessAt: heard, lastRefusedAt: heard - 5 }, { state: 'failing', since: heard - 5 }, heard + 5, ok],
    ['after a restart it gets its time to be heard', { lastSuccessAt: heard, listeningSince: heard + 50 * EVERY }, ok, heard + 50 * EVERY + OVERDUE - 1, ok],
    [
      'after a restart a new silence counts from the start',
      { lastSuccessAt: heard, listeningSince: heard + 50 * EVERY },
      ok,
      heard + 50 * EVERY + OVERDUE,
      { state: 'silent', since: heard + 50 * EVERY + OVERDUE },
    ],
    ['a silence told before a restart goes on', { lastSuccessAt: heard, listeningSince: heard + 50 * EVERY }, silent, heard + 50 * EVERY, silent],
  ];
  it.each(table)('%s', (_name, some, before, now, expected) => {
    expect(judgeSource(facts(some), before, now)).toEqual(expected);
  });
});

it('tells the journal of silence, failure and return, each once, and not of a first sign of life', () => {
  const states = ['never', 'ok', 'silent', 'failing'] as const;
  const told = states.flatMap((before) => states.map((after) => [before, after, journalKindOf(before, after)] as const)).filter(([, , kind]) => kind !== null);
  expect(told).toEqual([
    ['never', 'silent', 'source_silent'],
    ['never', 'failing', 'source_failing'],
    ['ok', 'silent', 'source_silent'],
    ['ok', 'failing', 'source_failing'],
    ['silent', 'ok', 'source_resumed'],
    ['silent', 'failing', 'source_failing'],
    ['failing', 'ok', 'source_resumed'],
    ['failing', 'silent', 'source_silent'],
  ]);
});

describe('the longest usual pause', () => {
  const definitions = new Map([
    ['depth', { interval: 300_000 }],
    ['rain', { interval: 60_000 }],
  ]);
  const source = (more: object) => sourceSchema.parse({ id: 'a', name: { zh: '甲', en: 'A' }, kind: 'push', ...more });

  it('is the smallest interval among the indicators that a source declares', () => {
    expect(expectedEveryOf(source({ indicators: { depth: {}, rain: {} } }), definitions)).toBe(60_000);
    expect(expectedEveryOf(source({ indicators: { depth: {}, gone: {} } }), definitions)).toBe(300_000);
  });
  it('is not known of a source that declares none', () => {
    expect(expectedEveryOf(source({}), definitions)).toBeNull();
  });
  it('is the heartbeat of a replay of events', () => {
    const replay = { kind: 'replay', recording: 'r', today: '2026-01-01', days: { before: 1, after: 1 }, indicators: { rain: {} } };
    expect(expectedEveryOf(source({ ...replay, heartbeat: '10m' }), definitions)).toBe(600_000);
    expect(expectedEveryOf(source(replay), definitions)).toBe(60_000);
  });
});
