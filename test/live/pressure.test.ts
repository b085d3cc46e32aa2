/** More than the server can hold: it says so at once, keeps its memory, and takes what it has promised. On the built server, whose memory is its own. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { INGEST_TOKEN, repository } from '../support/server.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-pressure-'));
// As root the database runs under another account, which must be able to get here.
chmodSync(home, 0o755);
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ dataDirectory: path.join(home, 'data'), city: path.join(repository, 'test/fixtures/riverside') });
});
afterAll(async () => {
  await server?.end();
  rmSync(home, { recursive: true, force: true });
});

const MB = 1024 * 1024;
const headers = { 'content-type': 'application/json', authorization: `Bearer ${INGEST_TOKEN}` };
/** Most memory that the server ever had, MB. */
const peakMb = (): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1024;

/** The largest body the server takes: some hundred thousand readings. */
function largeBody(): Buffer {
  const places = ['underpass_1', 'underpass_2', 'underpass_3'];
  const start = Date.now() - 3 * 86_400_000;
  const parts: string[] = [];
  let length = 14;
  for (let i = 0; length < 16 * MB - 200; i++) {
    const reading = `{"indicator":"flood_depth","place":"${places[i % 3]}","observedAt":${start + i},"value":${i % 40}}`;
    parts.push(reading);
    length += reading.length + 1;
  }
  return Buffer.from(`{"readings":[${parts.join(',')}]}`);
}

async function send(body: Buffer, more: Record<string, string> = {}): Promise<{ status: number; retryAfter: number; text: string }> {
  const response = await fetch(`${server.url}/api/v1/readings`, { method: 'POST', headers: { ...headers, ...more }, body: new Uint8Array(body) });
  return { status: response.status, retryAfter: Number(response.headers.get('retry-after')), text: await response.text() };
}

it('answers a flood of the largest bodies with 200, or 503 and when to come back, and stays below 400 MB', { timeout: 120_000 }, async () => {
  const body = largeBody();
  const packed = gzipSync(body, { level: 1 });
  const isAlive = async (): Promise<number> => (await fetch(`${server.url}/healthz`)).status;
  const sent = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? send(body) : send(packed, { 'content-encoding': 'gzip' })));
  const alive = await Promise.all([isAlive(), isAlive()]);
  const answers = await Promise.all(sent);
  expect(alive).toEqual([200, 200]);
  const odd = answers.filter(({ status, retryAfter }) => status !== 200 && !((status === 503 || status === 429) && retryAfter > 0));
  expect(odd).toEqual([]);
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  expect(answers.some(({ status }) => status === 503)).toBe(true);
  expect(peakMb()).toBeLessThan(400);
  expect(await isAlive()).toBe(200);
});
