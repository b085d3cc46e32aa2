import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { NotAllowed, pauseBefore, retryAfterMs } from './caller.ts';
import { createDoor, type Door } from './door.ts';
import { seededRandom } from './random.ts';

const reading = (value: number) => ({ indicator: 'pm25', place: 'here', observedAt: 1_000_000_000_000 + value, value });
const stored = (accepted: number, rejected: unknown[] = []): string => JSON.stringify({ accepted, duplicates: 0, revised: 0, rejected });

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  if (server?.listening) await new Promise((resolve) => server?.close(resolve));
});

interface Request {
  url: string;
  authorization: string | undefined;
  values: number[];
}

/** A server that answers the n-th request with the n-th answer, the last one for all that follow. */
async function doorTo(answers: ((request: IncomingMessage, response: ServerResponse) => void)[], port = 0) {
  const requests: Request[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const lines = gunzipSync(Buffer.concat(chunks)).toString().split('\n');
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization, values: lines.map((line) => JSON.parse(line).value) });
    (answers[requests.length - 1] ?? answers.at(-1))?.(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const answer =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, headers).end(body);
  };

function sender(url: string, signal = new AbortController().signal): { door: Door; lines: string[]; pauses: number[] } {
  const lines: string[] = [];
  const pauses: number[] = [];
  const clock = {
    now: () => Date.parse('2026-01-15T12:00:00Z'),
    setTimer(ms: number, callback: () => void) {
      pauses.push(ms);
      queueMicrotask(callback);
      return { cancel() {} };
    },
  };
  return { door: createDoor({ url, token: 'secret', clock, random: seededRandom(7), log: (line) => lines.push(line), signal }), lines, pauses };
}

describe('door', () => {
  it('sends gzip NDJSON with the source and the token', async () => {
    const { requests, url } = await doorTo([answer(200, stored(2))]);
    await sender(url).door.send('replay_air', [reading(1), reading(2)]);
    expect(requests).toEqual([{ url: '/api/v1/readings?source=replay_air', authorization: 'Bearer secret', values: [1, 2] }]);
  });

  it('sends nothing when there is nothing to send', async () => {
    const { requests, url } = await doorTo([answer(200, stored(0))]);
    await sender(url).door.send('replay_air', []);
    expect(requests).toEqual([]);
  });

  it('waits as long as a busy server asks for, and sends the same batch again', async () => {
    const { requests, url } = await doorTo([
      answer(429, '{}', { 'retry-after': '7' }),
      answer(503, '{}', { 'retry-after': 'Thu, 15 Jan 2026 12:00:20 GMT' }),
      answer(200, stored(1)),
    ]);
    const { door, lines, pauses } = sender(url);
    await door.send('replay_air', [reading(1)]);
    expect(requests.map(({ values }) => values)).toEqual([[1], [1], [1]]);
    expect(pauses[0]).toBeGreaterThanOrEqual(7_000);
    expect(pauses[0]).toBeLessThan(7_500);
    expect(pauses[1]).toBeGreaterThanOrEqual(20_000);
    expect(lines).toEqual(['The server answered 429; trying again.', 'The server answers again after 2 retries.']);
  });

  it('tries again with growing pauses when the server cannot be reached, until it can', async () => {
    const { url } = await doorTo([answer(200, stored(1))]);
    const gone = server;
    await new Promise((resolve) => gone?.close(resolve));
    const lines: string[] = [];
    const pauses: number[] = [];
    let back: Promise<{ requests: Request[] }> | undefined;
    const clock = {
      now: () => 0,
      setTimer(ms: number, callback: () => void) {
        pauses.push(ms);
        if (pauses.length < 4) queueMicrotask(callback);
        else {
          back = doorTo([answer(200, stored(1))], Number(new URL(url).port));
          void back.then(callback);
        }
        return { cancel() {} };
      },
    };
    const door = createDoor({ url, token: 't', clock, random: seededRandom(7), log: (line) => lines.push(line), signal: new AbortController().signal });
    await door.send('replay_air', [reading(5)]);
    expect((await back)?.requests.map(({ values }) => values)).toEqual([[5]]);
    expect(pauses).toHaveLength(4);
    expect(lines[0]).toContain('cannot be reached (ECONNREFUSED)');
  });

  it('tells a refused batch with its answer and goes on', async () => {
    const { requests, url } = await doorTo([answer(400, '{"error":{"code":"malformed_json"}}'), answer(200, stored(1))]);
    const { door, lines } = sender(url);
    await door.send('replay_air', [reading(1)]);
    await door.send('replay_air', [reading(2)]);
    expect(requests).toHaveLength(2);
    expect(lines).toEqual(['replay_air: a batch was refused with 400: {"error":{"code":"malformed_json"}}']);
  });

  it('tells each kind of refused reading once', async () => {
    const rejected = [{ index: 0, code: 'unknown_place', path: 'place', message: 'No place "here".' }];
    const { url } = await doorTo([answer(200, stored(0, rejected))]);
    const { door, lines } = sender(url);
    await door.send('replay_air', [reading(1)]);
    await door.send('replay_air', [reading(2)]);
    expect(lines).toEqual(['replay_air: a reading was refused (unknown_place): No place "here".']);
  });

  it('halves a batch that is too large until it fits', async () => {
    const { requests, url } = await doorTo([answer(413, '{}'), answer(413, '{}'), answer(200, stored(1))]);
    await sender(url).door.send('replay_air', [reading(1), reading(2), reading(3)]);
    expect(requests.map(({ values }) => values)).toEqual([[1, 2, 3], [1, 2], [1], [2], [3]]);
  });

  it('gives up when the token is refused', async () => {
    const { requests, url } = await doorTo([answer(401, '{"error":{"code":"unauthenticated"}}')]);
    await expect(sender(url).door.send('replay_air', [reading(1)])).rejects.toThrow(NotAllowed);
    expect(requests).toHaveLength(1);
  });

  it('ends when it is told to', async () => {
    const ending = new AbortController();
    const { url } = await doorTo([() => ending.abort(new Error('told to end'))]);
    await expect(sender(url, ending.signal).door.send('replay_air', [reading(1)])).rejects.toThrow('told to end');
  });

  it('doubles its own pauses up to half a minute, at least half of each', () => {
    expect(pauseBefore(0, () => 0)).toBe(250);
    expect(pauseBefore(3, () => 0.5)).toBe(3_000);
    expect(pauseBefore(60, () => 0.999_999)).toBeCloseTo(30_000, 0);
  });

  it('reads Retry-After as seconds or as a date, and bounds it', () => {
    expect(retryAfterMs('2', 0)).toBe(2_000);
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:05 GMT', 1_000)).toBe(4_000);
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:05 GMT', 9_000)).toBe(0);
    expect(retryAfterMs('99999999', 0)).toBe(300_000);
    for (const none of [null, '', 'soon']) expect(retryAfterMs(none, 0)).toBeNull();
  });
});
