/**
 * How the page takes up the stream again after a break: it says how far it got, and every frame is judged by its number.
 * Without a gap nothing was missed; with one, only a new snapshot puts it right.
 */
import type { Handshake } from '../../server/contract/index.ts';
import { PROTOCOL_VERSION } from '../../server/contract/words.ts';

export interface Position {
  epoch: string | null;
  seq: number;
}

/** What is sent in socket.io's `auth`; without `resume` the server answers with a snapshot. */
export function handshakeOf(position: Position): Handshake {
  return position.epoch === null ? { protocol: PROTOCOL_VERSION } : { protocol: PROTOCOL_VERSION, resume: { epoch: position.epoch, seq: position.seq } };
}

export type FrameVerdict = 'take' | 'repeat' | 'gap';

/**
 * Of a readings frame. `take`: the next one, or a thinned one, which stands for all that were left out before it. `repeat`: had it
 * already. `gap`: something was missed.
 */
export function judgeFrame(seq: number, frame: { seq: number; thinned?: boolean }): FrameVerdict {
  if (frame.seq <= seq) return 'repeat';
  return frame.seq === seq + 1 || frame.thinned === true ? 'take' : 'gap';
}

/**
 * Where the stream stands after a frame of whole states (alerts, the catalogue). Such a frame is applied in any case: it does no harm twice,
 * and to a client that was slow the server sends it before the thinned readings. After a jump the number stays, so that the next
 * readings frame tells whether something was missed.
 */
export function seqAfterState(seq: number, frame: { seq: number }): number {
  return frame.seq === seq + 1 ? frame.seq : seq;
}

/** Refusals that trying again cannot mend: the person must ask for a right, or load the page anew. Who is not signed in is asked by the session. */
const finalRefusals: ReadonlySet<string> = new Set(['forbidden', 'cross_site', 'invalid_request']);

export function isFinalRefusal(code: string): boolean {
  return finalRefusals.has(code);
}

/** The link is taken for dead after this long without a sign of life: five heartbeats. */
export const SILENCE_LIMIT_MS = 5000;

/** A page that was held up longer than this between two ticks could not hear, and is given the rest of the limit to listen again. */
const HELD_UP_MS = 3000;

export interface Hearing {
  at: number;
  /** The last sign of life. */
  lastSign: number;
  /** Until when the page was last held up (asleep, or busy); 0 when it never was. */
  heldUpUntil: number;
}

/** Whether the silence is the link's fault: time in which the page could not listen does not count in full. */
export function isSilent({ at, lastSign, heldUpUntil }: Hearing): boolean {
  return at - Math.max(lastSign, heldUpUntil - HELD_UP_MS) > SILENCE_LIMIT_MS;
}

export function wasHeldUp(sinceLastTickMs: number): boolean {
  return sinceLastTickMs > HELD_UP_MS;
}
