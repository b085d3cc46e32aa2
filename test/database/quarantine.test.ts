/** The quarantine's bounds and counts, on a real store. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createDatabase, type Database } from '../../server/db/pool.ts';
import { createQuarantine, type Refused } from '../../server/sources/quarantine.ts';
import { allSizes, dropAged, type QuarantineSize, selectEntries } from '../../server/sources/quarantine-store.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-quarantine-'));
chmodSync(home, 0o755);
const NOW = Date.UTC(2026, 10, 24);
const DAY = 86_400_000;
let postgres: EmbeddedPostgres;
let database: Database;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  database = createDatabase(postgres.connection, { max: 8, onError: () => {} });
  await migrate(database, { engine: 'postgresql', timeZone: 'UTC', now: NOW });
});
beforeEach(async () => {
  await database.query('truncate quarantine, quarantine_size');
});
afterAll(async () => {
  await database?.end();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

const refused = (text: string, more: Partial<Refused['original']> = {}): Refused => ({
  original: { format: 'reading', text, detail: {}, ...more },
  refusal: { code: 'wrong_type', path: 'value', message: 'not a number' },
});
const open = (bounds: { entries?: number; bytes?: number } = {}) =>
  createQuarantine({ database, bounds: { entries: 10, bytes: 64 * 1024 * 1024, ageMs: 30 * DAY, ...bounds }, changed: () => {} });
const keep = (quarantine: ReturnType<typeof open>, texts: readonly string[], at = NOW) =>
  quarantine.keep('a', { originals: texts.map((text) => refused(text)), count: texts.length }, at);
const list = async (sourceId = 'a') => (await selectEntries(database, { sourceId, before: null, code: null, limit: 10_000 })).map((entry) => entry.original.toString());
const sizeOf = async (sourceId = 'a') => (await allSizes(database)).get(sourceId);
const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `no ${from + i}`);

/** What the counts must be, counted. */
async function counted(): Promise<Pick<QuarantineSize, 'entries' | 'bytes'> | undefined> {
  const { rows } = await database.query<{ entries: number; bytes: number }>(
    "select count(*) as entries, coalesce(sum(bytes), 0)::bigint as bytes from quarantine where source_id = 'a'",
  );
  return rows[0];
}

it('keeps the newest of a source within its number, and counts what went', async () => {
  const quarantine = open();
  await keep(quarantine, numbered(0, 8));
  await keep(quarantine, numbered(8, 13));
  expect(await list()).toEqual(numbered(3, 13).reverse());
  expect(await sizeOf()).toMatchObject({ ...(await counted()), dropped: 3 });
  await keep(quarantine, numbered(100, 2600));
  expect(await list()).toEqual(numbered(2590, 2600).reverse());
  expect(await sizeOf()).toMatchObject({ ...(await counted()), dropped: 3 + 2500 });
});

it('keeps within its bytes', async () => {
  const quarantine = open({ bytes: 10_000 });
  await keep(
    quarantine,
    numbered(0, 5).map((text) => text.padEnd(3000, '.')),
  );
  expect((await list()).map((text) => text.slice(0, 4))).toEqual(['no 4', 'no 3', 'no 2']);
  expect(await sizeOf()).toMatchObject({ ...(await counted()), dropped: 2 });
});

it('bounds each source by itself', async () => {
  const quarantine = open();
  await keep(quarantine, numbered(0, 10));
  await quarantine.keep('b', { originals: numbered(0, 500).map((text) => refused(text)), count: 700 }, NOW);
  expect([await sizeOf('a'), await sizeOf('b')]).toMatchObject([
    { entries: 10, dropped: 0 },
    { entries: 10, dropped: 690 },
  ]);
});

it('counts the same original again, also at the same moment from many requests', async () => {
  const quarantine = open();
  await Promise.all(Array.from({ length: 20 }, (_, i) => keep(quarantine, ['one', 'two', 'one'], NOW + i)));
  const { rows } = await database.query<{ times: number; received_at: number; last_received_at: number }>(
    'select times, received_at, last_received_at from quarantine order by id',
  );
  expect(rows).toEqual([
    { times: 40, received_at: NOW, last_received_at: NOW + 19 },
    { times: 20, received_at: NOW, last_received_at: NOW + 19 },
  ]);
});

it('counts by arrival what tells no time of its own: each is another reading', async () => {
  const quarantine = open();
  const originals = [
    refused('21.5', { format: 'mqtt', detail: { topic: 'a' } }),
    refused('depth value=1', { format: 'line' }),
    refused('depth value=1 1700000000', { format: 'line' }),
  ];
  for (const at of [NOW, NOW + 1000]) await quarantine.keep('a', { originals, count: 3 }, at);
  expect((await list()).sort()).toEqual(['21.5', '21.5', 'depth value=1', 'depth value=1', 'depth value=1 1700000000']);
});

it('holds whatever bytes come: NUL, half a surrogate pair, no UTF-8, and more than 64 kB', async () => {
  const quarantine = open();
  const bytes = Buffer.from([0xff, 0, 0xfe]);
  const long = '水'.repeat(30_000);
  const odd = 'a\u0000b\ud800c';
  await quarantine.keep(
    'a',
    {
      originals: [{ original: { format: 'reading', text: '', detail: { [odd]: odd } }, bytes, refusal: { code: 'wrong_type', path: odd, message: odd } }, refused(long)],
      count: 2,
    },
    NOW,
  );
  const [cut, whole] = await selectEntries(database, { sourceId: 'a', before: null, code: null, limit: 10 });
  expect([whole?.original.equals(bytes), whole?.is_cut, whole?.message]).toEqual([true, false, 'a\ufffdb\ufffdc']);
  expect([cut?.is_cut, long.startsWith(cut?.original.toString() ?? 'x'), (cut?.original.length ?? 0) > 65_530]).toEqual([true, true, true]);
});

it('drops what has not come for its age, and keeps what still comes', async () => {
  const quarantine = open();
  await keep(quarantine, ['old', 'again'], NOW - 40 * DAY);
  await keep(quarantine, ['again'], NOW);
  expect(await dropAged(database, 'a', NOW - 30 * DAY)).toBe(1);
  expect(await list()).toEqual(['again']);
  expect(await sizeOf()).toMatchObject({ ...(await counted()), dropped: 1 });
});
