/**
 * The way into quarantine. What is handed in is committed when `keep` resolves, or `keep` rejects and nothing is promised.
 *
 * One writer for all doors, and whatever gathers while it writes goes into its next transaction: a flood of bad readings costs one
 * connection of the store and never holds up the writers of good ones. It is bounded, too: what is beyond it is counted, not kept.
 */
import { AppError } from '../contract/index.ts';
import type { Original, PieceRefusal } from './piece.ts';
import { type Database, insertRefused, type KeptOriginal, type QuarantineBounds, type QuarantineSize, toKept } from './quarantine-store.ts';

export interface Refused {
  original: Original;
  /** As it came, where it is no text. */
  bytes?: Buffer;
  refusal: PieceRefusal;
}

/** Refused originals, and how many readings or originals were refused altogether: only the first may be here. */
export interface RefusedOriginals {
  originals: readonly Refused[];
  count: number;
}

export interface Quarantine {
  /** What a source's bound cannot hold is counted as dropped. @throws AppError `store_unavailable`, `store_full`, `overloaded` */
  keep(sourceId: string, refused: RefusedOriginals, receivedAt: number): Promise<void>;
}

/** 10,000 show the whole of a mistake that was noticed within a day; 64 MB for each source stay small beside the readings. */
export const DEFAULT_BOUNDS: QuarantineBounds = { entries: 10_000, bytes: 64 * 1024 * 1024, ageMs: 30 * 86_400_000 };
/** Of one transaction; a source's bound may drop as many of it. */
const BATCH = 1000;
/** Waiting for the writer, all doors together. */
const MAX_WAITING = 20_000;

interface Waiting {
  entries: KeptOriginal[];
  sourceId: string;
  unkept: number;
  done(): void;
  failed(error: unknown): void;
}

export function createQuarantine(deps: { database: Database; bounds: QuarantineBounds; changed(sizes: ReadonlyMap<string, QuarantineSize>): void }): Quarantine {
  let waiting: Waiting[] = [];
  let waitingEntries = 0;
  let isWriting = false;

  const takeBatch = (): Waiting[] => {
    let entries = 0;
    let count = 0;
    // At least one; then as many whole calls as fit.
    while (count < waiting.length && (count === 0 || entries + (waiting[count]?.entries.length ?? 0) <= BATCH)) entries += waiting[count++]?.entries.length ?? 0;
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingEntries -= entries;
    return batch;
  };
  const write = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = takeBatch();
      const unkept = new Map<string, number>();
      for (const call of batch) if (call.unkept > 0) unkept.set(call.sourceId, (unkept.get(call.sourceId) ?? 0) + call.unkept);
      try {
        deps.changed(await insertRefused(deps.database, { entries: batch.flatMap((call) => call.entries), unkept }, deps.bounds));
        for (const call of batch) call.done();
      } catch (error) {
        for (const call of batch) call.failed(error);
      }
    }
    isWriting = false;
  };

  const wait = (part: Pick<Waiting, 'sourceId' | 'entries' | 'unkept'>): Promise<void> =>
    new Promise((done, failed) => {
      waiting.push({ ...part, done, failed });
      waitingEntries += part.entries.length;
      if (!isWriting) void write();
    });

  return {
    async keep(sourceId, refused, receivedAt) {
      if (refused.count === 0) return;
      if (waitingEntries >= MAX_WAITING) throw new AppError('overloaded', 'Too much is being refused at once; nothing was promised. Send it again shortly.', { retryAfter: 2 });
      const entries = refused.originals.slice(-deps.bounds.entries).map((one) => toKept({ sourceId, receivedAt, ...one }));
      const parts: Promise<void>[] = [];
      for (let at = 0; at === 0 || at < entries.length; at += BATCH) {
        parts.push(wait({ sourceId, entries: entries.slice(at, at + BATCH), unkept: at === 0 ? refused.count - entries.length : 0 }));
      }
      await Promise.all(parts);
    },
  };
}
