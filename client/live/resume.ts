/**
 * How the page takes up the stream again after a break: it says how far it got, and every frame is judged by its number.
 * Without a gap nothing was missed; with one, only a new snapshot puts it right.
 */
import type { Handshake } from '../../server/contract/index.ts';

/** The protocol this client speaks. It is written here, not imported, as the bundle shall not carry the schemas; a test compares. */
export const SPOKEN_PROTOCOL = 1;

export interface Position {
  epoch: string | null;
  seq: number;
}

/** What is sent in socket.io's `auth`; without `resume` the server answers with a snapshot. */
export function handshakeOf(position: Position): Handshake {
  return position.epoch === null ? { protocol: SPOKEN_PROTOCOL } : { protocol: SPOKEN_PROTOCOL, resume: { epoch: position.epoch, seq: position.seq } };
}

export type FrameVerdict = 'take' | 'repeat' | 'gap';

/**
 * `take`: the next frame, or a thinned one, which stands for all that were left out before it. `repeat`: had it already.
 * `gap`: something was missed.
 */
export function judgeFrame(seq: number, frame: { seq: number; thinned?: boolean }): FrameVerdict {
  if (frame.seq <= seq) return 'repeat';
  return frame.seq === seq + 1 || frame.thinned === true ? 'take' : 'gap';
}

/** Refusals that trying again cannot mend: the person must sign in, ask for a right, or load the page anew. */
const finalRefusals: ReadonlySet<string> = new Set(['unauthenticated', 'wrong_credentials', 'forbidden', 'cross_site', 'invalid_request', 'conflict']);

export function isFinalRefusal(code: string): boolean {
  return finalRefusals.has(code);
}

/** The link is taken for dead after this long without a sign of life: five heartbeats. */
export const SILENCE_LIMIT_MS = 5000;
