/**
 * One run of the database server process, from spawn to end. It runs in a process group of its own, so that Ctrl-C in a terminal reaches
 * the server, which may still have readings to store, and not the database. It is asked to stop with SIGINT: PostgreSQL then rolls open
 * transactions back, writes everything out and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { giveTo } from './account.ts';
import type { Binaries } from './binaries.ts';
import { plainEnvironment, runCommand, spawnIdentity } from './command.ts';
import type { Home } from './home.ts';
import { waitUntil } from './poll.ts';
import { type Listen, postgresArguments } from './settings.ts';

export interface PostgresExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Postmaster {
  readonly pid: number;
  /** Settles when the process has ended and been reaped, for whatever reason; never rejects. */
  readonly exited: Promise<PostgresExit>;
  interrupt(): void;
}

type StartOutcome = { kind: 'ready'; postmaster: Postmaster } | { kind: 'ended'; report: string };

export interface StartContext {
  readonly home: Home;
  readonly binaries: Binaries;
  readonly listen: Listen;
  readonly log: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** One earlier log is kept beside it, so all of it stays under twice this and what one run adds. */
const maxLogBytes = 10 * 1024 * 1024;
/** Of the log, in an error: the lines of one failed start. */
const reportedLogBytes = 2_000;
/** Replaying the log after a power cut may take minutes; a line now and then says that it goes on. */
const progressEveryMs = 5_000;

/**
 * Starts the server and waits until it takes connections, however long it needs to recover. `ended` when it gave up by itself, with the
 * end of what it logged. An abort stops it and throws the signal's reason.
 */
export async function startPostmaster(context: StartContext): Promise<StartOutcome> {
  const { home } = context;
  const logFile = openLog(home);
  const { child, exited, problem } = launch(context, logFile.descriptor);
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  const interrupt = (): void => (process.platform === 'win32' ? stopByPgCtl(context) : void child.kill('SIGINT'));
  try {
    while (!(await waitUntil(() => ended || isReady(home.data, child.pid), { withinMs: progressEveryMs, signal: context.signal }))) {
      context.log('PostgreSQL is still starting; after a power cut it first replays its log');
    }
  } catch (error) {
    interrupt();
    await exited;
    throw error;
  }
  if (ended || child.pid === undefined) return { kind: 'ended', report: [...problem, readFrom(home.log, logFile.size)].join('\n').trim() };
  return { kind: 'ready', postmaster: { pid: child.pid, exited, interrupt } };
}

function launch(context: StartContext, logDescriptor: number): { child: ChildProcess; exited: Promise<PostgresExit>; problem: string[] } {
  const { home, binaries, listen } = context;
  try {
    const child = spawn(binaries.postgres, postgresArguments(home.data, listen), {
      ...spawnIdentity(home.account),
      cwd: home.root,
      env: plainEnvironment(),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', logDescriptor],
    });
    const problem: string[] = [];
    const exited = new Promise<PostgresExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.on('error', (error) => {
        problem.push(error.message);
        if (child.pid === undefined) resolve({ code: null, signal: null });
      });
    });
    return { child, exited, problem };
  } finally {
    fs.closeSync(logDescriptor);
  }
}

/** The eighth line of `postmaster.pid` tells the state and the first whose it is; `pg_ctl` waits for the same. */
function isReady(data: string, pid: number | undefined): boolean {
  const lines = readPidFile(data);
  return lines !== null && Number(lines[0]) === pid && (lines[7] ?? '').startsWith('ready');
}

/** The lines of the lock file in `data`, or null when there is none. */
export function readPidFile(data: string): string[] | null {
  const file = path.join(data, 'postmaster.pid');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : null;
}

function openLog(home: Home): { descriptor: number; size: number } {
  if (fs.existsSync(home.log) && fs.statSync(home.log).size > maxLogBytes) fs.renameSync(home.log, `${home.log}.1`);
  const descriptor = fs.openSync(home.log, 'a', 0o600);
  giveTo(home.account, home.log);
  return { descriptor, size: fs.fstatSync(descriptor).size };
}

function readFrom(file: string, start: number): string {
  return fs.readFileSync(file).subarray(start).subarray(-reportedLogBytes).toString('utf8');
}

/** Windows has no SIGINT for other processes; `pg_ctl` speaks to the server by a pipe of its own. */
function stopByPgCtl({ home, binaries }: StartContext): void {
  void runCommand(binaries.pgCtl, ['stop', '-D', home.data, '-m', 'fast', '-W'], { account: home.account, cwd: home.root });
}
