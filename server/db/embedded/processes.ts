/**
 * Which process a number in a lock file means. Numbers are reused, so a process counts as the database of a directory only when it is a
 * `postgres` at work in that very directory, and as one of ours only when it carries our mark on its command line. Anything that cannot
 * be told is "unrelated": such a process is never signalled.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { systemCode } from './errors.ts';

type ProcessKind = 'gone' | 'ours' | 'foreign_postgres' | 'unrelated';

/** Passed to every postmaster we start, also shown by `ps` to whoever looks. */
export const clusterName = 'city_vitals_embedded';

/** What the process `pid` is to the data directory `data`. A dead process that nobody has reaped yet is gone. */
export async function inspectProcess(pid: number, data: string): Promise<ProcessKind> {
  if (!exists(pid)) return 'gone';
  if (process.platform === 'linux') return inspectProc(pid, data);
  return inspectPs(pid, data);
}

/** All processes of PostgreSQL at work in `data`, by number. Linux only; elsewhere none are found. */
export function postgresProcessesIn(data: string): number[] {
  if (process.platform !== 'linux') return [];
  const numbers = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => !['gone', 'unrelated'].includes(inspectProc(pid, data)));
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function inspectProc(pid: number, data: string): ProcessKind {
  try {
    // `12 (postgres) S ...`: the name may hold anything, so the state is what follows the last bracket.
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [name, state] = [stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), stat.slice(stat.lastIndexOf(')') + 2)[0]];
    if (state === 'Z' || state === 'X') return 'gone';
    if (name !== 'postgres') return 'unrelated';
    const [at, wanted] = [fs.statSync(`/proc/${pid}/cwd`), fs.statSync(data)];
    if (at.dev !== wanted.dev || at.ino !== wanted.ino) return 'unrelated';
    return isMarked(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')) ? 'ours' : 'foreign_postgres';
  } catch (error) {
    return ['ENOENT', 'ESRCH'].includes(systemCode(error)) ? 'gone' : 'unrelated';
  }
}

/** macOS and the BSDs tell less: the directory is known only from the command line. */
async function inspectPs(pid: number, data: string): Promise<ProcessKind> {
  const line = await new Promise<string>((resolve) => {
    execFile('ps', ['-o', 'stat=', '-o', 'command=', '-p', String(pid)], (_error, output) => resolve(output.trim()));
  });
  if (line === '' || line.startsWith('Z')) return 'gone';
  if (!path.basename(line.split(/\s+/)[1] ?? '').startsWith('postgres') || !line.includes(`-D ${data} `)) return 'unrelated';
  return isMarked(line.split(/\s+/)) ? 'ours' : 'foreign_postgres';
}

function isMarked(args: readonly string[]): boolean {
  return args.includes(`cluster_name=${clusterName}`);
}
