/**
 * The drop-folder connector: reads the CSV files that a department puts into a folder. What always holds: a file is read when it is whole,
 * it is moved aside only after all of its rows are committed, and a kill at any moment leaves it where it is, to be read again: what was
 * stored before is then a duplicate, which does no harm.
 */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { watch } from 'chokidar';
import type { CsvDropSource } from '../catalogue/source-schema.ts';
import { AppError } from '../contract/index.ts';
import { startFollower } from '../follower.ts';
import type { ConnectorContext, RunningConnector, StartConnector } from './connector.ts';
import { type Aside, codeOf, createReport, createSettling, type DroppedFile, isSame, listFiles, look, moveAside, prepareFolder, pruneDone, type Report } from './csv-folder.ts';
import { type CsvBatch, readCsv } from './csv-reader.ts';
import { type RefusedRow, refusedRows } from './csv-report.ts';
import type { TakeOutcome } from './piece.ts';

/** Shares that tell no changes are looked at this often; elsewhere the watcher is sooner. */
const RESCAN_MS = 15_000;
/** A copied file is many events. */
const DEBOUNCE_MS = 100;
const PRUNE_EVERY_MS = 3_600_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** A file at which something unforeseen went wrong must not hold up the others. */
const PUT_OFF_MS = 60_000;

/** `directory`: the city's folder, to which the sources' folders may be relative. */
export function createCsvDropStarter({ directory }: { directory: string }): StartConnector {
  return (source, context) => {
    if (source.kind !== 'csv_drop') throw new AppError('internal', `The source ${source.id} is of kind ${source.kind}, not csv_drop.`);
    return startCsvDrop(source, directory, context);
  };
}

/** What came of a file: `left`: it stays where it is, to be looked at again. */
type Ending = { kind: 'left' } | { kind: 'read'; to: Aside; report: string | null; message: string };
/** A file that was read and could not be moved; only the move is tried again. */
type Unmoved = DroppedFile & Extract<Ending, { kind: 'read' }>;

interface Drop {
  source: CsvDropSource;
  folder: string;
  context: ConnectorContext;
  store: Store;
  unmoved: Map<string, Unmoved>;
  putOff: Map<string, { until: number; message: string }>;
  isStopped(): boolean;
}

function startCsvDrop(source: CsvDropSource, directory: string, context: ConnectorContext): RunningConnector {
  const tell = createTeller(context);
  const settling = createSettling(source.settle);
  const store = createStore(source, context);
  let isStopped = false;
  let watcher: ReturnType<typeof watch> | null = null;
  let timer: { cancel(): void } | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let prunedAt = Number.NEGATIVE_INFINITY;
  const unmoved: Drop['unmoved'] = new Map();
  const putOff: Drop['putOff'] = new Map();

  /** At the earliest time that anybody asked for: a folder without rest is looked at all the same. */
  const wakeIn = (ms: number): void => {
    const due = context.now() + ms;
    if (isStopped || due >= dueAt) return;
    dueAt = due;
    timer?.cancel();
    timer = context.setTimer(ms, () => {
      dueAt = Number.POSITIVE_INFINITY;
      follower.wake();
    });
  };
  const openWatcher = (folder: string): ReturnType<typeof watch> => {
    const own = new Set([path.join(folder, 'done'), path.join(folder, 'failed')]);
    const opened = watch(folder, { ignoreInitial: true, depth: 0, ignored: (at) => own.has(at) });
    opened.on('all', () => wakeIn(DEBOUNCE_MS));
    opened.on('error', (error) => context.log.warn(`${source.id}: ${folder} is not watched, only looked at every ${RESCAN_MS / 1000} s`, error));
    return opened;
  };

  const work = async (): Promise<void> => {
    // Named at each look: a variable that is missing is told like a folder that is.
    const folder = path.resolve(directory, context.secret(source.folder));
    const problem = await prepareFolder(folder);
    if (problem !== null) throw new AppError('invalid_request', problem);
    watcher ??= openWatcher(folder);
    const files = await listFiles(folder, source.pattern);
    const { settled, nextAt } = settling.observe(files, context.now());
    const drop: Drop = { source, folder, context, store, unmoved, putOff, isStopped: () => isStopped };
    const failure = await takeFiles(drop, settled);
    if (context.now() - prunedAt >= PRUNE_EVERY_MS) {
      prunedAt = context.now();
      await pruneDone(folder, { keepMs: source.keep, now: context.now() });
    }
    if (failure === null) tell.connected();
    else tell.failed(failure);
    if (nextAt !== null) wakeIn(Math.max(DEBOUNCE_MS, nextAt - context.now()));
  };

  const follower = startFollower({
    async work() {
      try {
        await work();
      } catch (error) {
        tell.failed(error instanceof Error ? error.message : String(error));
      }
      return false;
    },
    setTimer: context.setTimer,
    everyMs: RESCAN_MS,
    failed: (error) => context.log.warn(`${source.id}: the folder could not be looked at`, error),
  });
  return {
    async stop() {
      isStopped = true;
      timer?.cancel();
      store.stop();
      await follower.close();
      await watcher?.close();
    },
  };
}

/** States are told when they change, not at each look. */
function createTeller({ report }: ConnectorContext): { connected(): void; failed(message: string): void } {
  let last: string | null = null;
  const tell = (state: Parameters<typeof report>[0]): void => {
    const key = JSON.stringify(state);
    if (key !== last) report(state);
    last = key;
  };
  return { connected: () => tell({ kind: 'connected' }), failed: (message) => tell({ kind: 'failed', message }) };
}

/** Takes settled files one after the other. @returns what is wrong with one of them, or null. */
async function takeFiles(drop: Drop, files: readonly DroppedFile[]): Promise<string | null> {
  const { unmoved, putOff, context, source } = drop;
  const present = new Set(files.map((file) => file.name));
  for (const name of unmoved.keys()) if (!present.has(name)) unmoved.delete(name);
  for (const name of putOff.keys()) if (!present.has(name)) putOff.delete(name);
  let failure: string | null = null;
  for (const file of files) {
    if (drop.isStopped()) break;
    const waiting = putOff.get(file.name);
    if (waiting !== undefined && waiting.until > context.now()) {
      failure = waiting.message;
      continue;
    }
    try {
      await takeFile(drop, file);
      putOff.delete(file.name);
    } catch (error) {
      failure = `${file.name}: ${error instanceof Error ? error.message : String(error)}`;
      putOff.set(file.name, { until: context.now() + PUT_OFF_MS, message: failure });
      context.log.warn(`${source.id}: ${file.name} could not be taken and stays where it is`, error);
    }
  }
  return failure;
}

async function takeFile(drop: Drop, file: DroppedFile): Promise<void> {
  const { folder, unmoved, context, source } = drop;
  const before = unmoved.get(file.name);
  const ending = before !== undefined && isSame(before, file) ? before : await readFile(drop, file);
  if (ending.kind === 'left') return;
  unmoved.set(file.name, { ...file, ...ending });
  try {
    const name = await moveAside(folder, { name: file.name, report: ending.report, to: ending.to, now: context.now() });
    unmoved.delete(file.name);
    const message = `${source.id}: ${ending.to}/${name}: ${ending.message}`;
    if (ending.to === 'failed') context.log.warn(message);
    else context.log.info(message);
  } catch (error) {
    throw new Error(`it was read, but cannot be moved to ${ending.to} (${codeOf(error)}): the server needs the right to write in ${folder}`, { cause: error });
  }
}

/** Reads a file to its end, every batch committed before the next. */
async function readFile(drop: Drop, file: DroppedFile): Promise<Ending> {
  const at = path.join(drop.folder, file.name);
  const report = createReport(drop.folder, file.name);
  const totals = { rows: 0, stored: 0, known: 0, skipped: 0, refused: 0 };
  let brokenBy: string | null = null;
  try {
    for await (const item of readCsv({ bytes: () => createReadStream(at, { end: file.size - 1 }), mapping: drop.source.csv, cityZone: drop.context.timeZone, file: file.name })) {
      if (item.kind === 'broken') {
        brokenBy = item.message;
        await report.add([{ row: { row: item.row + 1, column: '', code: 'malformed_line', path: item.path, message: item.message }, text: '' }]);
        continue;
      }
      const outcome = await drop.store.put(item);
      if (outcome === null) return await leave(report);
      await note({ batch: item, outcome, report, totals });
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return await leave(report);
    if (code !== 'EACCES' && code !== 'EPERM') {
      await report.close();
      throw error;
    }
    brokenBy = `The file cannot be opened (${code}).`;
    await report.add([{ row: { row: 0, column: '', code: 'invalid_request', path: '', message: brokenBy }, text: '' }]);
  }
  // Whoever still wrote into it while it was read goes on waiting to settle, and it is read again.
  if (!isSame(file, await look(at))) return await leave(report);
  const counts = `${totals.rows} rows, ${totals.stored} readings stored, ${totals.known} known before, ${totals.skipped} passed over, ${totals.refused} refused`;
  return { kind: 'read', to: brokenBy === null ? 'done' : 'failed', report: await report.close(), message: brokenBy === null ? counts : `${brokenBy} (${counts})` };
}

async function leave(report: Report): Promise<Ending> {
  await report.close();
  return { kind: 'left' };
}

interface Noted {
  batch: CsvBatch;
  outcome: TakeOutcome;
  report: Report;
  totals: { rows: number; stored: number; known: number; skipped: number; refused: number };
}

async function note({ batch, outcome, report, totals }: Noted): Promise<void> {
  totals.rows += batch.counts.rows;
  totals.stored += outcome.accepted + outcome.revised;
  totals.known += outcome.duplicates;
  totals.skipped += batch.counts.skipped;
  totals.refused += outcome.rejected.length;
  const rows: RefusedRow[] = refusedRows(batch, outcome.rejected);
  await report.add(rows.map((row, i) => ({ row, text: batch.pieces[outcome.rejected[i]?.piece ?? -1]?.original.text ?? '' })));
}

interface Store {
  /** Resolves once the batch is committed, however long the store is away; to null when the connector is stopped before. */
  put(batch: CsvBatch): Promise<TakeOutcome | null>;
  stop(): void;
}

function createStore(source: CsvDropSource, { take, setTimer, log }: ConnectorContext): Store {
  let isStopped = false;
  let endPause: () => void = () => {};
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimer(ms, resolve);
      endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  return {
    async put({ pieces }) {
      for (let attempt = 0; !isStopped; attempt++) {
        if (pieces.length === 0) return { accepted: 0, duplicates: 0, revised: 0, rejected: [] };
        try {
          return await take(source, pieces);
        } catch (error) {
          const mayPass = error instanceof AppError && (error.status === 503 || error.status === 429);
          if (!mayPass) throw error;
          if (attempt === 0) log.warn(`${source.id}: the store takes nothing at present; the file waits`, error);
          await pause(Math.max((error.retryAfter ?? 0) * 1000, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10))));
        }
      }
      return null;
    },
    stop() {
      isStopped = true;
      endPause();
    },
  };
}
