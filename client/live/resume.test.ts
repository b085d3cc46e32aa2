import { expect, test } from 'vitest';
import { handshakeSchema } from '../../server/contract/index.ts';
import { PROTOCOL_VERSION } from '../../server/contract/words.ts';
import { handshakeOf, isFinalRefusal, isSilent, judgeFrame, seqAfterState, wasHeldUp } from './resume.ts';

test('a first handshake asks for nothing, a later one says how far it got', () => {
  expect(handshakeSchema.parse(handshakeOf({ epoch: null, seq: 0 }))).toEqual({ protocol: PROTOCOL_VERSION });
  expect(handshakeSchema.parse(handshakeOf({ epoch: 'e', seq: 41 }))).toEqual({ protocol: PROTOCOL_VERSION, resume: { epoch: 'e', seq: 41 } });
});

test.each([
  ['take', 5, { seq: 6 }],
  ['repeat', 5, { seq: 5 }],
  ['repeat', 5, { seq: 2, thinned: true }],
  ['gap', 5, { seq: 7 }],
  ['gap', 5, { seq: 9, thinned: false }],
  ['take', 5, { seq: 9, thinned: true }],
])('%s: at %d a frame %o', (verdict, seq, frame) => {
  expect(judgeFrame(seq, frame)).toBe(verdict);
});

test('a frame of whole states moves the stream on only when it is the next one', () => {
  expect([seqAfterState(5, { seq: 6 }), seqAfterState(5, { seq: 8 }), seqAfterState(5, { seq: 3 })]).toEqual([6, 5, 5]);
});

test('a slow client that gets missed alerts before the thinned readings asks for nothing; one that truly lost readings does', () => {
  const afterAlerts = seqAfterState(5, { seq: 8 });
  expect(judgeFrame(afterAlerts, { seq: 9, thinned: true })).toBe('take');
  expect(judgeFrame(afterAlerts, { seq: 9, thinned: false })).toBe('gap');
});

test('what only another page or another account could mend is final; a full server, a store that is away and a session that ended are not', () => {
  expect(['invalid_request', 'forbidden', 'overloaded', 'store_unavailable', 'internal', 'unauthenticated'].map(isFinalRefusal)).toEqual([true, true, false, false, false, false]);
});

test.each([
  [false, 'five seconds after a sign of life', { at: 15_000, lastSign: 10_000, heldUpUntil: 0 }],
  [true, 'later than that', { at: 15_001, lastSign: 10_000, heldUpUntil: 0 }],
  [false, 'when the page has just come back from a long sleep', { at: 900_000, lastSign: 10_000, heldUpUntil: 900_000 }],
  [true, 'when it has listened for two seconds since and heard nothing', { at: 902_001, lastSign: 10_000, heldUpUntil: 900_000 }],
])('silent: %s %s', (expected, _when, hearing) => {
  expect(isSilent(hearing)).toBe(expected);
});

test('a page that ticks late by a second was not held up', () => {
  expect([wasHeldUp(2000), wasHeldUp(3001)]).toEqual([false, true]);
});
