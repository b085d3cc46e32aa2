/** How much room the store has: the free bytes under an embedded one, and whether any store said lately that it has none left. */
import { statfs } from 'node:fs/promises';

export interface StoreSpace {
  /** The store refused to take something for lack of room. */
  noteFull(): void;
  read(): Promise<SpaceReading>;
}

export interface SpaceReading {
  full: boolean;
  /** Of the disk under an embedded store; null for an external one, whose disk is not ours to see. */
  freeBytes: number | null;
  /** What the operator should know; null: nothing. */
  warning: string | null;
}

/** A day of a busy city, and the room that PostgreSQL itself needs to work. */
const LOW_BYTES = 1024 ** 3;
/** Senders come back within this; when none meets a full disk any more, it is taken for mended. */
const FULL_MS = 30_000;

/** `directory`: of the embedded store; null for an external one. */
export function watchStoreSpace(directory: string | null, now: () => number): StoreSpace {
  let fullAt = Number.NEGATIVE_INFINITY;
  return {
    noteFull() {
      fullAt = now();
    },
    async read() {
      const freeBytes = directory === null ? null : await freeBytesOf(directory);
      const full = Math.abs(now() - fullAt) < FULL_MS;
      if (full) return { full, freeBytes, warning: 'The disk of the store is full: readings are refused until there is room.' };
      const isLow = freeBytes !== null && freeBytes < LOW_BYTES;
      return { full, freeBytes, warning: isLow ? `Only ${Math.floor(freeBytes / 1024 ** 2)} MB are free under the store; make room before readings are refused.` : null };
    },
  };
}

async function freeBytesOf(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
