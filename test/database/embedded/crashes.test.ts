/**
 * The embedded database in bad times: whatever is killed and whatever is left behind, the next start needs no help and every commit that
 * was answered is there.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { prepareBinaries } from '../../../server/db/embedded/binaries.ts';
import { openHome } from '../../../server/db/embedded/home.ts';
import {
  atEnd,
  endAll,
  eventually,
  isAlive,
  makeDirectory,
  makeFolder,
  query,
  removeShared,
  runServer,
  type Started,
  serverBundle,
  start,
  startError,
  storedNumbers,
} from './support.ts';

let bundle = '';
beforeAll(async () => {
  bundle = await serverBundle();
});
afterAll(removeShared);
afterEach(endAll);

const pidFile = (directory: string): string => path.join(directory, 'pg', 'postmaster.pid');
const missing = (acknowledged: readonly number[], found: ReadonlySet<number>): number[] => acknowledged.filter((number) => !found.has(number));

/** Commits rows on four connections until the database is gone; a number is kept once its commit was answered. */
async function writeUntilGone(database: Started, acknowledged: number[]): Promise<void> {
  const pool = new pg.Pool({ ...database.connection, max: 4 });
  pool.on('error', () => undefined);
  await pool.query('create table if not exists stored (number bigint primary key, filler text)');
  let next = 1;
  const writer = async (): Promise<void> => {
    for (;;) {
      const number = next++;
      await pool.query('insert into stored values ($1, repeat($2, 200))', [number, 'x']);
      acknowledged.push(number);
    }
  };
  await Promise.allSettled([writer(), writer(), writer(), writer()]);
  await pool.end();
}

/** A program that has nothing to do with us, run by the account that owns the data. */
function runUnrelated(directory: string): ChildProcess {
  const { uid, gid } = fs.statSync(path.join(directory, 'pg'));
  const child = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
  atEnd(() => void child.kill('SIGKILL'));
  return child;
}

/** Leaves the directory as a power cut does: lock files of a server that is gone. */
async function leaveLockFiles(directory: string): Promise<void> {
  const database = await start(directory);
  await query(database.connection, 'create table kept as select 1 as one');
  process.kill(database.pid, 'SIGKILL');
  await database.exited;
  expect(fs.existsSync(pidFile(directory))).toBe(true);
}

function writeLockNumber(directory: string, number: number): void {
  for (const file of [pidFile(directory), path.join(directory, 's', '.s.PGSQL.5432.lock')]) {
    fs.writeFileSync(file, [String(number), ...fs.readFileSync(file, 'utf8').split('\n').slice(1)].join('\n'));
  }
}

async function expectKept(directory: string): Promise<void> {
  const { connection } = await start(directory);
  expect(await query(connection, 'select one from kept')).toEqual([{ one: 1 }]);
}

describe('kill -9 of the server', () => {
  it('under load, twice: the next start stops the orphan and finds every answered commit', async () => {
    const directory = await makeDirectory();
    const acknowledged: number[] = [];
    let orphan = 0;
    for (const round of [1, 2]) {
      const server = runServer(bundle, [directory, 'write']);
      const { pid } = await server.ready();
      await eventually(() => expect(server.stored.length).toBeGreaterThan(200));
      if (round === 2) expect(server.logged.join()).toContain(`process ${orphan}`);
      await server.kill();
      expect(isAlive(pid)).toBe(true);
      acknowledged.push(...server.stored);
      orphan = pid;
    }
    const database = await start(directory);
    expect(isAlive(orphan)).toBe(false);
    expect(database.logged.join()).toContain(`process ${orphan}`);
    expect(missing(acknowledged, await storedNumbers(database.connection))).toEqual([]);
  });

  it('while PostgreSQL is starting: the next start takes over', async () => {
    const directory = await makeDirectory();
    const server = runServer(bundle, [directory]);
    await eventually(() => expect(fs.existsSync(pidFile(directory))).toBe(true));
    await server.kill();
    const database = await start(directory);
    expect(await query(database.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('and of its PostgreSQL too: the next start recovers', async () => {
    const directory = await makeDirectory();
    const server = runServer(bundle, [directory, 'write']);
    const { pid } = await server.ready();
    await eventually(() => expect(server.stored.length).toBeGreaterThan(200));
    await server.kill();
    process.kill(pid, 'SIGKILL');
    const database = await start(directory);
    expect(missing(server.stored, await storedNumbers(database.connection))).toEqual([]);
  });
});

describe('kill -9 of PostgreSQL', () => {
  it('under load, twice, with a query in full flight: the server is told, starts again and finds every answered commit', async () => {
    const directory = await makeDirectory();
    const acknowledged: number[] = [];
    for (const round of [1, 2]) {
      const database = await start(directory);
      if (round === 2) await query(database.connection, 'alter table stored rename to stored_before');
      const numbers: number[] = [];
      const writing = writeUntilGone(database, numbers);
      const busy = query(database.connection, 'select count(*) from generate_series(1, 1e12) as busy').catch((error: unknown) => error);
      await eventually(async () =>
        expect(await query(database.connection, "select 1 from pg_stat_activity where state = 'active' and query like '%as busy%' and pid <> pg_backend_pid()")).toHaveLength(1),
      );
      await eventually(() => expect(numbers.length).toBeGreaterThan(200));
      process.kill(database.pid, 'SIGKILL');
      expect(await database.exited).toEqual({ code: null, signal: 'SIGKILL' });
      const again = await start(directory);
      await writing;
      expect(await busy).toBeInstanceOf(Error);
      expect(missing(numbers, await storedNumbers(again.connection))).toEqual([]);
      acknowledged.push(...numbers);
      await again.stop();
    }
    const { connection } = await start(directory);
    expect(await query(connection, `select (select count(*) from stored) + (select count(*) from stored_before) >= ${acknowledged.length} as all_there`)).toEqual([
      { all_there: true },
    ]);
  });
});

describe('a stale postmaster.pid', () => {
  it('of a process that is gone is taken for what it is', async () => {
    const directory = await makeDirectory();
    await leaveLockFiles(directory);
    await expectKept(directory);
  });

  it('whose number another program has now leaves that program alone', async () => {
    const directory = await makeDirectory();
    await leaveLockFiles(directory);
    const unrelated = runUnrelated(directory);
    writeLockNumber(directory, unrelated.pid ?? 0);
    await expectKept(directory);
    expect([unrelated.exitCode, unrelated.signalCode]).toEqual([null, null]);
    expect(isAlive(unrelated.pid ?? 0)).toBe(true);
  });

  it('of a dead process that nobody reaps does not block the start', async () => {
    const directory = await makeDirectory();
    await leaveLockFiles(directory);
    const { uid, gid } = fs.statSync(path.join(directory, 'pg'));
    // The child ends only after its parent has turned into a program that never reaps; a shell might.
    const parent = spawn('sh', ['-c', 'exec 3<&0; (read line <&3) & echo $!; exec sleep 600'], { uid, gid, stdio: ['pipe', 'pipe', 'ignore'] });
    atEnd(() => void parent.kill('SIGKILL'));
    const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
    await eventually(() => expect(fs.readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim()).toBe('sleep'));
    parent.stdin.end('\n');
    const zombie = Number(printed.toString());
    await eventually(() => expect(fs.readFileSync(`/proc/${zombie}/stat`, 'utf8')).toMatch(/\) Z /));
    writeLockNumber(directory, zombie);
    await expectKept(directory);
  });

  it('that is empty, as after a power cut, does not block the start', async () => {
    const directory = await makeDirectory();
    await leaveLockFiles(directory);
    fs.writeFileSync(pidFile(directory), '');
    await expectKept(directory);
  });
});

describe('a PostgreSQL that somebody else runs on the directory', () => {
  it('is never stopped: the start is refused', async () => {
    const directory = await makeDirectory();
    const home = await openHome(directory, () => undefined);
    const { postgres } = await prepareBinaries(home);
    const { uid, gid } = fs.statSync(home.data);
    const repair = spawn(postgres, ['-D', home.data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${home.sockets}`], {
      uid,
      gid,
      env: { LC_ALL: 'C' },
      stdio: 'ignore',
    });
    atEnd(async () => {
      repair.kill('SIGQUIT');
      await once(repair, 'exit');
    });
    const connection = { host: home.sockets, port: 5432, user: 'postgres', database: 'postgres' as const };
    await eventually(() => query(connection, 'select 1').then(() => undefined));
    await expect(startError(directory)).resolves.toMatchObject({ code: 'already_in_use', message: expect.stringContaining(`process ${repair.pid}`) });
    // Also when its number cannot be read, as from another container: it still answers on the socket.
    const lines = fs.readFileSync(pidFile(directory), 'utf8');
    const gone = spawn('true', { stdio: 'ignore' });
    await once(gone, 'exit');
    writeLockNumber(directory, gone.pid ?? 0);
    await expect(startError(directory)).resolves.toMatchObject({ code: 'already_in_use' });
    fs.writeFileSync(pidFile(directory), lines);
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('an interrupted initdb', () => {
  const incomplete = (directory: string): string[] => fs.readdirSync(directory).filter((name) => name.startsWith('init-incomplete-'));
  const halfDone = (directory: string): void => {
    const [name] = incomplete(directory);
    expect(name !== undefined && fs.existsSync(path.join(directory, name, 'global'))).toBe(true);
  };

  it('begins again after kill -9 of the server in the middle of it', async () => {
    const directory = makeFolder();
    const server = runServer(bundle, [directory]);
    await eventually(() => halfDone(directory));
    await server.kill();
    expect(fs.existsSync(path.join(directory, 'pg'))).toBe(false);
    const { connection } = await start(directory);
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is reported when initdb itself is killed, and the next start begins again', async () => {
    const directory = makeFolder();
    const failure = startError(directory);
    await eventually(() => halfDone(directory));
    const children = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').map(Number);
    const initdb = children.find((pid) => fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'initdb');
    process.kill(initdb ?? 0, 'SIGKILL');
    expect(await failure).toMatchObject({ code: 'initdb_failed', message: expect.stringContaining('SIGKILL') });
    const { connection } = await start(directory);
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(incomplete(directory)).toEqual([]);
  });
});
