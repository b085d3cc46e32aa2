/**
 * Waiting on other processes. The system sends no event when a process that is not our child ends or when PostgreSQL writes its state
 * file, so these few places look again and again, always with a bound. Deadlines are monotonic: a clock set back must not prolong them.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** 10 ms: a second start takes about 50 ms in all, so looking less often would show. */
const intervalMs = 10;

/**
 * True as soon as `condition` holds, false when it did not within `withinMs`.
 * Throws the reason of `signal` when that aborts first.
 */
export async function waitUntil(condition: () => boolean | Promise<boolean>, bound: { withinMs: number; signal?: AbortSignal | undefined }): Promise<boolean> {
  const deadline = performance.now() + bound.withinMs;
  for (;;) {
    bound.signal?.throwIfAborted();
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(intervalMs);
  }
}
