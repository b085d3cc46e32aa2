/** `npm run db:dump` writes server/db/schema.sql anew; `npm run db:check` fails when it is not what the migrations make. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../clock.ts';
import { describeMigrations } from './schema-dump.ts';

const file = path.resolve(import.meta.dirname, '../..', 'server/db/schema.sql');

async function main(argv: readonly string[]): Promise<number> {
  const [option, ...rest] = argv;
  if (rest.length > 0 || (option !== undefined && option !== '--check')) {
    console.error('usage: npm run db:dump, or npm run db:check');
    return 2;
  }
  const made = await dump();
  if (option === undefined) {
    writeFileSync(file, made);
    console.log(`${file} is written.`);
    return 0;
  }
  const written = readFileSync(file, 'utf8').split('\n');
  const wanted = made.split('\n');
  const at = wanted.findIndex((line, i) => line !== written[i]);
  if (at < 0 && written.length === wanted.length) {
    console.log('server/db/schema.sql is what the migrations make.');
    return 0;
  }
  const line = at < 0 ? wanted.length : at;
  console.error(`server/db/schema.sql:${line + 1} is not what the migrations make. Run npm run db:dump.\n- ${written[line] ?? '(its end)'}\n+ ${wanted[line] ?? '(its end)'}`);
  return 1;
}

async function dump(): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), 'city-vitals-schema-'));
  // As root the database runs under another account, which must be able to get here.
  chmodSync(directory, 0o755);
  try {
    return await describeMigrations({ directory, now: systemClock.now(), log: () => undefined });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
