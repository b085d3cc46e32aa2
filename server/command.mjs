/**
 * Runs one of the built programs after building what is stale: `node server/command.mjs seed/cli replay …` runs
 * `dist/seed/cli.mjs replay …`. `node server/command.mjs build` only builds.
 */
import { fail, runToEnd, SetupError } from './progress.mjs';
import { setUp } from './setup.mjs';

async function main([program, ...args]) {
  if (!program) throw new SetupError('Say what to run: node server/command.mjs seed/cli replay');
  if (program === 'build') {
    await setUp();
    return 0;
  }
  await setUp({ withDevelopment: false, build: ['server'] });
  return runToEnd([`dist/${program}.mjs`, ...args]);
}

main(process.argv.slice(2)).then((code) => process.exit(code), fail);
