/**
 * Sends batches through the public ingest door and does not give up: a busy server is asked again when it says so, one that
 * cannot be reached again and again. Only what the server has answered counts as sent. A refused batch is told in the log and
 * left behind, as sending it again would change nothing.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ingestAnswerSchema, type ReadingInput } from '../server/contract/index.ts';

const pack = promisify(gzip);

export interface ReplayClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `callback` once after `ms`. */
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

/** The token is missing, unknown or may not write: asking again would not help. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

export interface DoorDeps {
  /** The server's address, such as http://127.0.0.1:8080. */
  url: string;
  token: string;
  clock: ReplayClock;
  /** Numbers in [0, 1): spreads the retries of several senders. */
  random: () => number;
  log: (line: string) => void;
  signal: AbortSignal;
}

export interface Door {
  /**
   * Returns when every reading was answered. At most `MAX_BATCH` readings a call.
   * @throws NotAllowed when the credential is refused; the signal's reason when it was aborted.
   */
  send(source: string, readings: readonly ReadingInput[]): Promise<void>;
}

export const MAX_BATCH = 5_000;

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

type Outcome = { kind: 'answered' } | { kind: 'too_large' } | { kind: 'retry'; why: string; afterMs: number | null };

export function createDoor(deps: DoorDeps): Door {
  const { clock, log, random, signal } = deps;
  const told = new Set<string>();
  const once = (key: string, line: string): void => {
    if (told.has(key)) return;
    told.add(key);
    log(line);
  };

  async function post(source: string, body: Buffer): Promise<Response> {
    const address = new URL(`/api/v1/readings?source=${encodeURIComponent(source)}`, deps.url);
    const headers = { authorization: `Bearer ${deps.token}`, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    return fetch(address, { method: 'POST', headers, body: new Uint8Array(body), signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
  }

  async function judge(source: string, response: Response): Promise<Outcome> {
    const text = await response.text();
    if (response.ok) {
      tellRefusals(source, text);
      return { kind: 'answered' };
    }
    const { status } = response;
    if (status === 401 || status === 403) throw new NotAllowed(`The server refuses the token (${status}): ${text.slice(0, 300)}`);
    if (status === 413) return { kind: 'too_large' };
    if (status === 429 || status >= 500) return { kind: 'retry', why: `answered ${status}`, afterMs: retryAfterMs(response.headers.get('retry-after'), clock.now()) };
    log(`${source}: a batch was refused with ${status}: ${text.slice(0, 1000)}`);
    return { kind: 'answered' };
  }

  /** Readings refused one by one: each kind is told once, as the same recording would repeat it with every batch. */
  function tellRefusals(source: string, text: string): void {
    for (const { code, message } of refusalsIn(text)) once(`${source} ${code} ${message}`, `${source}: a reading was refused (${code}): ${message}`);
  }

  async function attempt(source: string, body: Buffer): Promise<Outcome> {
    try {
      return await judge(source, await post(source, body));
    } catch (error) {
      if (error instanceof NotAllowed) throw error;
      signal.throwIfAborted();
      return { kind: 'retry', why: `cannot be reached (${causeOf(error)})`, afterMs: null };
    }
  }

  async function send(source: string, readings: readonly ReadingInput[]): Promise<void> {
    if (readings.length === 0) return;
    const body = await pack(readings.map((reading) => JSON.stringify(reading)).join('\n'));
    for (let retry = 0; ; retry += 1) {
      signal.throwIfAborted();
      const outcome = await attempt(source, body);
      if (outcome.kind === 'answered') {
        if (retry > 0) log(`The server answers again after ${retry} ${retry === 1 ? 'retry' : 'retries'}.`);
        return;
      }
      if (outcome.kind === 'too_large') return sendHalves(source, readings);
      if (retry === 0) log(`The server ${outcome.why}; trying again.`);
      const own = pauseBefore(retry, random);
      await pause(clock, outcome.afterMs === null ? own : outcome.afterMs + random() * FIRST_PAUSE_MS, signal);
    }
  }

  async function sendHalves(source: string, readings: readonly ReadingInput[]): Promise<void> {
    if (readings.length === 1) return log(`${source}: a single reading is too large for the server; it is left out.`);
    const middle = Math.ceil(readings.length / 2);
    await send(source, readings.slice(0, middle));
    await send(source, readings.slice(middle));
  }

  return { send };
}

function refusalsIn(text: string): { code: string; message: string }[] {
  try {
    const answer = ingestAnswerSchema.safeParse(JSON.parse(text));
    return answer.success ? answer.data.rejected : [];
  } catch {
    return [];
  }
}

/** The innermost reason: fetch wraps `ECONNREFUSED` in a "fetch failed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.message : causeOf(error.cause);
}
