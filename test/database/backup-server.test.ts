/** The whole way of a city that lost its disk: a backup taken from under a running server by the command, restored by the command, served again. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyChain } from '../../server/journal/hash.ts';
import { journalPage } from '../../server/journal/store.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { repository, startTestServer, type TestServer } from '../support/server.ts';

const MINUTE = 60_000;
let clock: MovableClock;
let test: TestServer;
beforeAll(async () => {
  clock = movableClock();
  test = await startTestServer({ clock });
});
afterAll(() => test?.stop());

/** Runs a built command on the test server's store; what it printed. */
async function command(name: string, file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(repository, `dist/server/${name}.mjs`), file], {
    cwd: home(),
    env: { PATH: process.env['PATH'], DATA_DIR: path.join(home(), 'data'), CONFIG_DIR: test.city },
  });
  return stdout;
}
const home = (): string => path.dirname(test.city);

async function send(readings: object[]): Promise<void> {
  const { json } = await test.call('POST', '/api/v1/readings', { body: { readings } });
  expect(json.rejected).toEqual([]);
  await test.server.settled();
}

/** What people see: values, history, alerts, and each alert's journal. */
async function seen(): Promise<unknown> {
  const to = clock.now();
  const alerts = (await test.call('GET', '/api/v1/alerts')).json.alerts;
  const history = await test.call('GET', `/api/v1/history?indicator=flood_depth&place=underpass_1&from=${to - 6 * 3_600_000}&to=${to}&points=400`);
  return {
    latest: (await test.call('GET', '/api/v1/latest')).json.latest.map(({ indicator, place, observedAt, value }: Record<string, unknown>) => ({
      indicator,
      place,
      observedAt,
      value,
    })),
    history: history.json.series.map(({ t, min, max, sum, count }: Record<string, unknown>) => ({ t, min, max, sum, count })),
    alerts: await Promise.all(alerts.map(async (alert: { id: string }) => (await test.call('GET', `/api/v1/alerts/${alert.id}`)).json)),
  };
}

it('a backup of a running server, restored into an empty folder, answers as before', async () => {
  const from = clock.now() - 5 * 3_600_000;
  await send(Array.from({ length: 300 }, (_, i) => ({ indicator: 'flood_depth', place: 'underpass_1', observedAt: from + i * MINUTE, value: (i % 11) / 10 })));
  await send([{ indicator: 'flood_depth', place: 'underpass_1', observedAt: from, value: 0.325 }]);
  await send([{ indicator: 'flood_depth', place: 'underpass_2', observedAt: clock.now(), value: 44 }]);
  const cookie = await test.signIn();
  const [{ id }] = (await test.call('GET', '/api/v1/alerts')).json.alerts;
  const acknowledged = await test.call('POST', `/api/v1/alerts/${id}/acknowledge`, { body: { comment: '已派人' }, cookie });
  expect(acknowledged.status, acknowledged.text).toBe(200);
  await test.server.settled();

  const { pid } = (await test.server.database.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0] as { pid: number };
  const file = path.join(home(), 'city.tar.gz');
  expect(await command('backup', file)).toMatch(/^Backed up \d+ rows of \d+ tables of riverside_city to .*city\.tar\.gz \(\d+ bytes\)\.$/m);
  // The database was neither stopped nor started for it.
  expect((await test.server.database.query('select 1 as one from pg_stat_activity where pid = $1', [pid])).rows).toEqual([{ one: 1 }]);
  const before = await seen();
  expect(before).toMatchObject({ alerts: [{ alert: { place: 'underpass_2', acknowledged: true }, journal: [{ kind: 'alert_fired' }, { kind: 'alert_acknowledged' }] }] });

  await test.server.stop();
  fs.renameSync(path.join(home(), 'data'), path.join(home(), 'lost'));
  expect(await command('restore', file)).toMatch(/^Restored \d+ rows of \d+ tables of riverside_city, as of 20.*, into .*\/data\/riverside_city\.$/m);
  await test.restart();
  await test.server.settled();

  expect(await seen()).toEqual(before);
  const journal = await journalPage(test.server.database, 0, 1000);
  expect(journal.length).toBeGreaterThan(2);
  expect(verifyChain(journal)).toBeNull();
  // The account and its open session came along, and the store takes readings and numbers on.
  await send([{ indicator: 'flood_depth', place: 'underpass_1', observedAt: clock.now(), value: 50 }]);
  const next = (await test.call('GET', '/api/v1/alerts')).json.alerts.find((alert: { place: string }) => alert.place === 'underpass_1');
  expect(Number(next.id)).toBeGreaterThan(Number(id));
  expect((await test.call('POST', `/api/v1/alerts/${next.id}/acknowledge`, { body: {}, cookie })).status).toBe(200);
  expect(verifyChain(await journalPage(test.server.database, 0, 1000))).toBeNull();
});

it('a backup of a stopped server starts its database for as long as it needs it; the server then starts on it', async () => {
  await test.server.stop();
  const file = path.join(home(), 'stopped.tar.gz');
  expect(await command('backup', file)).toContain('riverside_city');
  await expect(command('backup', file)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('exists, and a backup is never written over another') });
  await expect(command('restore', file)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty (it holds pg') });
  await test.restart();
  expect((await test.call('GET', '/readyz')).status).toBe(200);
});
