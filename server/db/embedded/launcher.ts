/**
 * The embedded database: a real PostgreSQL that needs no installation and no account, started and stopped with the server.
 *
 * What always holds: at most one live server runs a database directory; a database of another live server is never touched; nothing that
 * was committed is lost by killing any process at any time; and a start after a kill needs no help from people.
 * On Windows it listens on a local port without a password, which suits a machine with one user; that path is not tested.
 */

import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareBinaries } from './binaries.ts';
import { type Claim, claimHome } from './claim.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { endLeftovers, settleFormerPostmaster } from './former.ts';
import { type Home, openHome, socketPort } from './home.ts';
import { type PostgresExit, type Postmaster, type StartContext, startPostmaster } from './postmaster.ts';
import type { Listen } from './settings.ts';

export { EmbeddedPostgresError } from './errors.ts';

export interface EmbeddedPostgresOptions {
  /** Made when missing; for one city, e.g. `.data/open-data`. */
  readonly directory: string;
  /** Given one line for each step that takes time or that an operator should know of. */
  log(message: string): void;
  /** Ends a start under way; has no effect on a running database. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  /** For `pg`: `host` is a folder (of a unix socket) except on Windows. There is no password. */
  readonly connection: { host: string; port: number; user: string; database: 'postgres' };
  readonly pid: number;
  /** Settles when the database has ended, for whatever reason, and the directory is free for another start; never rejects. */
  readonly exited: Promise<PostgresExit>;
  /** Ends it in good order, rolling back what is not committed. Waits for the end; safe to call again. */
  stop(): Promise<void>;
}

/** The remains of a killed database go within milliseconds, or as fast as their longest uninterruptible step. */
const remainsGoWithinMs = 30_000;
const betweenTriesMs = 100;
/** In the words of PostgreSQL: what another start a moment later may not meet again. */
const heldMemory = /pre-existing shared memory block/;
const takenNumber = /lock file "[^"]*" already exists/;

/**
 * Starts the database in `directory`, making it at the first start; a database left behind by a killed server is taken over.
 * Throws `EmbeddedPostgresError`, or the reason of `signal`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  options.signal?.throwIfAborted();
  const home = await openHome(options.directory, options.log);
  const claim = await claimHome(home);
  try {
    const context = { home, binaries: await prepareBinaries(home), listen: await chooseListen(home), log: options.log, signal: options.signal };
    await ensureCluster(home, context.binaries, options);
    return asRunning(await startPatiently(context), context, claim);
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** Starts, and starts again while the remains of a killed database are in the way. */
async function startPatiently(context: StartContext): Promise<Postmaster> {
  const deadline = performance.now() + remainsGoWithinMs;
  for (;;) {
    await settleFormerPostmaster(context);
    const outcome = await startPostmaster(context);
    if (outcome.kind === 'ready') return outcome.postmaster;
    if (!(heldMemory.test(outcome.report) || takenNumber.test(outcome.report)) || performance.now() >= deadline) throw startFailed(context, outcome.report);
    if (heldMemory.test(outcome.report)) endLeftovers(context.home.data);
    await sleep(betweenTriesMs);
  }
}

function asRunning(postmaster: Postmaster, { home, listen }: StartContext, claim: Claim): EmbeddedPostgres {
  const exited = postmaster.exited.then(async (exit) => {
    await claim.release();
    removeShortFolder(home);
    return exit;
  });
  let stopping: Promise<void> | null = null;
  return {
    connection: { host: listen.kind === 'socket' ? listen.directory : '127.0.0.1', port: listen.port, user: superuser, database: 'postgres' },
    pid: postmaster.pid,
    exited,
    stop: () => {
      stopping ??= (async () => {
        postmaster.interrupt();
        await exited;
      })();
      return stopping;
    },
  };
}

async function chooseListen(home: Home): Promise<Listen> {
  if (process.platform !== 'win32') return { kind: 'socket', directory: home.sockets, port: socketPort };
  const probe = net.createServer().listen({ port: 0, host: '127.0.0.1' });
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return { kind: 'local_port', port: typeof address === 'object' && address !== null ? address.port : socketPort };
}

/** A folder made in `/tmp` for a long path goes when it is empty, as after a stop in good order; else the next start finds it. */
function removeShortFolder(home: Home): void {
  if (path.dirname(home.sockets) === home.root) return;
  try {
    fs.rmdirSync(home.sockets);
  } catch {
    // Only tidying: whatever keeps it there does no harm.
  }
}

function startFailed({ home }: StartContext, report: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL did not start on ${home.root}. Its last words, from ${home.log}:\n${report === '' ? '(none)' : report}\nPut right what they name and start again; the data were not touched.`,
  );
}
