/** The written description of the store is the store's: who changes a migration says so in schema.sql too. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeMigrations } from '../../server/db/schema-dump.ts';
import { repository } from '../support/server.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-schema-'));
chmodSync(home, 0o755);
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('server/db/schema.sql is what the migrations make (if not: npm run db:dump)', async () => {
  const made = await describeMigrations({ directory: home, now: Date.UTC(2026, 10, 24), log: () => {} });
  expect(made).toMatch(/^create table reading \($/m);
  expect(made).toMatch(/^CREATE TRIGGER journal_append_only /m);
  expect(readFileSync(path.join(repository, 'server/db/schema.sql'), 'utf8')).toBe(made);
});
