import { expect, it, vi } from 'vitest';
import { startFollower } from './follower.ts';

/** Timers that fire when the test says so. */
function handTimers() {
  const pending: (() => void)[] = [];
  return {
    pending,
    setTimer: (_ms: number, callback: () => void) => {
      pending.push(callback);
      return { cancel: () => void pending.splice(pending.indexOf(callback) >>> 0, 1) };
    },
  };
}

it('never runs twice at once, and a wake during a run is not lost', async () => {
  const timers = handTimers();
  let running = 0;
  let most = 0;
  let runs = 0;
  const follower = startFollower({
    async work() {
      running++;
      most = Math.max(most, running);
      await Promise.resolve();
      runs++;
      running--;
      return false;
    },
    setTimer: timers.setTimer,
    everyMs: 1000,
    failed: () => {},
  });
  follower.wake();
  follower.wake();
  await follower.settled();
  expect(most).toBe(1);
  expect(runs).toBeGreaterThanOrEqual(2);
  await follower.close();
});

it('goes on after a failure, by itself', async () => {
  const timers = handTimers();
  const failed = vi.fn();
  const work = vi.fn<() => Promise<boolean>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(false);
  const follower = startFollower({ work, setTimer: timers.setTimer, everyMs: 1000, failed });
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(timers.pending).toHaveLength(1));
  timers.pending.pop()?.();
  await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(2));
  await follower.close();
});

it('repeats while there is more, and starts nothing after its close', async () => {
  const timers = handTimers();
  const work = vi.fn<() => Promise<boolean>>().mockResolvedValueOnce(true).mockResolvedValueOnce(true).mockResolvedValue(false);
  const follower = startFollower({ work, setTimer: timers.setTimer, everyMs: 1000, failed: () => {} });
  await follower.settled();
  const calls = work.mock.calls.length;
  expect(calls).toBeGreaterThanOrEqual(3);
  await follower.close();
  follower.wake();
  expect(work).toHaveBeenCalledTimes(calls);
});
