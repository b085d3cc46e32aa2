/** The followers of the hand-over log that are no alerts: waking, marking hours dirty, rolling them up. */
import { AppError } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import type { TimeSeries } from '../db/time-series.ts';
import { consumeTouched, pruneTouched, TOUCHED_CHANNEL } from '../db/touched.ts';
import { type Follower, startFollower } from '../follower.ts';
import { mergeToHours } from '../readings/ranges.ts';
import { DAY_MS, HOUR_MS } from '../readings/resolution.ts';
import { dropDirty, dueHours, markDirty } from '../readings/store-rollup.ts';
import type { Ends } from './ends.ts';
import type { Log } from './foundation.ts';

/** Bounded and coalesced: however many commits, one NOTIFY is under way, and at most one more is owed. The log itself is durable; this only wakes. */
export function createNotifier(database: Database, log: Log): { wake(): void } {
  let isRunning = false;
  let isOwed = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    do {
      isOwed = false;
      try {
        await database.query("select pg_notify($1, '')", [TOUCHED_CHANNEL]);
      } catch (error) {
        log.warn('the followers could not be woken; they look by themselves', error);
      }
    } while (isOwed);
    isRunning = false;
  };
  return {
    wake() {
      if (isRunning) isOwed = true;
      else void run();
    },
  };
}

/** Marks the hours of the next part of the log dirty; true when there is more. */
export async function followTouched(database: Database, now: number): Promise<boolean> {
  try {
    const { caughtUp } = await consumeTouched(database, 'rollup', (connection, ranges) => markDirty(connection, mergeToHours(ranges), now));
    return !caughtUp;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return true;
    throw error;
  }
}

/** An hour is rolled up when it is over and nothing came into it for this long: a backfill is not rolled up once for each batch. */
const QUIET_MS = 10_000;
/** Or, whatever still comes, after this long. */
const PATIENCE_MS = 120_000;
/** While readings pour in faster than any city measures, rolling up waits, so that both do not fight for the disk; but not longer than this. */
const LOAD_PATIENCE_MS = 15 * 60_000;
/** Readings between two looks that only a bulk load brings. */
const LOAD_READINGS = 100_000;
/** Hours of series in one refresh. */
const REFRESH_HOURS = 2000;

/** Rolls up hours that are due; true when there are more. `pace`: `all` takes what is not quiet yet, `loaded` only what has waited long. */
export async function followRollup(database: Database, timeSeries: TimeSeries, { now, pace }: { now: number; pace: 'usual' | 'loaded' | 'all' }): Promise<boolean> {
  const quietMs = { usual: QUIET_MS, loaded: LOAD_PATIENCE_MS, all: 0 }[pace];
  const patienceMs = pace === 'loaded' ? LOAD_PATIENCE_MS : PATIENCE_MS;
  const due = await dueHours(database, { overBefore: now - HOUR_MS, quietSince: now - quietMs, changedBefore: now - patienceMs, limit: REFRESH_HOURS });
  if (due.length === 0) return false;
  await timeSeries.refresh(mergeToHours(due.map(({ series_id: series, hour }) => ({ series, firstAt: hour, lastAt: hour }))));
  await dropDirty(database, due);
  return due.length === REFRESH_HOURS;
}

/** The hand-over log is looked at this often; a NOTIFY comes sooner. */
const TOUCHED_MS = 2000;
/** Hours that are over are rolled up this often. */
const ROLLUP_MS = 5000;
const UPKEEP_MS = 60_000;
/** Partitions are there this long ahead. */
const MONTH_MS = 31 * DAY_MS;

export interface RollupService {
  wake(): void;
  /** For tests: everything stored before the call is rolled up, quiet or not. */
  settled(): Promise<void>;
}

export interface RollupDeps {
  database: Database;
  timeSeries: TimeSeries;
  /** Readings stored by this server so far. */
  stored(): number;
  now(): number;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  /** Ends what is too old; runs once an hour. */
  retain(): Promise<void>;
  /** Runs once a minute. */
  upkeep(): Promise<void>;
  log: Log;
}

/** Starts what follows the log and the clock for the rollups' sake, and what tidies up behind it. */
export function openRollup(deps: RollupDeps, ends: Ends): RollupService {
  const { database, timeSeries, now, setTimer, log } = deps;
  const start = (name: string, everyMs: number, work: () => Promise<boolean>): Follower => {
    const follower = startFollower({ work, setTimer, everyMs, failed: (error) => log.error(`${name} failed; it will be tried again`, error) });
    ends.add(name, () => follower.close());
    return follower;
  };
  const touched = start('hand-over', TOUCHED_MS, () => followTouched(database, now()));
  let storedBefore = deps.stored();
  start('rollup', ROLLUP_MS, () => {
    const stored = deps.stored();
    const isLoaded = stored - storedBefore > LOAD_READINGS;
    storedBefore = stored;
    return followRollup(database, timeSeries, { now: now(), pace: isLoaded ? 'loaded' : 'usual' });
  });
  start('upkeep', UPKEEP_MS, async () => {
    await pruneTouched(database);
    await deps.upkeep();
    return false;
  });
  start('retention', HOUR_MS, async () => {
    await timeSeries.ensure([now(), now() + MONTH_MS]);
    await deps.retain();
    return false;
  });
  return {
    wake: touched.wake,
    async settled() {
      await touched.settled();
      while (await followRollup(database, timeSeries, { now: now(), pace: 'all' }));
    },
  };
}
