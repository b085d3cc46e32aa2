import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertId, alertIdSchema } from '../contract/index.ts';
import { GENESIS_HASH, type HashedEntry, journalHash, verifyChain } from './hash.ts';

const alert: AlertId = alertIdSchema.parse('7');
const entry = (id: number, detail: Record<string, unknown> = {}): HashedEntry => ({
  id,
  at: 1_700_000_000_000 + id,
  kind: 'fired',
  alert,
  actor: { kind: 'rule', id: 'flood', name: 'flood' },
  detail,
});

function chain(entries: HashedEntry[]): (HashedEntry & { hash: string })[] {
  let previous = GENESIS_HASH;
  return entries.map((each) => {
    previous = journalHash(previous, each);
    return { ...each, hash: previous };
  });
}
const five = () => chain([1, 2, 3, 4, 5].map((id) => entry(id, { value: id * 10, limit: { level: 'red', value: 9 } })));

describe('the journal’s chain', () => {
  it('holds for an untouched journal, an empty one, and a part of one that starts from the hash before it', () => {
    const entries = five();
    expect(verifyChain(entries)).toBeNull();
    expect(verifyChain([])).toBeNull();
    expect(verifyChain(entries.slice(2), entries[1]?.hash)).toBeNull();
    expect(verifyChain(entries.slice(2))).toBe(0);
  });

  it('is 64 hex digits and never changes for the same content: stored hashes outlive versions', () => {
    expect(journalHash(GENESIS_HASH, entry(1, { b: 1, a: [1, { d: 2, c: 3 }] }))).toBe('5055d35299684dcaa429e6facccc9bc8994210daab9558e5417b70b0db1af259');
  });

  it('finds a changed row, whichever part was changed', () => {
    const changes: Partial<HashedEntry>[] = [
      { id: 99 },
      { at: 1 },
      { kind: 'resolved' },
      { alert: null },
      { actor: { kind: 'rule', id: 'flood', name: 'other' } },
      { detail: { value: 31, limit: { level: 'red', value: 9 } } },
      { detail: { value: 30, limit: { level: 'red', value: 8 } } },
    ];
    for (const change of changes) expect(verifyChain(five().map((each, i) => (i === 2 ? { ...each, ...change } : each))), JSON.stringify(change)).toBe(2);
  });

  it('finds a row that was changed and hashed again, at the row after it', () => {
    const entries = five();
    const forged = { ...entry(3, { value: 0 }) };
    const rows = entries.map((each, i) => (i === 2 ? { ...forged, hash: journalHash(entries[1]?.hash ?? '', forged) } : each));
    expect(verifyChain(rows)).toBe(3);
  });

  it('finds a removed row and swapped rows', () => {
    const entries = five();
    expect(verifyChain(entries.toSpliced(2, 1))).toBe(2);
    expect(verifyChain(entries.toSpliced(0, 1))).toBe(0);
    expect(verifyChain([entries[0], entries[2], entries[1], entries[3]].filter((each) => each !== undefined))).toBe(1);
  });

  it('does not depend on the order of keys, and survives a trip through JSON', () => {
    const detail = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(detail, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        const hash = journalHash(GENESIS_HASH, entry(1, value));
        expect(journalHash(GENESIS_HASH, entry(1, reversed))).toBe(hash);
        expect(journalHash(GENESIS_HASH, JSON.parse(JSON.stringify(entry(1, value))))).toBe(hash);
      }),
    );
  });

  it('ignores columns that are not part of what an entry says', () => {
    expect(journalHash(GENESIS_HASH, { ...entry(1), ...{ hash: 'x', note: 'y' } })).toBe(journalHash(GENESIS_HASH, entry(1)));
  });
});
