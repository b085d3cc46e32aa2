/**
 * Messages between a broker and the door. What always holds: a message is acknowledged only after the door has committed it, and by
 * the connection it came over; what is in work is bounded by number and bytes, and beyond that the broker is not listened to. While the
 * store is away or overloaded the same batch is handed in again and again, nothing is acknowledged, and the broker keeps the rest.
 */
import { AppError } from '../contract/index.ts';
import type { Original, Piece } from './piece.ts';

/** Who can be told that a message is stored. One for each connection: packet numbers mean nothing on another. */
export interface Acknowledger {
  acknowledge(packetIds: readonly number[]): void;
}

export interface Message {
  topic: string;
  payload: Buffer;
  retained: boolean;
  /** Null for QoS 0, which asks for no acknowledgement. */
  packetId: number | null;
  /** Sent before, on a connection that ended. */
  isRepeat: boolean;
}

export interface InboxPorts {
  original(message: Message): Original;
  read(original: Original, receivedAt: number): Promise<Piece>;
  /** Resolves once all is committed. */
  take(pieces: readonly Piece[]): Promise<unknown>;
  now(): number;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  random(): number;
  log: { info(message: string): void; warn(message: string, error?: unknown): void };
}

export interface Inbox {
  /** Takes a message; `proceed` is called when the next one may come: at once, or when there is room again. */
  accept(message: Message, from: Acknowledger, proceed: () => void): void;
  /** Takes no more, tries once more to store what is here, and settles. What is not stored is not acknowledged. */
  stop(): Promise<void>;
}

/** Messages in work at most; also what a broker that speaks MQTT 5 is told it may send ahead of acknowledgements. */
export const MAX_MESSAGES = 500;
const MAX_BYTES = 16 * 1024 * 1024;
/** One transaction: long enough to be worth its commit, short enough to leave the other doors their turn. */
const MAX_BATCH = 250;

interface Held extends Message {
  from: Acknowledger;
  receivedAt: number;
}

export function createInbox(ports: InboxPorts): Inbox {
  let waiting: Held[] = [];
  let inWork: Held[] = [];
  let bytes = 0;
  let blocked: (() => void)[] = [];
  let running: Promise<void> | null = null;
  let isStopping = false;
  let wakeEarly: (() => void) | null = null;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ports.setTimer(ms, resolve);
      wakeEarly = () => {
        timer.cancel();
        resolve();
      };
    });

  /** True once stored; false when it is given up because the inbox stops. */
  const store = async (pieces: readonly Piece[]): Promise<boolean> => {
    for (let failures = 0; ; failures++) {
      try {
        await ports.take(pieces);
        if (failures > 0) ports.log.info(`stored again after ${failures} ${failures === 1 ? 'failure' : 'failures'}`);
        return true;
      } catch (error) {
        if (failures === 0) ports.log.warn('nothing can be stored now: nothing is acknowledged, and the same messages are tried again', error);
        if (isStopping) return false;
        await pause(retryDelay(failures, error, ports.random()));
      }
    }
  };

  const runBatch = async (): Promise<boolean> => {
    inWork = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    const pieces: Piece[] = [];
    for (const message of inWork) pieces.push(await readOne(ports, message));
    // A retained message without a time of its own says nothing new: there is nothing to store, and nothing to keep.
    const telling = pieces.filter((piece) => piece.readings.length + piece.refusals.length > 0);
    if (telling.length > 0 && !(await store(telling))) return false;
    acknowledge(inWork);
    for (const message of inWork) bytes -= message.payload.length;
    inWork = [];
    return true;
  };

  const hasRoom = (): boolean => waiting.length + inWork.length < MAX_MESSAGES && bytes < MAX_BYTES;
  const run = async (): Promise<void> => {
    while (waiting.length > 0 && (await runBatch())) {
      if (!hasRoom()) continue;
      const proceeding = blocked;
      blocked = [];
      for (const proceed of proceeding) proceed();
    }
    running = null;
  };

  return {
    accept(message, from, proceed) {
      // Not taken and not acknowledged: it stays with the broker.
      if (isStopping) return proceed();
      const known = message.isRepeat ? [...inWork, ...waiting].find((held) => isSame(held, message)) : undefined;
      if (known !== undefined) {
        known.from = from;
        return proceed();
      }
      waiting.push({ ...message, from, receivedAt: ports.now() });
      bytes += message.payload.length;
      if (hasRoom()) proceed();
      else blocked.push(proceed);
      running ??= run();
    },
    async stop() {
      isStopping = true;
      wakeEarly?.();
      await running;
      for (const proceed of blocked.splice(0)) proceed();
    },
  };
}

/** A reader that throws has a fault of ours: the message is kept as refused, for it would come again for ever and hold up all others. */
async function readOne(ports: InboxPorts, message: Held): Promise<Piece> {
  const original = ports.original(message);
  try {
    return await ports.read(original, message.receivedAt);
  } catch (error) {
    ports.log.warn(`a message of the topic ${message.topic} could not be read`, error);
    return { readings: [], refusals: [{ code: 'internal', path: '', message: 'The message could not be read; the log of the server says why.' }], original };
  }
}

/** The same delivery, come again over a new connection while the first one is still in work. */
function isSame(held: Message, message: Message): boolean {
  return held.packetId !== null && held.packetId === message.packetId && held.topic === message.topic && held.payload.equals(message.payload);
}

function acknowledge(messages: readonly Held[]): void {
  const byConnection = new Map<Acknowledger, number[]>();
  for (const { from, packetId } of messages) {
    if (packetId === null) continue;
    const ids = byConnection.get(from) ?? [];
    ids.push(packetId);
    byConnection.set(from, ids);
  }
  for (const [from, ids] of byConnection) from.acknowledge(ids);
}

const FIRST_RETRY_MS = 250;
/** A store that is back is found soon: within this, everything goes on by itself. */
const LONGEST_RETRY_MS = 4000;

/** Doubles up to the longest; between half and all of it, so that many sources do not come back in one moment. */
function retryDelay(failures: number, error: unknown, random: number): number {
  const told = error instanceof AppError && error.retryAfter !== undefined ? error.retryAfter * 1000 : 0;
  const ms = Math.min(LONGEST_RETRY_MS, Math.max(told, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
  return ms * (0.5 + random / 2);
}
