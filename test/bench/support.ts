/**
 * What the benches share: a store of their own, the server as a process, what each process costs, and the report. A bench starts
 * from nothing in a folder of its own, and leaves nothing behind but its file in test/bench/results.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { createDatabase } from '../../server/db/pool.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** Of the feeds and of whoever asks. */
export const TOKEN = 'bench-token-0123456789abcdef';

export interface BenchStore {
  engine: 'postgresql' | 'timescaledb';
  /** A folder for the city and whatever else the bench writes; goes with the store. */
  home: string;
  /** For the server's DATABASE_URL. */
  url: string;
  /** The embedded database's main process, whose children are the connections; null for a server elsewhere. */
  pid: number | null;
  close(): Promise<void>;
}

/** A folder of the bench's own. */
export function openBenchHome(): { home: string; leave(): void } {
  const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-bench-'));
  // As root the database runs under another account, which must be able to get here.
  chmodSync(home, 0o755);
  return { home, leave: () => rmSync(home, { recursive: true, force: true }) };
}

/** An embedded PostgreSQL in a fresh folder, or a fresh database `name` on the server at `timescaleUrl`. */
export async function openBenchStore(timescaleUrl: string | undefined, name: string): Promise<BenchStore> {
  const { home, leave } = openBenchHome();
  if (timescaleUrl !== undefined && timescaleUrl !== '') return { home, ...(await createDatabaseAt(timescaleUrl, { name, leave })) };
  const postgres = await startEmbeddedPostgres({ directory: path.join(home, 'store'), log: () => {} });
  const { host, user } = postgres.connection;
  return {
    engine: 'postgresql',
    home,
    url: `postgresql://${user}@localhost/postgres?host=${encodeURIComponent(host)}`,
    pid: postgres.pid,
    async close() {
      await postgres.stop();
      leave();
    },
  };
}

async function createDatabaseAt(server: string, { name, leave }: { name: string; leave(): void }): Promise<Omit<BenchStore, 'home'>> {
  const run = async (statement: string): Promise<void> => {
    const database = createDatabase({ connectionString: server }, { max: 1, onError: () => {} });
    await database.query(statement).finally(() => database.end());
  };
  await run(`create database "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    engine: 'timescaledb',
    url: url.href,
    pid: null,
    async close() {
      await run(`drop database "${name}" with (force)`);
      leave();
    },
  };
}

export interface BenchCity {
  /** Places `bench_0` to `bench_<series − 1>`. */
  series: number;
  /** Lines for city.yaml, as `storage: {…}`. */
  storage: string;
  indicators: { id: string; interval: string; staleAfter: string }[];
}

/** Writes a city into a folder of `home`, which it answers. */
export function writeCity(home: string, { series, storage, indicators }: BenchCity): string {
  const directory = path.join(home, 'city');
  for (const folder of ['indicators', 'places', 'rules']) mkdirSync(path.join(directory, folder), { recursive: true });
  writeFileSync(
    path.join(directory, 'city.yaml'),
    `id: bench\nname: { zh: 测量, en: Bench }\ntimeZone: UTC\nlanguages: [en]\ncenter: [0, 0]\nbounds: [-1, -1, 1, 1]\n${storage}\n`,
  );
  const list = indicators.map(
    ({ id, interval, staleAfter }) =>
      `  - { id: ${id}, name: { zh: 值, en: Value }, unit: cm, kind: gauge, grain: station, fold: mean, interval: ${interval}, staleAfter: ${staleAfter} }`,
  );
  writeFileSync(path.join(directory, 'indicators/bench.yaml'), `domain: { id: bench, name: { zh: 测量, en: Bench } }\nindicators:\n${list.join('\n')}\n`);
  const rows = Array.from({ length: series }, (_, i) => `bench_${i},测量点${i},Bench ${i},station,bench,0.${i},0.${i}`);
  writeFileSync(path.join(directory, 'places/stations.csv'), `id,name_zh,name_en,kind,parent,longitude,latitude\n${rows.join('\n')}\n`);
  return directory;
}

export interface ServerProcess {
  url: string;
  pid: number;
  /** Peak of its resident memory so far. */
  maxRssMb(): number;
  /** In good order. */
  stop(): Promise<void>;
  /** With signal 9. */
  kill(): Promise<void>;
}

/** Starts the built server on a free port, with `TOKEN`, and waits until it is served. Node's own flags, as for a profile, come from BENCH_NODE_FLAGS. */
export async function startServerProcess(environment: Record<string, string>): Promise<ServerProcess> {
  const flags = process.env['BENCH_NODE_FLAGS']?.split(' ').filter(Boolean) ?? [];
  const child = spawn(process.execPath, [...flags, path.join(repository, 'server/start.mjs'), '--no-feed', '--server-only'], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn', INGEST_TOKEN: TOKEN, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A bench that fails leaves no server behind.
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    const exited = once(child, 'exit');
    const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      child.kill(signal);
      await exited;
    };
    return {
      url,
      pid: child.pid as number,
      maxRssMb: () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024),
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    };
  }
  throw new Error('the server ended before it was served');
}

interface Answer {
  status: number;
  text: string;
}

export interface Poster {
  /** `type`: the content type, or all headers of its own. */
  (url: string, body: Buffer, type: string | Record<string, string>): Promise<Answer>;
  /** Lets idle connections go: the server closes them after some seconds, and a body sent at that moment would be lost. */
  rest(): void;
}

/** Posts bodies over at most `connections` kept connections, with `TOKEN`. */
export function createPoster(connections: number): Poster {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const post: (...request: Parameters<Poster>) => Promise<Answer> = (url, body, type) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-length': body.length, ...(typeof type === 'string' ? { 'content-type': type } : type) };
      const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  return Object.assign(post, { rest: () => agent.destroy() });
}

/** Linux counts a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Processor time so far, seconds, of a process with the children it has and had (those it waited for). */
export function cpuSeconds(pid: number, withChildren: boolean): number {
  let ticks = 0;
  for (const entry of withChildren ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [String(pid)]) {
    const fields = statOf(entry);
    // Counted behind the name: 1 is the parent, 11 and 12 its own time, 13 and 14 that of children it waited for.
    if (fields === null || (Number(entry) !== pid && Number(fields[1]) !== pid)) continue;
    ticks += Number(fields[11]) + Number(fields[12]) + (Number(entry) === pid ? Number(fields[13]) + Number(fields[14]) : 0);
  }
  return ticks / TICKS_PER_SECOND;
}

function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** The value that a `share` of them (0 to 1) does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Writes test/bench/results/`name`.json: the figures, with the day, the commit and the machine that they belong to. */
export function writeReport(name: string, figures: Record<string, unknown>): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repository, encoding: 'utf8' }).trim();
  const report = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    ...figures,
  };
  const folder = path.join(repository, 'test/bench/results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
