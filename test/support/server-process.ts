/** The built server as a process of its own, as `npm start` runs it, so that a test can kill it at any line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ADMIN_PASSWORD, INGEST_TOKEN, repository } from './server.ts';

export interface ServerProcess {
  url: string;
  /** The one line that it printed. */
  line: string;
  child: ChildProcess;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to its exit code. */
  end(): Promise<number | null>;
}

export async function startServerProcess(options: { dataDirectory: string; city: string; environment?: Record<string, string> }): Promise<ServerProcess> {
  const child = spawn(process.execPath, [path.join(repository, 'server/start.mjs'), '--no-feed', '--server-only'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: options.dataDirectory,
      CONFIG_DIR: options.city,
      INGEST_TOKEN,
      ADMIN_PASSWORD,
      LOG_LEVEL: 'warn',
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      line,
      child,
      async kill() {
        child.kill('SIGKILL');
        await exited;
      },
      async end() {
        child.kill('SIGTERM');
        await exited;
        return child.exitCode;
      },
    };
  }
  throw new Error(`the server ended before it was served:\n${complaints}`);
}
