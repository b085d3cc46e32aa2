/** kill -9 of the server while a broker's messages come in: what the broker was told is stored is stored, and the rest comes again. */
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Broker, startBroker } from '../support/mosquitto.ts';
import { INGEST_TOKEN, repository } from '../support/server.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-mqtt-kill-'));
// As root the database runs under another account, which must be able to get here.
chmodSync(home, 0o755);
const city = path.join(home, 'city');
let server: ServerProcess | null = null;
let broker: Broker | null = null;
afterAll(async () => {
  await server?.end();
  await broker?.close();
  rmSync(home, { recursive: true, force: true });
});

const headers = { authorization: `Bearer ${INGEST_TOKEN}` };
const ask = async (at: string) => (await fetch(`${server?.url}${at}`, { headers })).json() as Promise<Record<string, unknown>>;
const taken = async (): Promise<number> => {
  const { sources } = (await ask('/api/v1/sources')) as { sources: { id: string; accepted: number; duplicates: number }[] };
  const source = sources.find(({ id }) => id === 'sensors');
  return (source?.accepted ?? 0) + (source?.duplicates ?? 0);
};

it('loses no message of a broker in three kills', { timeout: 120_000 }, async () => {
  broker = await startBroker();
  cpSync(path.join(repository, 'test/fixtures/riverside'), city, { recursive: true });
  writeFileSync(
    path.join(city, 'sources/broker.yaml'),
    `sources: [{ id: sensors, name: { zh: 传感器, en: Sensors }, kind: mqtt, url: '${broker.url}', topics: [{ topic: json/#, payload: json }] }]`,
  );
  const sender = await broker.client();
  const first = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;
  const count = 5000;
  const message = (i: number): string => JSON.stringify({ indicator: 'flood_depth', place: 'underpass_1', observedAt: first + i * 1000, value: (i * 7) % 100 });
  // Retained, it comes with the subscription and tells that it stands: from then on the broker keeps everything for us.
  await sender.publishAsync('json/first', message(0), { qos: 1, retain: true });

  let sending: Promise<void> = Promise.resolve();
  for (let round = 0; round < 3; round++) {
    server = await startServerProcess({ dataDirectory: path.join(home, 'data'), city });
    await expect.poll(taken, { timeout: 20_000, interval: 10 }).toBeGreaterThan(round === 0 ? 0 : 40 * round);
    if (round === 0) {
      sending = (async () => {
        for (let from = 1; from < count; from += 50)
          await Promise.all(Array.from({ length: Math.min(50, count - from) }, (_, i) => sender.publishAsync('json/a', message(from + i), { qos: 1 })));
      })();
      await expect.poll(taken, { timeout: 20_000, interval: 10 }).toBeGreaterThan(50);
    }
    await server.kill();
  }
  await sending;

  server = await startServerProcess({ dataDirectory: path.join(home, 'data'), city });
  const lost = async (): Promise<number> => {
    const answer = await ask(`/api/v1/history?indicator=flood_depth&place=underpass_1&from=${first}&to=${first + count * 1000}&points=20000`);
    const { t, last } = (answer as { series: { t: number[]; last: number[] }[] }).series[0] ?? { t: [], last: [] };
    const stored = new Map(t.map((at, i) => [at, last[i]]));
    return Array.from({ length: count }, (_, i) => i).filter((i) => stored.get(first + i * 1000) !== (i * 7) % 100).length;
  };
  await expect.poll(lost, { timeout: 30_000, interval: 250 }).toBe(0);
});
