/**
 * `npm run test:long`: what takes longer than `npm test` may. Twenty kills under load, a database that is away for a minute, a thousand
 * malformed inputs, and the property of the store on both engines with ten times the runs. Ends with 1 when one of them fails.
 */
import { join } from 'node:path';
import { fail, repository, runToEnd } from '../server/progress.mjs';

const script = join(repository, 'test/script.mjs');
const vitest = join(repository, 'node_modules/vitest/vitest.mjs');

async function main() {
  const steps = [
    [[script, 'bench/kills'], process.env],
    [[script, 'bench/outage'], process.env],
    [[script, 'bench/fuzz'], process.env],
    [[vitest, 'run', '--project', 'db', 'test/database/time-series.test.ts', 'test/database/imports.test.ts', '--testTimeout', '1200000'], { ...process.env, PROPERTY_RUNS: '20' }],
  ];
  let failed = 0;
  for (const [args, env] of steps) if ((await runToEnd(args, env)) !== 0) failed++;
  console.log(failed === 0 ? 'Everything passed.' : `${failed} of ${steps.length} failed.`);
  return failed === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), fail);
