/**
 * The bound in front of the doors for readings: how many requests, and how many bytes of them, may be in the server at once. What is
 * beyond it is answered at once, 503 or 429 with `Retry-After`, and its body is not taken in. A request holds its place until its handler has
 * ended, also when its sender has gone: what it holds in memory has not.
 *
 * Bodies in memory are cheap (one buffer each); what is made of them is not (text, objects, columns: several times the body). So bodies
 * may wait, read, for their turn, and only some are worked on at once.
 */
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../contract/index.ts';
import { linger, receiveBody } from './receive-body.ts';

export interface PressureLimits {
  /** Requests in the server at once. */
  requests: number;
  /** Bytes of their bodies, unpacked. */
  bytes: number;
  /** Bytes of the bodies that are worked on at once. */
  workBytes: number;
}

export interface PressureDeps {
  limits: PressureLimits;
  /** Whom a request counts for. */
  senderOf(request: Request): string;
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

export interface Pressure {
  /** Runs `handler` with the whole body read (`bodyText` gives it), inside the bounds. */
  door(handler: (request: Request, response: Response) => Promise<void>): RequestHandler;
  readonly requests: number;
  readonly bytes: number;
  /** Requests turned away since the start. */
  readonly refused: number;
}

/** Sixty-four senders at once; of the largest bodies three read and one of them worked on: with what is made of it, some 350 MB at the worst. */
export const DEFAULT_LIMITS: PressureLimits = { requests: 64, bytes: 48 * 1024 * 1024, workBytes: 16 * 1024 * 1024 };

/** While others are there, one sender may hold half; alone it may hold so much that somebody else still finds room. */
const SHARE = 1 / 2;
const SHARE_ALONE = 7 / 8;
const RETRY_SECONDS = 1;

/** One request's part of the bounds. */
interface Hold {
  sender: string;
  bytes: number;
}

export function createPressure(deps: PressureDeps): Pressure {
  const places = createPlaces(deps.limits);
  const turns = createTurns(deps.limits.workBytes);

  const enter = (request: Request): Hold => {
    try {
      return places.enter(deps.senderOf(request));
    } catch (error) {
      linger(request, deps.setTimer);
      throw error;
    }
  };
  const run = async (request: Request, response: Response, handler: (request: Request, response: Response) => Promise<void>): Promise<void> => {
    const hold = enter(request);
    try {
      request.body = await receiveBody(request, { grow: (bytes) => places.grow(hold, bytes), setTimer: deps.setTimer });
      const end = await turns.take(hold.bytes);
      try {
        await handler(request, response);
        request.body = undefined;
      } finally {
        end();
      }
    } finally {
      places.leave(hold);
    }
  };

  return {
    door: (handler) => async (request, response) => {
      await run(request, response, handler);
    },
    get requests() {
      return places.requests;
    },
    get bytes() {
      return places.bytes;
    },
    get refused() {
      return places.refused;
    },
  };
}

interface Places {
  /** @throws AppError `overloaded`, `too_many_requests` */
  enter(sender: string): Hold;
  grow(hold: Hold, bytes: number): void;
  leave(hold: Hold): void;
  readonly requests: number;
  readonly bytes: number;
  readonly refused: number;
}

/** Pure but for its counts. */
export function createPlaces(limits: Pick<PressureLimits, 'requests' | 'bytes'>): Places {
  const senders = new Map<string, { requests: number; bytes: number }>();
  const total = { requests: 0, bytes: 0 };
  let refused = 0;

  const check = (sender: { requests: number; bytes: number }): void => {
    if (total.requests > limits.requests || total.bytes > limits.bytes) refuse('overloaded', 'The server is taking in as much as it can; nothing of this request was taken.');
    const isAlone = senders.size === 1;
    const share = isAlone ? SHARE_ALONE : SHARE;
    if (sender.requests <= limits.requests * share && sender.bytes <= limits.bytes * share) return;
    if (isAlone) refuse('overloaded', 'The server is taking in as much of one sender as it can; nothing of this request was taken.');
    refuse('too_many_requests', 'This sender has more under way than its share; nothing of this request was taken.');
  };
  const refuse = (code: 'overloaded' | 'too_many_requests', message: string): never => {
    refused++;
    throw new AppError(code, `${message} Send it again shortly.`, { retryAfter: RETRY_SECONDS });
  };
  const add = (id: string, part: { requests: number; bytes: number }): { requests: number; bytes: number } => {
    const sender = senders.get(id) ?? { requests: 0, bytes: 0 };
    senders.set(id, sender);
    for (const sum of [sender, total]) {
      sum.requests += part.requests;
      sum.bytes += part.bytes;
    }
    if (sender.requests === 0) senders.delete(id);
    return sender;
  };

  return {
    enter(sender) {
      const counts = add(sender, { requests: 1, bytes: 0 });
      try {
        check(counts);
      } catch (error) {
        add(sender, { requests: -1, bytes: 0 });
        throw error;
      }
      return { sender, bytes: 0 };
    },
    grow(hold, bytes) {
      hold.bytes += bytes;
      check(add(hold.sender, { requests: 0, bytes }));
    },
    leave(hold) {
      add(hold.sender, { requests: -1, bytes: -hold.bytes });
    },
    get requests() {
      return total.requests;
    },
    get bytes() {
      return total.bytes;
    },
    get refused() {
      return refused;
    },
  };
}

/** Turns in order of arrival; together they weigh at most `capacity`, and one that alone weighs more goes when it is alone. */
export function createTurns(capacity: number): { take(weight: number): Promise<() => void> } {
  const waiting: { weight: number; go(): void }[] = [];
  let held = 0;
  const next = (): void => {
    for (let first = waiting[0]; first !== undefined && (held === 0 || held + first.weight <= capacity); first = waiting[0]) {
      waiting.shift();
      held += first.weight;
      first.go();
    }
  };
  return {
    take(weight) {
      return new Promise((resolve) => {
        const end = (): void => {
          held -= weight;
          next();
        };
        waiting.push({ weight, go: () => resolve(end) });
        next();
      });
    },
  };
}
