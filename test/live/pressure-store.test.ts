/** The store goes away under load and comes back: whatever was acknowledged is there, readings and refused ones alike, and all goes on by itself. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-outage-'));
chmodSync(home, 0o755);
let postgres: EmbeddedPostgres;
let test: TestServer;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  const { host, user, database } = postgres.connection;
  test = await startTestServer({ databaseUrl: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}` });
});
afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

const places = ['underpass_1', 'underpass_2', 'underpass_3'];
const ready = async () => (await test.call('GET', '/readyz', { token: null })).json as { ready: boolean; store: { reachable?: boolean; full: boolean } };

it('loses nothing that was acknowledged, answers 503 meanwhile, and goes on within seconds', { timeout: 90_000 }, async () => {
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  const answers = new Map<string, number>();
  let number = 0;
  let isOver = false;
  let lastAcceptedAt = 0;
  const start = Date.now() - 3_600_000;

  const sender = async (): Promise<void> => {
    while (!isOver) {
      const batch = Array.from({ length: 50 }, () => ({ indicator: 'flood_depth', place: places[number % 3], observedAt: start + ++number, value: number % 40 }));
      const bad = `bad ${number}`;
      for (let isTaken = false; !isTaken && !isOver; ) {
        const { status, json } = await test.call('POST', '/api/v1/readings?source=imperial', { body: { readings: [...batch, { ...batch[0], value: bad }] } });
        const code = status === 200 ? 'ok' : json.error.code;
        answers.set(code, (answers.get(code) ?? 0) + 1);
        isTaken = status === 200;
        if (!isTaken) continue;
        expect(json.accepted + json.duplicates).toBe(50);
        lastAcceptedAt = performance.now();
        for (const reading of batch) acknowledged.add(`${reading.place} ${reading.observedAt}`);
        refused.add(bad);
      }
    }
  };
  const senders = [sender(), sender(), sender()];
  await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(1000);
  await postgres.stop();
  await expect.poll(() => answers.get('store_unavailable') ?? 0, { timeout: 20_000 }).toBeGreaterThan(5);
  expect(await ready()).toMatchObject({ ready: false, store: { reachable: false, full: false } });
  const before = acknowledged.size;
  postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  const backAt = performance.now();
  await expect.poll(() => acknowledged.size, { timeout: 20_000 }).toBeGreaterThan(before + 1000);
  expect(lastAcceptedAt).toBeGreaterThan(backAt);
  await expect.poll(async () => (await ready()).ready).toBe(true);
  isOver = true;
  await Promise.all(senders);

  expect(test.warnings.filter((warning) => warning.startsWith('a request failed') && !warning.includes('store cannot be reached'))).toEqual([]);
  expect([...answers.keys()].sort()).toEqual(['ok', 'store_unavailable']);
  const stored = await test.server.database.query<{ key: string }>(
    "select s.place_id || ' ' || round(extract(epoch from observed_at) * 1000)::text as key from reading join series s on s.id = series_id",
  );
  const there = new Set(stored.rows.map((row) => row.key));
  expect([...acknowledged].filter((key) => !there.has(key))).toEqual([]);
  const kept = await test.server.database.query<{ value: string }>(
    "select convert_from(original, 'UTF8')::jsonb ->> 'value' as value from quarantine where source_id = 'imperial'",
  );
  const keptValues = new Set(kept.rows.map((row) => row.value));
  expect([...refused].filter((value) => !keptValues.has(value))).toEqual([]);
  // The store was away, not the source: no silence of it was told.
  const silent = await test.server.database.query("select 1 from journal where kind = 'source_silent'");
  expect(silent.rows).toEqual([]);
});
