/** What only a real database shows: the order of the hand-over log, migrations, whose a store is, lost connections. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { claimStore } from '../../server/db/identity.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createDatabase, type Database, instant } from '../../server/db/pool.ts';
import { consumeTouched, ensureWatermarks, pruneTouched, type TouchedRange } from '../../server/db/touched.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-store-'));
chmodSync(home, 0o755);
const NOW = Date.UTC(2026, 10, 24);
let postgres: EmbeddedPostgres;
let database: Database;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  database = createDatabase(postgres.connection, { max: 8, onError: () => {} });
  await migrate(database, { engine: 'postgresql', timeZone: 'Asia/Shanghai', now: NOW });
});
beforeEach(async () => {
  await database.query('truncate touched, watermark');
  await ensureWatermarks(database);
});
afterAll(async () => {
  await database?.end();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

const touch = (series: number) => ['insert into touched (received_at, series_ids, first_at, last_at) values ($1, $2, $3, $3)', [instant(NOW), [series], [instant(NOW)]]] as const;

async function consumeAll(): Promise<number[]> {
  const seen: TouchedRange[] = [];
  for (;;) {
    const { taken } = await consumeTouched(database, 'rules', async (_connection, ranges) => {
      seen.push(...ranges);
    });
    if (taken === 0) return seen.map((range) => range.series);
  }
}

it('does not skip the row of a transaction that began early and committed late', async () => {
  let commitSlow: () => void = () => {};
  const mayCommit = new Promise<void>((resolve) => {
    commitSlow = resolve;
  });
  let tellWritten: () => void = () => {};
  const written = new Promise<void>((resolve) => {
    tellWritten = resolve;
  });
  const slow = database.transaction(async (connection) => {
    await connection.query(touch(1)[0], [...touch(1)[1]]);
    tellWritten();
    await mayCommit;
  });
  await written;
  await database.query(touch(2)[0], [...touch(2)[1]]);
  const early = await consumeAll();
  commitSlow();
  await slow;
  const late = await consumeAll();
  expect([...early, ...late].sort()).toEqual([1, 2]);
});

it('keeps its place when the work fails, and hands the same rows out again', async () => {
  await database.query(touch(5)[0], [...touch(5)[1]]);
  await expect(
    consumeTouched(database, 'rules', async () => {
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  expect(await consumeAll()).toEqual([5]);
});

it('two servers never take the same part', async () => {
  await database.query(touch(6)[0], [...touch(6)[1]]);
  const seen: number[] = [];
  const take = () => consumeTouched(database, 'rules', async (_connection, ranges) => void seen.push(...ranges.map((range) => range.series)));
  const results = await Promise.allSettled([take(), take(), take()]);
  expect(seen).toEqual([6]);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
});

it('forgets only what every consumer has behind it', async () => {
  await database.query(touch(7)[0], [...touch(7)[1]]);
  await consumeAll();
  expect(await pruneTouched(database)).toBe(0);
  await consumeTouched(database, 'rollup', async () => {});
  expect(await pruneTouched(database)).toBe(1);
});

it('a migration runs once; a changed one, or one of a newer version, stops the start', async () => {
  expect(await migrate(database, { engine: 'postgresql', timeZone: 'Asia/Shanghai', now: NOW })).toEqual([]);
  const { rows } = await database.query<{ hash: string }>('select hash from migration where number = 1');
  await database.query("update migration set hash = 'other' where number = 1");
  await expect(migrate(database, { engine: 'postgresql', timeZone: 'Asia/Shanghai', now: NOW })).rejects.toThrow('0001-foundation.sql differs');
  await database.query('update migration set hash = $1 where number = 1', [rows[0]?.hash]);
  await database.query("insert into migration (number, name, hash, ran_at) values (9999, '9999-future.sql', '', $1)", [instant(NOW)]);
  await expect(migrate(database, { engine: 'postgresql', timeZone: 'Asia/Shanghai', now: NOW })).rejects.toThrow('newer version');
  await database.query('delete from migration where number = 9999');
});

it('a store belongs to one city in one time zone', async () => {
  const city = { id: 'riverside_city', timeZone: 'Asia/Shanghai', engine: 'postgresql' as const, now: NOW };
  expect(await claimStore(database, city)).toEqual({ createdAt: NOW });
  expect(await claimStore(database, { ...city, now: NOW + 1 })).toEqual({ createdAt: NOW });
  await expect(claimStore(database, { ...city, id: 'other_city' })).rejects.toThrow('belongs to the city "riverside_city"');
  await expect(claimStore(database, { ...city, timeZone: 'UTC' })).rejects.toThrow('time zone Asia/Shanghai');
});

it('answers `too_slow` to a statement that takes longer than it may', async () => {
  const slow = database.transaction(async (connection) => {
    await connection.query("set local statement_timeout = '20ms'");
    await connection.query('select pg_sleep(30)');
  });
  await expect(slow).rejects.toMatchObject({ code: 'too_slow', status: 503 });
});

it('answers `store_unavailable` while the database is away, and goes on when it is back', async () => {
  await postgres.stop();
  await expect(database.query('select 1')).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(database.transaction((connection) => connection.query('select 1'))).rejects.toMatchObject({ code: 'store_unavailable' });
  postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  expect((await database.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
