/** The inbox without a broker: what is acknowledged, when, and how much is held. */
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../contract/index.ts';
import { createInbox, type Inbox, MAX_MESSAGES, type Message } from './mqtt-inbox.ts';
import type { Piece } from './piece.ts';

const message = (packetId: number | null, text = String(packetId)): Message => ({ topic: 'a', payload: Buffer.from(text), retained: false, packetId, isRepeat: false });

function setUp(take: (pieces: readonly Piece[]) => Promise<unknown>): {
  inbox: Inbox;
  timers: (() => void)[];
  connection(): { acknowledged: number[]; acknowledge(ids: readonly number[]): void };
} {
  const timers: (() => void)[] = [];
  const inbox = createInbox({
    original: ({ topic, payload }) => ({ format: 'mqtt', text: payload.toString(), detail: { topic } }),
    read: async (original) => ({ readings: original.text === 'nothing' ? [] : [original.text], refusals: [], original }),
    take,
    now: () => 0,
    setTimer(_ms, callback) {
      timers.push(callback);
      return { cancel: () => timers.splice(timers.indexOf(callback), 1) };
    },
    random: () => 0.5,
    log: { info: () => {}, warn: () => {} },
  });
  const connection = (): { acknowledged: number[]; acknowledge(ids: readonly number[]): void } => {
    const acknowledged: number[] = [];
    return { acknowledged, acknowledge: (ids) => acknowledged.push(...ids) };
  };
  return { inbox, timers, connection };
}

/** A door that opens when it is told. */
function gate(): { taken: string[][]; take(pieces: readonly Piece[]): Promise<void>; open(): void } {
  const taken: string[][] = [];
  let opening: (() => void)[] = [];
  return {
    taken,
    take(pieces) {
      taken.push(pieces.map(({ readings }) => String(readings[0])));
      return new Promise((resolve) => opening.push(resolve));
    },
    open() {
      for (const one of opening.splice(0)) one();
      opening = [];
    },
  };
}

describe('the inbox of a broker', () => {
  it('acknowledges nothing before it is stored, then everything at once; what gathers meanwhile is the next batch', async () => {
    const door = gate();
    const { inbox, connection } = setUp(door.take);
    const from = connection();
    for (const id of [1, 2, 3]) inbox.accept(message(id), from, () => {});
    await vi.waitFor(() => expect(door.taken).toHaveLength(1));
    inbox.accept(message(4), from, () => {});
    inbox.accept(message(null, 'loose'), from, () => {});
    expect(from.acknowledged).toEqual([]);
    const first = door.taken[0]?.length ?? 0;
    door.open();
    await vi.waitFor(() => expect(from.acknowledged).toHaveLength(first));
    await vi.waitFor(() => {
      door.open();
      expect(from.acknowledged).toEqual([1, 2, 3, 4]);
    });
    expect(door.taken.flat()).toEqual(['1', '2', '3', '4', 'loose']);
  });

  it('hands in the same messages until they are stored', async () => {
    let failures = 3;
    const tries: string[] = [];
    const { inbox, timers, connection } = setUp(async (pieces) => {
      tries.push(pieces.map(({ readings }) => readings[0]).join());
      if (failures-- > 0) throw failures === 1 ? new Error('unexpected') : new AppError('store_unavailable', 'away');
    });
    const from = connection();
    inbox.accept(message(7), from, () => {});
    for (let i = 0; i < 3; i++) {
      await vi.waitFor(() => expect(timers).toHaveLength(1));
      expect(from.acknowledged).toEqual([]);
      timers.shift()?.();
    }
    await vi.waitFor(() => expect(from.acknowledged).toEqual([7]));
    expect(tries).toEqual(['7', '7', '7', '7']);
  });

  it('holds a bounded number of messages and listens again once there is room', async () => {
    const door = gate();
    const { inbox, connection } = setUp(door.take);
    const from = connection();
    let proceeded = 0;
    for (let id = 1; id <= MAX_MESSAGES; id++) inbox.accept(message(id), from, () => proceeded++);
    expect(proceeded).toBe(MAX_MESSAGES - 1);
    await vi.waitFor(() => expect(door.taken).toHaveLength(1));
    door.open();
    await vi.waitFor(() => expect(proceeded).toBe(MAX_MESSAGES));
  });

  it('holds a bounded number of bytes', () => {
    const { inbox, connection } = setUp(gate().take);
    let proceeded = 0;
    for (let id = 1; id <= 5; id++) inbox.accept(message(id, 'x'.repeat(4 * 1024 * 1024)), connection(), () => proceeded++);
    expect(proceeded).toBe(3);
  });

  it('acknowledges a message that came again over the newer connection, and stores it once', async () => {
    const door = gate();
    const { inbox, connection } = setUp(door.take);
    const [old, next] = [connection(), connection()];
    inbox.accept(message(1), old, () => {});
    inbox.accept({ ...message(1), isRepeat: true }, next, () => {});
    inbox.accept({ ...message(1, 'another'), isRepeat: true }, next, () => {});
    await vi.waitFor(() => {
      door.open();
      expect(next.acknowledged).toEqual([1, 1]);
    });
    expect(old.acknowledged).toEqual([]);
    expect(door.taken.flat()).toEqual(['1', 'another']);
  });

  it('acknowledges what has nothing to store', async () => {
    const take = vi.fn(async () => {});
    const { inbox, connection } = setUp(take);
    const from = connection();
    inbox.accept(message(1, 'nothing'), from, () => {});
    await vi.waitFor(() => expect(from.acknowledged).toEqual([1]));
    expect(take).not.toHaveBeenCalled();
  });

  it('stores what it holds before it stops, and takes nothing after', async () => {
    const { inbox, connection } = setUp(async () => {});
    const from = connection();
    for (let id = 1; id <= 300; id++) inbox.accept(message(id), from, () => {});
    await inbox.stop();
    expect(from.acknowledged).toHaveLength(300);
    let proceeded = 0;
    inbox.accept(message(301), from, () => proceeded++);
    expect([proceeded, from.acknowledged.length]).toEqual([1, 300]);
  });

  it('stops at once when the store is away, acknowledging nothing', async () => {
    const { inbox, timers, connection } = setUp(async () => {
      throw new AppError('store_unavailable', 'away');
    });
    const from = connection();
    inbox.accept(message(1), from, () => {});
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    await inbox.stop();
    expect(from.acknowledged).toEqual([]);
  });
});
