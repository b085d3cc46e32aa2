/** Four projects, from fast to slow; each starts and stops what it needs. Files run two at a time, as the machine that is counted on has two cores; those of `browser` one by one. Unit tests are pure and share their modules. */
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], extra: object = {}) => ({ test: { name, include, ...extra } });

export default defineConfig({
  test: {
    projects: [
      project('unit', ['server/**/*.test.ts', 'seed/**/*.test.ts', 'client/**/*.test.{ts,tsx}'], { maxWorkers: 2, isolate: false }),
      project('db', ['test/database/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 }),
      project('live', ['test/live/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 }),
      project('browser', ['test/browser/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false }),
    ],
  },
});
