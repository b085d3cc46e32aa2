/**
 * The only wall clock of the server. Everything else is handed `now`; tests and demonstrations hand in another clock, and then
 * the ingest guard, staleness and rules all move with it.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `callback` once after `ms`; the timer never keeps the process alive. */
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** A clock that runs `offsetMs` beside the system's: the hour of a demonstration. */
export function offsetClock(offsetMs: number): Clock {
  return { ...systemClock, now: () => Date.now() + offsetMs };
}
