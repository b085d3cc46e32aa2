/**
 * The chain that makes the journal tamper-evident: every entry's hash covers the entry before it, so a row that is changed,
 * taken out or moved breaks the chain from there on. (Rows cut off the end are seen only by whoever kept the newest hash.)
 * The hash depends on what an entry says, not on how its JSON is spelt: `jsonb` may reorder keys without harm.
 */
import { createHash } from 'node:crypto';
import type { JournalEntry } from '../contract/index.ts';

/** What the first entry of a journal is chained to. */
export const GENESIS_HASH = '0'.repeat(64);

export type HashedEntry = Pick<JournalEntry, 'id' | 'at' | 'kind' | 'alert' | 'actor' | 'detail'>;

/** SHA-256, hex, over the previous entry's hash and this entry. Keys other than those of `HashedEntry` do not count. */
export function journalHash(previousHash: string, entry: HashedEntry): string {
  const { id, at, kind, alert, actor, detail } = entry;
  return createHash('sha256').update(previousHash).update('\n').update(canonicalJson({ id, at, kind, alert, actor, detail })).digest('hex');
}

/**
 * Index of the first entry whose hash is not that of its content and its predecessor, or null when the chain holds.
 * `entries` are in journal order; `previousHash` is the hash of the entry before the first of them.
 */
export function verifyChain(entries: readonly (HashedEntry & { hash: string })[], previousHash: string = GENESIS_HASH): number | null {
  let previous = previousHash;
  for (const [index, entry] of entries.entries()) {
    if (journalHash(previous, entry) !== entry.hash) return index;
    previous = entry.hash;
  }
  return null;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
