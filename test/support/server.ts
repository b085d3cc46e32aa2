/** A whole server in this process, on a folder of its own and port 0: the real database, the real sockets, a clock that tests may move. */
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../../server/clock.ts';
import { type Log, type RunningServer, startServer } from '../../server/compose/server.ts';

export const INGEST_TOKEN = 'test-ingest-token-0123456789';
export const ADMIN_PASSWORD = 'test-admin-password';
export const repository = path.resolve(import.meta.dirname, '../..');

export interface TestServer {
  server: RunningServer;
  url: string;
  /** The city folder, a copy that a test may edit. */
  city: string;
  /** What the server logged at level warn and above. */
  warnings: string[];
  /** Calls the API as the seeded ingest token unless told otherwise. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Signs in as admin; the cookie for further calls. */
  signIn(): Promise<string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** `null`: no credential. */
  token?: string | null;
  cookie?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely; what they find is asserted.
  json: any;
}

export interface TestServerOptions {
  clock?: Clock;
  /** City folder to copy; default: the riverside fixture. */
  city?: string;
  databaseUrl?: string;
  /** What `${NAME}` in the files of sources stands for. */
  environment?: Record<string, string>;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-test-'));
  // As root the database runs under another account, which must be able to get here.
  chmodSync(home, 0o755);
  const city = path.join(home, 'city');
  cpSync(options.city ?? path.join(repository, 'test/fixtures/riverside'), city, { recursive: true });
  const warnings: string[] = [];
  const text = (message: string, error?: unknown): string =>
    error === undefined ? message : `${message}: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`;
  const log: Log = { info: () => {}, warn: (message, error) => warnings.push(text(message, error)), error: (message, error) => warnings.push(text(message, error)) };
  const start = (port: number): Promise<RunningServer> =>
    startServer({
      config: {
        host: '127.0.0.1',
        port,
        dataDirectory: path.join(home, 'data'),
        databaseUrl: options.databaseUrl ?? null,
        configDirectory: city,
        adminPassword: ADMIN_PASSWORD,
        ingestToken: INGEST_TOKEN,
        trustProxy: false,
        backup: null,
        logLevel: 'warn',
      },
      clock: options.clock ?? systemClock,
      log,
      clientDirectory: path.join(repository, 'dist/client'),
      version: 'test',
      environment: options.environment ?? {},
    });
  const test: TestServer = {
    server: await start(0),
    url: '',
    city,
    warnings,
    call: (method, at, call) => request(`${test.url}${at}`, method, call ?? {}),
    async signIn() {
      const { headers, status, text: body } = await test.call('POST', '/api/v1/session', { body: { username: 'admin', password: ADMIN_PASSWORD }, token: null });
      if (status !== 200) throw new Error(`sign-in answered ${status} ${body}`);
      return (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    async restart() {
      const { port } = new URL(test.url);
      await test.server.stop();
      test.server = await start(Number(port));
    },
    async stop() {
      await test.server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  test.url = test.server.url;
  return test;
}

async function request(url: string, method: string, { body, headers = {}, token = INGEST_TOKEN, cookie }: CallOptions): Promise<Answer> {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
      ...(token === null || cookie !== undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: (isText ? body : JSON.stringify(body)) as BodyInit }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : null };
}
