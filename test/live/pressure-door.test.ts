/** The bounded door over real sockets, before any store: senders that stall, hang up, lie about their length, or pack a bomb. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { bodyText } from '../../server/http/body.ts';
import { errorHandler } from '../../server/http/errors.ts';
import { createPressure, type Pressure } from '../../server/http/pressure.ts';
import { bodyAsCame } from '../../server/http/receive-body.ts';

const KB = 1024;
const MB = 1024 * KB;
/** Timers that the test lets go off. */
const timers = new Set<{ ms: number; callback(): void }>();
const goOff = (ms: number): void => {
  for (const timer of [...timers].filter((one) => one.ms === ms)) {
    timers.delete(timer);
    timer.callback();
  }
};
let pressure: Pressure;
let http: Server;
let port: number;
/** Handlers wait here while it is set. */
let gate: Promise<void> = Promise.resolve();
let asCame: Buffer = Buffer.alloc(0);

beforeAll(async () => {
  pressure = createPressure({
    limits: { requests: 4, bytes: 20 * MB, workBytes: 20 * MB },
    senderOf: (request) => String(request.headers['x-sender'] ?? 'anyone'),
    setTimer(ms, callback) {
      const timer = { ms, callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
  });
  const app = express();
  app.post(
    '/',
    pressure.door(async (request, response) => {
      const text = bodyText(request);
      await gate;
      response.json({ length: text.length, end: text.slice(-4) });
    }),
    ((error, request, _response, next) => {
      asCame = bodyAsCame(request);
      next(error);
    }) as express.ErrorRequestHandler,
  );
  app.use(errorHandler(() => {}));
  http = createServer(app).listen(0, '127.0.0.1');
  await once(http, 'listening');
  port = (http.address() as AddressInfo).port;
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
});
beforeEach(async () => {
  gate = Promise.resolve();
  await expect.poll(() => [pressure.requests, pressure.bytes]).toEqual([0, 0]);
});

const send = async (body: Uint8Array | string, headers: Record<string, string> = {}) => {
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: body as BodyInit });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), json: (await response.json()) as { length?: number; end?: string; error?: { code: string } } };
};
/** A request written by hand, so that it can stop in the middle. */
function raw(head: string[], body = ''): { socket: net.Socket; answer(): string } {
  let text = '';
  const socket = net.connect(port, '127.0.0.1');
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.write(`POST / HTTP/1.1\r\nHost: test\r\n${head.join('\r\n')}\r\n\r\n${body}`);
  return { socket, answer: () => text };
}

it('reads bodies of a known and of an unknown length, packed or not', async () => {
  const text = `${'x'.repeat(300 * KB)}last`;
  expect((await send(text)).json).toEqual({ length: text.length, end: 'last' });
  for (const [encoding, packed] of [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ] as const) {
    expect((await send(packed, { 'content-encoding': encoding })).json).toEqual({ length: text.length, end: 'last' });
  }
  const chunked = raw(['Transfer-Encoding: chunked', 'Connection: close'], '5\r\nhello\r\n4\r\nlast\r\n0\r\n\r\n');
  await once(chunked.socket, 'close');
  expect(chunked.answer()).toContain('{"length":9,"end":"last"}');
  expect((await send('')).json).toEqual({ length: 0, end: '' });
});

it('refuses what is too large, announced or unpacked, and keeps none of it', async () => {
  expect(await send(new Uint8Array(16 * MB + 1))).toMatchObject({ status: 413, json: { error: { code: 'body_too_large' } } });
  const bomb = gzipSync(Buffer.alloc(200 * MB));
  expect(await send(bomb, { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
  expect(await send('x', { 'content-encoding': 'rot13' })).toMatchObject({ status: 415 });
});

it('refuses what cannot be unpacked, and still has its beginning as it came', async () => {
  const packed = gzipSync('x'.repeat(1000));
  const cut = packed.subarray(0, packed.length - 8);
  expect(await send(cut, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400, json: { error: { code: 'invalid_gzip' } } });
  expect(asCame).toEqual(cut);
  expect(await send('no gzip at all', { 'content-encoding': 'gzip' })).toMatchObject({ status: 400, json: { error: { code: 'invalid_gzip' } } });
});

it('turns the next one away while it is full, at once and with its body unread', async () => {
  let open: () => void = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const inside = ['a', 'a', 'b', 'b'].map((sender) => send('in', { 'x-sender': sender }));
  await expect.poll(() => pressure.requests).toBe(4);
  expect(await send(new Uint8Array(8 * MB), { 'x-sender': 'c' })).toMatchObject({ status: 503, retryAfter: '1', json: { error: { code: 'overloaded' } } });
  const endless = raw([`Content-Length: ${10 * MB}`], 'begin');
  await expect.poll(endless.answer).toContain('503');
  goOff(2000);
  await once(endless.socket, 'close');
  open();
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

it('turns away what grows beyond the room while it is unpacked', async () => {
  let open: () => void = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const inside = send(new Uint8Array(10 * MB), { 'x-sender': 'a' });
  await expect.poll(() => pressure.bytes).toBe(10 * MB);
  expect(await send(gzipSync(Buffer.alloc(12 * MB)), { 'x-sender': 'b', 'content-encoding': 'gzip' })).toMatchObject({ status: expect.toBeOneOf([429, 503]), retryAfter: '1' });
  open();
  expect((await inside).status).toBe(200);
});

it('gives up a body that stands still, and one that hangs up', async () => {
  const still = raw(['Content-Length: 100'], 'begin');
  await expect.poll(() => pressure.requests).toBe(1);
  goOff(15_000);
  goOff(15_000);
  await expect.poll(still.answer).toContain('408');
  still.socket.destroy();

  const gone = raw(['Content-Length: 100'], 'begin');
  await expect.poll(() => pressure.requests).toBe(1);
  gone.socket.destroy();
  await expect.poll(() => pressure.requests).toBe(0);

  const slow = raw(['Content-Length: 100'], 'begin');
  await expect.poll(() => pressure.requests).toBe(1);
  goOff(120_000);
  await expect.poll(slow.answer).toContain('two minutes');
});
