/** Four projects, from fast to slow; each starts and stops what it needs. Files of `db` and `live` run two at a time: they wait more than they compute. */
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], extra: object = {}) => ({ test: { name, include, ...extra } });

export default defineConfig({
  test: {
    projects: [
      project('unit', ['server/**/*.test.ts', 'seed/**/*.test.ts', 'client/**/*.test.{ts,tsx}']),
      project('db', ['test/database/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 }),
      project('live', ['test/live/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 }),
      project('browser', ['test/browser/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false }),
    ],
  },
});
