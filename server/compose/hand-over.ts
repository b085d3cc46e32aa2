/** The followers of the hand-over log that are no alerts: waking, rolling up, pruning. */
import { AppError } from '../contract/index.ts';
import type { Database } from '../db/pool.ts';
import { consumeTouched, TOUCHED_CHANNEL } from '../db/touched.ts';
import { mergeToHours } from '../readings/ranges.ts';
import { refreshHourly } from '../readings/store.ts';
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

/** Rolls the next part of the log up; true when there is more. */
export async function followRollup(database: Database): Promise<boolean> {
  try {
    const { caughtUp } = await consumeTouched(database, 'rollup', (connection, ranges) => refreshHourly(connection, mergeToHours(ranges)));
    return !caughtUp;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return true;
    throw error;
  }
}
