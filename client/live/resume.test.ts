import { expect, test } from 'vitest';
import { handshakeSchema, PROTOCOL_VERSION } from '../../server/contract/index.ts';
import { handshakeOf, isFinalRefusal, judgeFrame, SPOKEN_PROTOCOL } from './resume.ts';

test('the client speaks the protocol of the contract', () => {
  expect(SPOKEN_PROTOCOL).toBe(PROTOCOL_VERSION);
});

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

test('what signing in or another account could mend is not tried again; a full server is', () => {
  expect(['unauthenticated', 'forbidden', 'overloaded', 'store_unavailable'].map(isFinalRefusal)).toEqual([true, true, false, false]);
});
