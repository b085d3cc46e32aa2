/** Pure apart from its own memory: how long a name at an address must wait after refused sign-ins. Five are free, then the wait doubles from one second to five minutes. */

const FREE = 5;
const MAX_WAIT_MS = 300_000;
const FORGET_MS = 900_000;
/** Bounded: an attacker with many addresses pushes out the oldest, never grows the memory. */
const MAX_KEYS = 10_000;

export interface AttemptLimit {
  waitMs(key: string, now: number): number;
  failed(key: string, now: number): void;
  succeeded(key: string): void;
}

export function createAttemptLimit(): AttemptLimit {
  const failures = new Map<string, { count: number; at: number }>();
  return {
    waitMs(key, now) {
      const known = failures.get(key);
      if (known === undefined || known.count < FREE) return 0;
      return Math.max(0, known.at + Math.min(MAX_WAIT_MS, 1000 * 2 ** (known.count - FREE)) - now);
    },
    failed(key, now) {
      const known = failures.get(key);
      const count = known === undefined || now - known.at > FORGET_MS ? 1 : known.count + 1;
      failures.delete(key);
      failures.set(key, { count, at: now });
      if (failures.size > MAX_KEYS) failures.delete(failures.keys().next().value ?? key);
    },
    succeeded(key) {
      failures.delete(key);
    },
  };
}
