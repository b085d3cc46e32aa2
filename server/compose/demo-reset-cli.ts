/** `npm run demo:reset`: throws a demonstration's store away, so that the next start begins again. A real city's store is never touched. */
import fs from 'node:fs';
import path from 'node:path';
import { loadCatalogue } from '../catalogue/load.ts';
import { readConfig } from '../config.ts';
import { OperatorError } from '../contract/index.ts';
import { claimHome } from '../db/embedded/claim.ts';
import { openHome } from '../db/embedded/home.ts';
import { startEmbeddedPostgres } from '../db/embedded/launcher.ts';
import { repository, runCommand } from './store-command.ts';

process.exitCode = await runCommand(reset, { done: console.log, failed: console.error });

async function reset(): Promise<string> {
  if (process.argv.length > 2) throw new OperatorError('usage: npm run demo:reset');
  const config = readConfig(process.env, repository);
  const result = await loadCatalogue(config.configDirectory);
  if (!result.ok) throw new OperatorError(`The city folder ${config.configDirectory} has mistakes, so its city is not known. See npm run config:check, or set CONFIG_DIR.`);
  const { city, sources } = result.catalogue;
  if (![...sources.values()].some(({ kind }) => kind === 'simulator' || kind === 'replay'))
    throw new OperatorError(`${city.name.en} is no demonstration: none of its sources is a simulator or a replay. Its store is left as it is.`);
  if (config.databaseUrl !== null) throw new OperatorError('DATABASE_URL names a database of your own: drop it and make it again with its own tools.');
  const directory = path.join(config.dataDirectory, city.id);
  if (!fs.existsSync(directory)) return `There is no store of ${city.name.en} in ${config.dataDirectory}; the next start begins one.`;
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
  return `The store of ${city.name.en} is gone; npm start begins again.`;
}
