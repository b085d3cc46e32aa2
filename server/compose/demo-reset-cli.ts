/** `npm run demo:reset`: throws a demonstration's store away, so that the next start begins again. A real city's store is never touched. */
import fs from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../contract/index.ts';
import { claimHome } from '../db/embedded/claim.ts';
import { openHome } from '../db/embedded/home.ts';
import { startEmbeddedPostgres } from '../db/embedded/launcher.ts';
import { meantStore, runCommand } from './store-command.ts';

process.exitCode = await runCommand(reset, { done: console.log, failed: console.error });

async function reset(): Promise<string> {
  if (process.argv.length > 2) throw new OperatorError('usage: npm run demo:reset');
  const { city, databaseUrl, directory, isDemonstration } = await meantStore(process.env);
  if (!isDemonstration) throw new OperatorError(`${city} is no demonstration: none of its sources is a simulator or a replay. Its store is left as it is.`);
  if (databaseUrl !== null) throw new OperatorError('DATABASE_URL names a database of your own: drop it and make it again with its own tools.');
  if (!fs.existsSync(directory)) return `There is no store of ${city} in ${path.dirname(directory)}; the next start begins one.`;
  const home = await openHome(directory, console.error);
  // Starting it settles what a killed server may have left running, and refuses a store that a live server holds.
  if (fs.existsSync(home.data)) await (await startEmbeddedPostgres({ directory, log: () => {} })).stop();
  const claim = await claimHome(home);
  try {
    // Under another name first: a half-removed database must not be taken for one.
    const gone = path.join(home.root, 'reset');
    fs.rmSync(gone, { recursive: true, force: true });
    if (fs.existsSync(home.data)) fs.renameSync(home.data, gone);
    fs.rmSync(gone, { recursive: true, force: true });
    fs.rmSync(path.join(directory, 'feed.json'), { force: true });
  } finally {
    await claim.release();
  }
  return `The store of ${city} is gone; npm start begins again.`;
}
