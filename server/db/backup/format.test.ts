import { expect, it } from 'vitest';
import { chunkName, type Manifest, parseChunkName, readChecksums, readManifest, toMember } from './format.ts';

const manifest: Manifest = {
  format: 1,
  version: '1.0.0',
  city: 'riverside_city',
  timeZone: 'Asia/Shanghai',
  engine: 'postgresql',
  takenAt: '2026-11-24T10:00:00.000Z',
  migrations: [{ number: 1, name: '0001-foundation.sql', hash: 'x' }],
  tables: [{ name: 'reading', columns: [{ name: 'series_id', type: 'integer' }], partitions: ['reading_2026_11'] }],
};

it('a manifest reads as it was written', () => {
  expect(readManifest(toMember(manifest))).toEqual({ ok: true, manifest });
});

it('a manifest of a later format is told apart from what is none', () => {
  expect(readManifest(Buffer.from(JSON.stringify({ ...manifest, format: 2 })))).toEqual({ ok: false, reason: expect.stringContaining('newer version') });
  for (const text of ['', '[]', '{"format": 1}', 'null', '{'])
    expect(readManifest(Buffer.from(text)), text).toEqual({ ok: false, reason: expect.stringContaining('no backup of City Vitals') });
});

it('checksums that are none are null', () => {
  expect(readChecksums(Buffer.from('{"manifest": 1}'))).toBeNull();
  expect(readChecksums(toMember({ manifest: 'm', tables: [], sequences: [{ name: 's', last: null }] }))).toEqual({
    manifest: 'm',
    tables: [],
    sequences: [{ name: 's', last: null }],
  });
});

it('the name of a chunk says whose it is, also past a million', () => {
  for (const n of [1, 999_999, 1_000_000]) expect(parseChunkName(chunkName('reading', n))).toEqual({ table: 'reading', n });
  for (const name of ['reading', 'reading/1.copy', '../reading/000001.copy', 'reading/000001.copy/x', '/000001.copy']) expect(parseChunkName(name), name).toBeNull();
});
