/** Running one program of PostgreSQL to its end, as the database's account and with nothing of our own environment. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Account } from './account.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';

/** Enough for every message of `initdb`; what came before is of no use in an error. */
const keptOutputChars = 4_000;

interface CommandContext {
  readonly account: Account | null;
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * glibc gives every larger piece of memory back at once and asks the system for it anew; a connection that answers years of history pays
 * more for that than for reading them (serialising 750 kB: 7.6 ms without, 1.2 ms with). Other systems do not know these names.
 */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '134217728', MALLOC_TOP_PAD_: '4194304' };

/**
 * No PG* variable may change what the programs do and no secret of the server may reach them. `LC_ALL=C` also keeps their messages in
 * English, which `postmaster.ts` reads.
 */
export function plainEnvironment(): Record<string, string> {
  const kept = process.platform === 'win32' ? ['PATH', 'SystemRoot', 'TEMP'] : ['PATH'];
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { PATH: '/usr/bin:/bin', ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC', ...keepMemory };
}

/** The user to start a program as, in the words of `spawn`. */
export function spawnIdentity(account: Account | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

/**
 * Runs `program` and gives whether it ended with 0, and the end of what it wrote on both streams. A program that could not be started
 * counts as failed, with the system's message as its output. An abort ends the program and throws the signal's reason.
 * Throws `no_unprivileged_account` when this process is root without the right to run programs as others.
 */
export function runCommand(program: string, args: readonly string[], context: CommandContext): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (text: string): void => {
      output = (output + text).slice(-keptOutputChars);
    };
    const abort = (): void => void child?.kill('SIGTERM');
    const end = (ok: boolean): void => {
      context.signal?.removeEventListener('abort', abort);
      if (context.signal?.aborted) reject(context.signal.reason);
      else resolve({ ok, output: output.trim() });
    };
    let child: ReturnType<typeof spawnPiped> | null = null;
    try {
      child = spawnPiped(program, args, context);
    } catch (error) {
      // Some refusals of the system (no right to change the user) are thrown, the others come as the event `error`.
      if (context.account !== null && systemCode(error) === 'EPERM') return reject(mayNotDrop(context.account, error));
      keep(error instanceof Error ? error.message : String(error));
      return end(false);
    }
    context.signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => keep(chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => keep(chunk.toString('utf8')));
    child.once('error', (error) => keep(`${error.message}\n`));
    child.once('close', (code, endedBy) => {
      if (endedBy !== null) keep(`\n(ended by ${endedBy})`);
      end(code === 0);
    });
  });
}

function spawnPiped(program: string, args: readonly string[], context: CommandContext): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(program, args, { ...spawnIdentity(context.account), cwd: context.cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
}

function mayNotDrop(account: Account, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'no_unprivileged_account',
    `PostgreSQL does not run as root, and this server may not run programs as ${account.name}. Start it as an ordinary user, allow it to (capabilities SETUID and SETGID), or set DATABASE_URL to a database of your own.`,
    { cause },
  );
}
