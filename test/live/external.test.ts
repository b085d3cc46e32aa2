/** A database of the operator's own: nothing is embedded, and the same server runs on it. */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-external-'));
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

const send = (value: number) => test.call('POST', '/api/v1/readings', { body: { readings: [{ indicator: 'flood_depth', place: 'underpass_1', observedAt: Date.now(), value }] } });

it('DATABASE_URL bypasses the embedded database', async () => {
  expect((await send(3)).json.accepted).toBe(1);
  expect((await test.call('GET', '/readyz', { token: null })).json.store.kind).toBe('external');
  expect(existsSync(path.join(path.dirname(test.city), 'data'))).toBe(false);
});

it('while the database is away nothing is accepted and the server says so; when it is back, it goes on by itself', async () => {
  await postgres.stop();
  const refused = await send(4);
  expect([refused.status, refused.json.error.code]).toEqual([503, 'store_unavailable']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await test.call('GET', '/readyz', { token: null })).status).toBe(503);
  expect((await test.call('GET', '/healthz', { token: null })).status).toBe(200);
  postgres = await startEmbeddedPostgres({ directory: home, log: () => {} });
  await expect.poll(async () => (await test.call('GET', '/readyz', { token: null })).status, { timeout: 10_000 }).toBe(200);
  expect((await send(44)).json.accepted).toBe(1);
  await expect.poll(async () => (await test.call('GET', '/api/v1/alerts')).json.alerts.length, { timeout: 10_000 }).toBe(1);
});
