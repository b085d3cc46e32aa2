/**
 * Calls to the server that do not give up: a busy server is asked again when it says so, one that cannot be reached again and again.
 * Every answer that no retry would change comes back to the caller.
 */

export interface ReplayClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `callback` once after `ms`. */
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

/** The token is missing, unknown or may not do this: asking again would not help. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

export interface CallerDeps {
  /** The server's address, such as http://127.0.0.1:8080. */
  url: string;
  token: string;
  clock: ReplayClock;
  /** Numbers in [0, 1): spreads the retries of several senders. */
  random: () => number;
  log: (line: string) => void;
  signal: AbortSignal;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string;
}

export interface Answer {
  status: number;
  text: string;
}

/** @throws NotAllowed when the credential is refused; the signal's reason when it was aborted. */
export type Caller = (call: Call) => Promise<Answer>;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A server may ask for a longer pause than our own longest, but not for one that looks like the end. */
const LONGEST_RETRY_AFTER_MS = 300_000;
/** An answer that takes longer than this is taken for a broken connection. */
const ANSWER_MS = 60_000;

/** Pause before the n-th retry (from 0): doubling, with the upper half left to chance. */
export function pauseBefore(retry: number, random: () => number): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(retry, 20), LONGEST_PAUSE_MS);
  return longest * (0.5 + random() / 2);
}

/** Milliseconds asked for by a Retry-After header (seconds or a date), or null. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null;
  const asked = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(asked) ? null : Math.min(Math.max(asked, 0), LONGEST_RETRY_AFTER_MS);
}

/** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
export function pause(clock: ReplayClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      timer.cancel();
      reject(signal.reason);
    };
    const timer = clock.setTimer(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

type Outcome = { kind: 'answered'; answer: Answer } | { kind: 'retry'; why: string; afterMs: number | null };

export function createCaller(deps: CallerDeps): Caller {
  const { clock, log, random, signal } = deps;

  async function attempt({ method, path, headers, body }: Call): Promise<Outcome> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, deps.url), {
        method,
        headers: { authorization: `Bearer ${deps.token}`, ...headers },
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> | string }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      text = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'retry', why: `cannot be reached (${causeOf(error)})`, afterMs: null };
    }
    const { status } = response;
    if (status === 401 || status === 403) throw new NotAllowed(`The server refuses the token (${status}): ${text.slice(0, 300)}`);
    if (status === 429 || status >= 500) return { kind: 'retry', why: `answered ${status}`, afterMs: retryAfterMs(response.headers.get('retry-after'), clock.now()) };
    return { kind: 'answered', answer: { status, text } };
  }

  return async (call) => {
    for (let retry = 0; ; retry += 1) {
      signal.throwIfAborted();
      const outcome = await attempt(call);
      if (outcome.kind === 'answered') {
        if (retry > 0) log(`The server answers again after ${retry} ${retry === 1 ? 'retry' : 'retries'}.`);
        return outcome.answer;
      }
      if (retry === 0) log(`The server ${outcome.why}; trying again.`);
      const own = pauseBefore(retry, random);
      await pause(clock, outcome.afterMs === null ? own : outcome.afterMs + random() * FIRST_PAUSE_MS, signal);
    }
  };
}

/** The innermost reason: fetch wraps `ECONNREFUSED` in a "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.message : causeOf(error.cause);
}
