/** kill -9 of the server in the middle of a dropped file: after the next start every row is there exactly once, and the file is done. */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { INGEST_TOKEN, repository } from '../support/server.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-csv-kill-'));
chmodSync(home, 0o755);
const city = path.join(home, 'city');
const drop = path.join(home, 'drop');
let server: ServerProcess | null = null;
afterAll(async () => {
  await server?.end();
  rmSync(home, { recursive: true, force: true });
});

const SECOND = 1000;
const ROWS = 100_000;
const first = Math.floor(Date.now() / SECOND) * SECOND - (ROWS + 3600) * SECOND;
const headers = { authorization: `Bearer ${INGEST_TOKEN}` };

async function stored(url: string): Promise<{ count: number; sum: number }> {
  const response = await fetch(`${url}/api/v1/history?indicator=flood_depth&place=underpass_1&from=${first}&to=${first + ROWS * SECOND}&points=5000`, { headers });
  const { series } = (await response.json()) as { series: { count: number[]; sum: number[] }[] };
  const total = (numbers: number[] = []): number => numbers.reduce((sum, number) => sum + number, 0);
  return { count: total(series[0]?.count), sum: total(series[0]?.sum) };
}

it('loses no row of a dropped file and stores none twice', { timeout: 120_000 }, async () => {
  cpSync(path.join(repository, 'test/fixtures/riverside'), city, { recursive: true });
  mkdirSync(drop);
  writeFileSync(
    path.join(city, 'sources/drop.yaml'),
    `sources:
  - id: drop
    name: { zh: 投放, en: Drop }
    kind: csv_drop
    folder: ${drop}
    settle: 1s
    csv: { time: { column: t }, place: underpass_1, indicator: flood_depth, value: { column: v } }
`,
  );
  let sum = 0;
  let text = 't,v\n';
  for (let i = 0; i < ROWS; i++) {
    sum += i % 400;
    text += `${new Date(first + i * SECOND).toISOString()},${i % 400}\n`;
  }
  const start = (): Promise<ServerProcess> => startServerProcess({ dataDirectory: path.join(home, 'data'), city });
  server = await start();
  writeFileSync(path.join(drop, 'big.csv.part'), text);
  renameSync(path.join(drop, 'big.csv.part'), path.join(drop, 'big.csv'));
  const { url } = server;
  const some = await vi.waitUntil(
    async () => {
      const { count } = await stored(url);
      return count > 0 ? count : null;
    },
    { timeout: 30_000, interval: 20 },
  );
  await server.kill();
  server = null;
  expect(some).toBeLessThan(ROWS);
  expect(existsSync(path.join(drop, 'big.csv'))).toBe(true);

  server = await start();
  await vi.waitFor(() => expect(readdirSync(path.join(drop, 'done'))).toContain('big.csv'), { timeout: 60_000, interval: 100 });
  expect(readdirSync(path.join(drop, 'done')).filter((name) => name.includes('report'))).toEqual([]);
  expect(existsSync(path.join(drop, 'big.csv'))).toBe(false);
  const again = server.url;
  await vi.waitFor(async () => expect(await stored(again)).toEqual({ count: ROWS, sum }), { timeout: 20_000, interval: 250 });
});
