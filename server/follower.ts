/**
 * Work that follows a durable log: woken when there is something, looks by itself now and then, never runs twice at once, and
 * goes on after a failure. It holds no state worth keeping: the log and its watermark do.
 */
export interface Follower {
  /** There may be work; cheap to call often. */
  wake(): void;
  /** Resolves when a run that began after this call has ended, for orderly ends and for tests. */
  settled(): Promise<void>;
  /** Lets the present run end and starts no other. */
  close(): Promise<void>;
}

export interface FollowerOptions {
  /** Does one bounded part; true when there is more. */
  work(): Promise<boolean>;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  /** It looks by itself this often, milliseconds. */
  everyMs: number;
  failed(error: unknown): void;
}

/** After a failure it waits this long, so that a store that is away is not hammered. */
const PAUSE_MS = 500;

export function startFollower(options: FollowerOptions): Follower {
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let timer: { cancel(): void } | null = null;

  const run = async (): Promise<void> => {
    let pauseMs = options.everyMs;
    try {
      do {
        again = false;
        while (!closed && (await options.work()));
      } while (again && !closed);
    } catch (error) {
      pauseMs = PAUSE_MS;
      options.failed(error);
    }
    running = null;
    if (closed) return;
    timer?.cancel();
    timer = options.setTimer(pauseMs, wake);
    if (again && pauseMs !== PAUSE_MS) wake();
  };
  const wake = (): void => {
    if (closed) return;
    if (running === null) running = run();
    else again = true;
  };

  wake();
  return {
    wake,
    async settled() {
      wake();
      while (running !== null) await running;
    },
    async close() {
      closed = true;
      timer?.cancel();
      await running;
    },
  };
}
