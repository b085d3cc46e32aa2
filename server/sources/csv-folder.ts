/**
 * A drop folder on the disk: which files are whole, and where read ones go. Beside what is put in there are two folders of our own, `done`
 * and `failed`. What always holds: a file is never overwritten and never deleted before its time, and a report is there before its file is.
 */
import { access, constants, type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { createGlob } from './csv-glob.ts';
import { type RefusedRow, reportHead, reportLine } from './csv-report.ts';

/** Where a file goes that was read, or that cannot be. */
export type Aside = 'done' | 'failed';

export interface DroppedFile {
  name: string;
  size: number;
  mtimeMs: number;
}

/** Written by who has not finished: downloads, copies, editors, spreadsheets that have the file open. */
const isUnfinished = (name: string): boolean => /^(\.|~\$)|(\.(part|partial|tmp|temp|filepart|crdownload|download|swp)|~)$/i.test(name);

export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

/** Makes the folder and its two when they are missing. @returns why it cannot be used, or null. */
export async function prepareFolder(folder: string): Promise<string | null> {
  try {
    for (const each of [folder, path.join(folder, 'done'), path.join(folder, 'failed')]) {
      await mkdir(each, { recursive: true });
      await access(each, constants.R_OK | constants.W_OK | constants.X_OK);
    }
    return null;
  } catch (error) {
    const at = error instanceof Error && 'path' in error ? String(error.path) : folder;
    const code = codeOf(error);
    const readOnly = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const why = readOnly
      ? `cannot be written (${code}): the server needs the right to write there, to move files aside once they are read`
      : `cannot be used as a folder (${code})`;
    return `${at} ${why}. Nothing is read until then.`;
  }
}

/** The files that are meant, oldest first. Empty ones are not: who made them is about to write. */
export async function listFiles(folder: string, pattern: string): Promise<DroppedFile[]> {
  const matches = createGlob(pattern);
  const files: DroppedFile[] = [];
  for (const name of await readdir(folder)) {
    if (isUnfinished(name) || !matches(name)) continue;
    const file = await look(path.join(folder, name));
    if (file !== null && file.size > 0) files.push({ name, ...file });
  }
  return files.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1));
}

/** Size and time of a file; null when it is none, or gone. */
export async function look(file: string): Promise<{ size: number; mtimeMs: number } | null> {
  try {
    const found = await stat(file);
    return found.isFile() ? { size: found.size, mtimeMs: found.mtimeMs } : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

export const isSame = (a: { size: number; mtimeMs: number }, b: { size: number; mtimeMs: number } | null): boolean => b !== null && a.size === b.size && a.mtimeMs === b.mtimeMs;

export interface Settling {
  /** Of the files that are there now, those whose size and time have not changed for the settle time; and when the next may be, epoch ms. */
  observe(files: readonly DroppedFile[], now: number): { settled: DroppedFile[]; nextAt: number | null };
}

/** Remembers the files that are there, and no others. */
export function createSettling(settleMs: number): Settling {
  let seen = new Map<string, DroppedFile & { since: number }>();
  return {
    observe(files, now) {
      const next: typeof seen = new Map();
      const settled: DroppedFile[] = [];
      let nextAt: number | null = null;
      for (const file of files) {
        const before = seen.get(file.name);
        // A clock that was set back begins the wait anew rather than prolonging it.
        const since = before !== undefined && isSame(before, file) && before.since <= now ? before.since : now;
        next.set(file.name, { ...file, since });
        if (now - since >= settleMs) settled.push(file);
        else nextAt = Math.min(nextAt ?? Number.POSITIVE_INFINITY, since + settleMs);
      }
      seen = next;
      return { settled, nextAt };
    },
  };
}

/** Names may have 255 bytes, which is 85 Chinese signs: what is added to one must still fit. */
function shortened(name: string): string {
  return Buffer.byteLength(name) <= 200 ? name : [...name].slice(0, 50).join('');
}

/** A report that grows while its file is read, under a name that is no report's yet. */
export interface Report {
  add(rows: readonly { row: RefusedRow; text: string }[]): Promise<void>;
  /** @returns the path of what was written; null when nothing was. */
  close(): Promise<string | null>;
}

/** A report that nobody can open helps nobody: a spreadsheet takes a million rows, a person far fewer. */
const MAX_REPORTED = 100_000;

export function createReport(folder: string, name: string): Report {
  const at = path.join(folder, 'done', `.${shortened(name)}.report.part`);
  let file: FileHandle | null = null;
  let count = 0;
  return {
    async add(rows) {
      if (rows.length === 0) return;
      if (file === null) {
        file = await open(at, 'w');
        await file.write(reportHead);
      }
      const lines = rows.slice(0, Math.max(0, MAX_REPORTED - count)).map(({ row, text }) => reportLine(row, text));
      if (count <= MAX_REPORTED && count + rows.length > MAX_REPORTED) lines.push(`,,,"more than ${MAX_REPORTED} rows were refused; the others are not listed",\r\n`);
      count += rows.length;
      if (lines.length > 0) await file.write(lines.join(''));
    },
    async close() {
      if (file === null) return null;
      await file.close();
      return at;
    },
  };
}

/**
 * Moves a file into `done` or `failed`, its report first, under its own name or, where that is taken, one with the time in it.
 * Its time becomes `now`, where we may set it: when it was read, from which its keeping counts.
 * @returns its name there.
 */
export async function moveAside(folder: string, { name, report, to, now }: { name: string; report: string | null; to: Aside; now: number }): Promise<string> {
  const target = path.join(folder, to);
  const free = await freeName(target, name, now);
  // Gone already where an earlier try moved the report and could not move its file.
  if (report !== null) await rename(report, path.join(target, `${shortened(free)}.report.csv`)).catch(unless('ENOENT'));
  await rename(path.join(folder, name), path.join(target, free));
  // Who put it there may own it still; the time of the move, which the disk keeps by itself, then stands for it.
  await utimes(path.join(target, free), now / 1000, now / 1000).catch(unless('EPERM', 'EACCES'));
  return free;
}

const unless =
  (...codes: string[]) =>
  (error: unknown): void => {
    if (!codes.includes(codeOf(error))) throw error;
  };

async function freeName(target: string, name: string, now: number): Promise<string> {
  const { name: stem, ext } = path.parse(name);
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '');
  for (let i = 0; ; i++) {
    const candidate = i === 0 ? name : `${shortened(stem)}.${stamp}${i === 1 ? '' : `-${i}`}${ext}`;
    if (!(await exists(path.join(target, candidate)))) return candidate;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Removes files of `done` that were read longer ago than `keepMs`, with their reports. What failed is kept until somebody looks. */
export async function pruneDone(folder: string, { keepMs, now }: { keepMs: number; now: number }): Promise<number> {
  const done = path.join(folder, 'done');
  let removed = 0;
  for (const name of await readdir(done)) {
    const at = path.join(done, name);
    const found = await stat(at);
    // The later of both: a kill may have come between the move and its time.
    if (!found.isFile() || now - Math.max(found.mtimeMs, found.ctimeMs) < keepMs) continue;
    await rm(at);
    removed++;
  }
  return removed;
}
