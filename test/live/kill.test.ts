/** kill -9 of the server while readings come in: what was answered `accepted` is there afterwards, and so is its alert. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { INGEST_TOKEN, repository } from '../support/server.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-kill-'));
// As root the database runs under another account, which must be able to get here.
chmodSync(home, 0o755);
const places = ['underpass_1', 'underpass_2', 'underpass_3'];
let server: ServerProcess | null = null;
afterAll(async () => {
  await server?.end();
  rmSync(home, { recursive: true, force: true });
});

const start = () => startServerProcess({ dataDirectory: path.join(home, 'data'), city: path.join(repository, 'test/fixtures/riverside') });
const headers = { 'content-type': 'application/json', authorization: `Bearer ${INGEST_TOKEN}` };

interface Reading {
  indicator: string;
  place: string;
  observedAt: number;
  value: number;
}

/** Random, but the same in every run: where the kills fall. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it('loses no accepted reading and no alert in ten kills', { timeout: 120_000 }, async () => {
  const random = seeded(42);
  const accepted = new Map<string, number>();
  let observedAt = Date.now() - 4 * 3_600_000;
  const makeBatch = (): Reading[] =>
    Array.from({ length: 300 }, (_, i) => {
      observedAt += 10;
      return { indicator: 'flood_depth', place: places[i % 3] as string, observedAt, value: Math.round(random() * 400) / 100 };
    });

  for (let round = 0; round < 10; round++) {
    server = await start();
    const { url } = server;
    const killAfter = 3 + Math.floor(random() * 12);
    let answered = 0;
    let isKilled = false;
    let tellEnough: () => void = () => {};
    const enough = new Promise<void>((resolve) => {
      tellEnough = resolve;
    });
    const sender = async (): Promise<void> => {
      while (!isKilled) {
        const batch = makeBatch();
        try {
          const response = await fetch(`${url}/api/v1/readings`, { method: 'POST', headers, body: JSON.stringify({ readings: batch }) });
          const answer = (await response.json()) as { accepted: number };
          expect(answer.accepted).toBe(batch.length);
          for (const reading of batch) accepted.set(`${reading.place} ${reading.observedAt}`, reading.value);
          if (++answered >= killAfter) tellEnough();
        } catch (error) {
          // The connection was cut by the kill: nothing was promised for this batch.
          if (!isKilled) throw error;
        }
      }
    };
    const senders = [sender(), sender(), sender()];
    await enough;
    isKilled = true;
    const killed = server.kill();
    await Promise.all([killed, ...senders]);
  }

  // A breach is accepted and the server killed at once, most likely before it was judged.
  server = await start();
  const breach = { indicator: 'flood_depth', place: 'underpass_2', observedAt: Date.now(), value: 44 };
  const response = await fetch(`${server.url}/api/v1/readings`, { method: 'POST', headers, body: JSON.stringify({ readings: [breach] }) });
  expect(((await response.json()) as { accepted: number }).accepted).toBe(1);
  await server.kill();

  server = await start();
  await expect
    .poll(async () => ((await (await fetch(`${server?.url}/api/v1/alerts`, { headers })).json()) as { alerts: object[] }).alerts, { timeout: 10_000 })
    .toMatchObject([{ place: 'underpass_2', level: 'red', value: 44 }]);

  const stored = new Map<string, number>();
  for (const place of places) {
    for (let from = Date.now() - 5 * 3_600_000; from < observedAt + 1; from += 100_000) {
      const answer = (await (
        await fetch(`${server.url}/api/v1/history?indicator=flood_depth&place=${place}&from=${from}&to=${from + 100_000}&points=20000`, { headers })
      ).json()) as { series: { t: number[]; last: number[] }[] };
      const { t, last } = answer.series[0] as { t: number[]; last: number[] };
      for (const [i, at] of t.entries()) stored.set(`${place} ${at}`, last[i] as number);
    }
  }
  expect(accepted.size).toBeGreaterThan(10 * 3 * 300);
  const lost = [...accepted].filter(([key, value]) => stored.get(key) !== value);
  expect(lost).toEqual([]);
});

it('ends in good order at SIGTERM, and starts again on what it left', async () => {
  const running = server ?? (await start());
  expect(await running.end()).toBe(0);
  server = await start();
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});
