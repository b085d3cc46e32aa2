import { expect, it } from 'vitest';
import { createAttemptLimit } from './attempts.ts';

it('lets five wrong ones pass, then waits longer and longer, at most five minutes', () => {
  const limit = createAttemptLimit();
  const waits: number[] = [];
  for (let i = 0; i < 16; i++) {
    limit.failed('admin 10.0.0.1', 0);
    waits.push(limit.waitMs('admin 10.0.0.1', 0));
  }
  expect(waits).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000]);
  expect(limit.waitMs('admin 10.0.0.2', 0)).toBe(0);
});

it('forgets after a success, and after a quarter of an hour', () => {
  const limit = createAttemptLimit();
  for (let i = 0; i < 6; i++) limit.failed('a', 0);
  limit.succeeded('a');
  expect(limit.waitMs('a', 0)).toBe(0);
  for (let i = 0; i < 6; i++) limit.failed('b', 0);
  limit.failed('b', 900_001);
  expect(limit.waitMs('b', 900_001)).toBe(0);
});
