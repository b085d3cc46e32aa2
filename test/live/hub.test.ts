/** The live hub over real sockets: handshake, snapshot, deltas, resume, slow clients. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type LiveClient, liveClient } from '../support/live-client.ts';
import { INGEST_TOKEN, startTestServer, type TestServer } from '../support/server.ts';

let test: TestServer;
const clients: LiveClient[] = [];
beforeAll(async () => {
  test = await startTestServer();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await test?.stop();
});

function connect(options: Parameters<typeof liveClient>[1] = {}): LiveClient {
  const client = liveClient(test.url, { token: INGEST_TOKEN, ...options });
  clients.push(client);
  return client;
}

let value = 0;
/** Sends one reading, newer than any before, with a value that no other has. */
async function send(place = 'underpass_1'): Promise<number> {
  value += 0.01;
  const { json } = await test.call('POST', '/api/v1/readings', { body: { readings: [{ indicator: 'flood_depth', place, observedAt: Date.now(), value }] } });
  expect(json.accepted).toBe(1);
  return value;
}

it('greets with protocol, epoch and the server’s time, then answers subscribe with one snapshot', async () => {
  await send();
  const client = connect();
  const welcome = await client.until('welcome');
  expect(welcome).toMatchObject({ protocol: 1, build: 'test' });
  expect(Math.abs(welcome.serverTime - Date.now())).toBeLessThan(5000);
  const snapshot = await client.until('snapshot');
  expect(snapshot.epoch).toBe(welcome.epoch);
  expect(snapshot.latest.map((latest) => latest.value)).toContain(value);
  expect(snapshot.catalogue.problems).toEqual([]);
});

it('sends deltas whose seq rises by one', async () => {
  const client = connect();
  const { seq } = await client.until('snapshot');
  const first = await send();
  await client.until('readings', (frame) => frame.readings.some((reading) => reading.value === first));
  const second = await send('underpass_2');
  await client.until('readings', (frame) => frame.readings.some((reading) => reading.value === second));
  const seqs = client.messages.flatMap((message) => (message.event === 'readings' || message.event === 'alerts' ? [message.data.seq] : []));
  expect(seqs).toEqual(seqs.map((_, i) => seq + 1 + i));
  expect(client.messages.some((message) => message.event === 'readings' && message.data.thinned)).toBe(false);
});

it('beats once a second when nothing happens', async () => {
  const client = connect();
  await client.until('heartbeat');
});

it('gives a client that comes back exactly what it missed, and no second snapshot', async () => {
  const before = connect();
  const { epoch } = await before.until('snapshot');
  const seen = await send();
  const { seq } = await before.until('readings', (frame) => frame.readings.some((reading) => reading.value === seen));
  before.close();
  const watcher = connect();
  await watcher.until('snapshot');
  const missed = [await send(), await send('underpass_2'), await send()];
  for (const one of missed) await watcher.until('readings', (frame) => frame.readings.some((reading) => reading.value === one));
  const after = connect({ resume: { epoch, seq } });
  for (const one of missed) await after.until('readings', (frame) => frame.readings.some((reading) => reading.value === one));
  const received = after.messages.flatMap((message) => (message.event === 'readings' ? message.data.readings.map((reading) => reading.value) : []));
  expect(received).toEqual(missed);
  expect(after.messages.some((message) => message.event === 'snapshot')).toBe(false);
});

it('gives a snapshot to a client of another epoch, or of a seq that is not there', async () => {
  const stranger = connect({ resume: { epoch: 'of-another-life', seq: 3 } });
  const { epoch, seq } = await stranger.until('snapshot');
  const future = connect({ resume: { epoch, seq: seq + 1000 } });
  await future.until('snapshot');
});

it('refuses by code: nobody, another protocol', async () => {
  expect(await connect({ token: 'no-such-token' }).refused).toBe('unauthenticated');
  const anonymous = liveClient(test.url, {});
  clients.push(anonymous);
  expect(await anonymous.refused).toBe('unauthenticated');
  expect(await connect({ protocol: 99 }).refused).toBe('invalid_request');
});

it('lets a signed-in person in by the session cookie', async () => {
  const client = liveClient(test.url, { cookie: await test.signIn() });
  clients.push(client);
  await client.until('snapshot');
});

it('gives a client that does not read the newest values once it reads again, and says that it was thinned', async () => {
  const client = connect();
  await client.until('snapshot');
  // A paused socket is a client too slow to read: the system's buffers fill up, then the server's count of unsent frames.
  const engine = client.socket.io.engine as unknown as { transport: { ws: { _socket?: { pause(): void; resume(): void } } } };
  const tcp = engine.transport.ws._socket;
  expect(tcp).toBeDefined();
  tcp?.pause();
  const watcher = connect();
  await watcher.until('snapshot');
  // Frames of some 900 kB, below the number at which they are thinned for everybody: some twenty fill what the system buffers for a socket that nobody reads.
  const start = Date.now() - 200_000;
  const many = (n: number) =>
    Array.from({ length: 4900 }, (_, i) => ({ indicator: 'flood_depth', place: 'underpass_3', observedAt: start + n * 5000 + i, value: (n * 5000 + i) / 1e6 }));
  let last = 0;
  for (let n = 0; n < 24; n++) {
    await test.call('POST', '/api/v1/readings', { body: { readings: many(n) } });
    last = await send();
    await watcher.until('readings', (frame) => frame.readings.some((reading) => reading.value === last));
  }
  tcp?.resume();
  await client.until('readings', (frame) => frame.readings.some((reading) => reading.value === last));
  const frames = client.messages.flatMap((message) => (message.event === 'readings' ? [message.data] : []));
  expect(watcher.messages.some((message) => message.event === 'readings' && message.data.thinned)).toBe(false);
  const thinned = frames.filter((frame) => frame.thinned);
  expect(thinned.length).toBeGreaterThan(0);
  const count = (messages: LiveClient['messages']) => messages.reduce((sum, message) => sum + (message.event === 'readings' ? message.data.readings.length : 0), 0);
  expect(count(client.messages)).toBeLessThan(count(watcher.messages));
  // Whatever was left out, the order of numbers holds and the newest of each series is there.
  expect(frames.map((frame) => frame.seq)).toEqual([...frames.map((frame) => frame.seq)].sort((a, b) => a - b));
});
