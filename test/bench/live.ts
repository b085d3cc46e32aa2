/**
 * What the hub costs beside its floor: 1,000 live clients, each receiving the same frame of about 10 kB a second, from the product and from
 * a bare socket.io server that sends the same bytes, in one run. CPU is that of the sending process, latency is from the time written in
 * the frame to its arrival.
 *
 * `npm run bench:live -- [clients] [seconds]`; writes test/bench/results/live.json.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION, type ReadingsFrame } from '../../server/contract/index.ts';
import { openBenchStore, percentile, startServerProcess, TOKEN, writeCity, writeReport } from './support.ts';

const clients = Number(process.argv[2] ?? 1000);
const seconds = Number(process.argv[3] ?? 30);
/** Readings in a frame of about 10 kB. */
const READINGS = 50;
const ROUNDS = 3;

/** Opens the connections, then reports every arrival's latency when asked. */
async function runClients(): Promise<void> {
  const { url, token, subscribe } = JSON.parse(process.env['BENCH_TARGET'] ?? '{}') as { url: string; token: string; subscribe: boolean };
  let latencies: number[] = [];
  const sockets: Socket[] = [];
  for (let i = 0; i < clients; i += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, clients - i) }, async () => {
        const socket = io(`${url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { protocol: PROTOCOL_VERSION, token } });
        socket.on('readings', (frame: ReadingsFrame) => latencies.push(Date.now() - frame.serverTime));
        await new Promise<void>((resolve, reject) => {
          socket.on('connect', resolve);
          socket.on('connect_error', reject);
        });
        if (subscribe) {
          socket.emit('subscribe');
          await new Promise((resolve) => socket.once('snapshot', resolve));
        }
        sockets.push(socket);
      }),
    );
  }
  process.on('message', (order) => {
    if (order === 'begin') latencies = [];
    else process.send?.({ kind: 'latencies', latencies });
  });
  process.send?.({ kind: 'open' });
}

/** CPU seconds used so far by a process and its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const self = fileURLToPath(import.meta.url);

async function startClients(target: { url: string; token: string; subscribe: boolean }): Promise<ChildProcess> {
  const child = fork(self, [String(clients), String(seconds)], { env: { ...process.env, BENCH_ROLE: 'clients', BENCH_TARGET: JSON.stringify(target) } });
  const [message] = await once(child, 'message');
  if ((message as { kind: string }).kind !== 'open') throw new Error('the clients did not open');
  return child;
}

interface Result {
  cpuPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  frames: number;
}

/** Sends a frame a second by `send` while the clients listen; what it cost the process `pid`. */
async function measure(pid: number, group: ChildProcess, send: (second: number) => Promise<void>): Promise<Result> {
  await send(0);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  group.send('begin');
  const before = cpuSeconds(pid);
  const startedAt = performance.now();
  for (let second = 1; second <= seconds; second++) {
    await send(second);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + second * 1000 - performance.now())));
  }
  const cpuPerSecond = (cpuSeconds(pid) - before) / ((performance.now() - startedAt) / 1000);
  group.send('tell');
  const [message] = await once(group, 'message');
  const { latencies } = message as { latencies: number[] };
  return { cpuPerSecond, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99), frames: latencies.length };
}

async function main(): Promise<void> {
  const store = await openBenchStore(undefined, 'bench_live');
  const city = writeCity(store.home, { series: READINGS, storage: '', indicators: [{ id: 'bench_live_value', interval: '1s', staleAfter: '1m' }] });
  const server = await startServerProcess({ CONFIG_DIR: city, DATABASE_URL: store.url, DATA_DIR: `${store.home}/unused`, LOG_LEVEL: 'warn' });
  const bare = fork(self, [], { env: { ...process.env, BENCH_ROLE: 'bare' } });
  const [barePort] = await once(bare, 'message');
  const post = async (second: number): Promise<void> => {
    const observedAt = Date.now();
    const readings = Array.from({ length: READINGS }, (_, i) => ({ indicator: 'bench_live_value', place: `bench_${i}`, observedAt, value: second + i / 100 }));
    const response = await fetch(`${server.url}/api/v1/readings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ readings }),
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
  };
  // One real frame of the product is what the bare server sends too.
  const probe = io(`${server.url}/live`, { transports: ['websocket'], forceNew: true, auth: { protocol: PROTOCOL_VERSION, token: TOKEN } });
  probe.on('connect', () => probe.emit('subscribe'));
  await new Promise((resolve) => probe.once('snapshot', resolve));
  const seen = new Promise<ReadingsFrame>((resolve) => probe.once('readings', resolve));
  await post(0);
  const frame = await seen;
  probe.close();
  const bytes = JSON.stringify(frame).length;

  const rounds: { product: Result; bare: Result }[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const toBare = await startClients({ url: `http://127.0.0.1:${barePort}`, token: TOKEN, subscribe: false });
      const bareResult = await measure(bare.pid ?? 0, toBare, async (second) => {
        bare.send({ ...frame, seq: second, serverTime: Date.now() });
      });
      toBare.kill();
      await once(toBare, 'exit');
      const toProduct = await startClients({ url: server.url, token: TOKEN, subscribe: true });
      const product = await measure(server.pid, toProduct, post);
      toProduct.kill();
      await once(toProduct, 'exit');
      rounds.push({ product, bare: bareResult });
      console.log(
        `round ${round + 1}: CPU ${product.cpuPerSecond.toFixed(3)} s/s beside ${bareResult.cpuPerSecond.toFixed(3)}, p99 ${product.p99Ms} ms beside ${bareResult.p99Ms}, frames ${product.frames} and ${bareResult.frames}`,
      );
    }
    const median = (values: number[]): number => percentile(values, 0.5);
    const ratio = {
      cpu: median(rounds.map(({ product, bare: floor }) => product.cpuPerSecond / floor.cpuPerSecond)),
      p99: median(rounds.map(({ product, bare: floor }) => product.p99Ms / floor.p99Ms)),
    };
    writeReport('live', { clients, seconds, frameBytes: bytes, rounds, ratio });
    console.log(`${clients} clients, frames of ${bytes} bytes: CPU ${ratio.cpu.toFixed(2)} ×, p99 ${ratio.p99.toFixed(2)} × the bare server`);
  } finally {
    bare.kill();
    await server.stop();
    await store.close();
  }
}

// The bare server and the clients run in processes of their own: the same program in another role.
if (process.env['BENCH_ROLE'] === 'bare') {
  const http = createServer();
  const bare = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  const live = bare.of('/live');
  process.on('message', (frame) => live.emit('readings', frame));
  http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
} else if (process.env['BENCH_ROLE'] === 'clients') {
  await runClients();
} else {
  await main();
}
