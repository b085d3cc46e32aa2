/**
 * Follows a city's folder while the server runs. A good change is handed on; a broken one is told and the last good catalogue
 * stays in force. What always holds: one load at a time, the newest state of the folder is always looked at, and nothing is
 * handed on that changes nothing.
 *
 * On network mounts that tell no changes, the watcher polls when `CHOKIDAR_USEPOLLING=1` is set.
 */
import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import type { Catalogue, LoadResult, Problem } from './catalogue.ts';
import { loadCatalogue } from './load.ts';
import { isScratch } from './load-folder.ts';

/** The part of the log that is used; pino's fits. */
export interface WatchLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface WatchOptions {
  directory: string;
  /** The catalogue that is in force. */
  current: Catalogue;
  /** Puts a new catalogue in force. Called too when a broken change was taken back; while it fails, the next change tries again. */
  onGood: (catalogue: Catalogue) => void | Promise<void>;
  onBroken: (problems: Problem[]) => void | Promise<void>;
  log: WatchLog;
  /** How long the folder must be quiet before it is read: an editor's save is several events, and a copied folder is many. */
  debounceMs?: number;
}

export interface CatalogueWatch {
  /** Settles when the folder is under watch; a change made afterwards is never missed. */
  ready: Promise<void>;
  /** Stops watching; after it settles nothing is called any more. */
  close(): Promise<void>;
}

/** Long enough for an editor that writes, renames and touches; short enough to feel immediate. */
const defaultDebounceMs = 200;
/** The watcher swallows a second change of a file within 50 ms of the first: whoever reads sooner after an event may miss the last state. */
const leastDelayMs = 60;
/** A folder that never rests is read all the same after this many debounces. */
const patience = 10;

export function watchCatalogue(options: WatchOptions): CatalogueWatch {
  const { directory, log, debounceMs = defaultDebounceMs } = options;
  const follow = follower(options);
  let timer: NodeJS.Timeout | undefined;
  let firstEventAt: number | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;

  async function read(): Promise<void> {
    await follow(await loadCatalogue(directory), () => closed);
  }

  function start(): void {
    firstEventAt = null;
    again = false;
    if (closed) return;
    running = read()
      .catch((error: unknown) => log.error({ err: error }, 'the city folder could not be read again'))
      .finally(() => {
        running = null;
        if (again) changed();
      });
  }

  function changed(): void {
    if (closed) return;
    if (running !== null) {
      again = true;
      return;
    }
    const now = Date.now();
    firstEventAt ??= now;
    clearTimeout(timer);
    timer = setTimeout(start, Math.max(leastDelayMs, Math.min(debounceMs, firstEventAt + patience * debounceMs - now)));
  }

  const ignored = (path: string): boolean => relative(directory, path).split(sep).some(isScratchStep);
  const watcher = watch(directory, { ignoreInitial: true, ignored });
  watcher.on('all', changed);
  watcher.on('error', (error) => log.error({ err: error }, 'the city folder is not watched completely: a change may need a restart'));
  const ready = new Promise<void>((resolve) => {
    watcher.once('ready', () => {
      // What changed between the first load and now sent no event.
      changed();
      resolve();
    });
  });

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(timer);
    await watcher.close();
    await running;
  }
  return { ready, close };
}

const isScratchStep = (step: string): boolean => step !== '' && step !== '..' && isScratch(step);

/** Decides what a result means after the ones before it, and tells it. */
function follower({ current, onGood, onBroken, log }: WatchOptions): (result: LoadResult, closed: () => boolean) => Promise<void> {
  let version = current.version;
  let told: string | null = null;
  return async (result, closed) => {
    if (closed()) return;
    if (!result.ok) {
      const problems = JSON.stringify(result.problems);
      if (problems === told) return;
      log.warn({ problems: result.problems, version }, 'the city folder has problems: the last good catalogue stays in force');
      await onBroken(result.problems);
      told = problems;
      return;
    }
    if (result.catalogue.version === version && told === null) return;
    await onGood(result.catalogue);
    version = result.catalogue.version;
    told = null;
    log.info({ version }, 'the city folder was read again: a new catalogue is in force');
  };
}
