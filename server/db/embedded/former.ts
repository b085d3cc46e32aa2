/**
 * What an earlier server may have left behind when it was killed: its database still running, lock files of one that died, or single
 * processes of one. Called only by the server that holds the directory, so whatever is found belongs to nobody who lives.
 *
 * PostgreSQL protects its data against a second server by the number in `postmaster.pid` and by a block of shared memory that file
 * names. The number alone may be wrong (reused by another program, or dead but not reaped); the memory never is. So a file with a wrong
 * number is not removed but given ours: PostgreSQL takes its parent's number for stale and still checks the memory.
 */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { giveTo } from './account.ts';
import { runCommand } from './command.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import { waitUntil } from './poll.ts';
import { readPidFile, type StartContext } from './postmaster.ts';
import { inspectProcess, postgresProcessesIn } from './processes.ts';

/** A fast shutdown writes all dirty pages out; on a slow disk that is tens of seconds. */
const orphanEndsWithinMs = 120_000;
/** The system closes a socket with its process; this only allows for a process that is just going. */
const socketClosesWithinMs = 1_000;

/**
 * Ends an orphan and makes stale lock files harmless. Throws `already_in_use` for a PostgreSQL that somebody else runs on this
 * directory, `start_failed` for an orphan that does not end.
 */
export async function settleFormerPostmaster(context: StartContext): Promise<void> {
  const { home } = context;
  if (process.platform === 'win32') return settleOnWindows(context);
  const lines = readPidFile(home.data);
  const pid = Number(lines?.[0]);
  // A negative number marks a server in single-user mode, that is, somebody repairing.
  const kind = Number.isInteger(pid) && pid !== 0 ? await inspectProcess(Math.abs(pid), home.data) : 'gone';
  if (kind === 'foreign_postgres') throw runBySomebodyElse(home.root, `process ${Math.abs(pid)}`);
  if (kind === 'ours') await endOrphan(pid, context);
  if (kind === 'unrelated' || kind === 'gone') disownPidFile(context);
  await clearSocket(context);
}

/**
 * Ends single processes whose postmaster was killed, so that its shared memory is freed. A query in full flight does not notice by
 * itself that its server is gone. They can no longer commit, so nothing acknowledged is lost.
 */
export function endLeftovers(data: string): void {
  for (const pid of postgresProcessesIn(data)) {
    try {
      process.kill(pid, 'SIGQUIT');
    } catch (error) {
      if (systemCode(error) !== 'ESRCH') throw error;
    }
  }
}

async function endOrphan(pid: number, { home, log, signal }: StartContext): Promise<void> {
  log(`an earlier server was killed and left its PostgreSQL running (process ${pid}); stopping it`);
  process.kill(pid, 'SIGINT');
  const ended = await waitUntil(async () => (await inspectProcess(pid, home.data)) !== 'ours', { withinMs: orphanEndsWithinMs, signal });
  if (ended) return;
  throw new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL of an earlier server (process ${pid}) does not stop. End it with "kill -QUIT ${pid}" and start again; nothing that was stored is lost.`,
  );
}

function disownPidFile({ home }: StartContext): void {
  const lines = readPidFile(home.data);
  if (lines === null) return;
  const file = path.join(home.data, 'postmaster.pid');
  const unready = `${file}.unready`;
  fs.writeFileSync(unready, [String(process.pid), ...lines.slice(1)].join('\n'), { mode: 0o600 });
  giveTo(home.account, unready);
  fs.renameSync(unready, file);
}

/** The socket has a lock file of its own with the same weakness. Nobody may be listening: that would be a server no number told of. */
async function clearSocket({ home, listen, signal }: StartContext): Promise<void> {
  const socket = path.join(home.sockets, `.s.PGSQL.${listen.port}`);
  if (!(await waitUntil(async () => !(await isListening(socket)), { withinMs: socketClosesWithinMs, signal })))
    throw runBySomebodyElse(home.root, 'a process that cannot be seen from here');
  for (const file of [socket, `${socket}.lock`]) fs.rmSync(file, { force: true });
}

function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(systemCode(error))));
  });
}

/** `pg_ctl` reaches servers of PostgreSQL only, by a pipe named after them, so a reused number does no harm there. */
async function settleOnWindows({ home, binaries, signal }: StartContext): Promise<void> {
  if (readPidFile(home.data) === null) return;
  await runCommand(binaries.pgCtl, ['stop', '-D', home.data, '-m', 'fast', '-w', '-t', '120'], { account: null, cwd: home.root, signal });
  fs.rmSync(path.join(home.data, 'postmaster.pid'), { force: true });
}

function runBySomebodyElse(root: string, who: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'already_in_use',
    `PostgreSQL is running on the database in ${root}, and no server of City Vitals started it (${who}). Stop it first, for example with "pg_ctl stop -D ${root}/pg".`,
  );
}
