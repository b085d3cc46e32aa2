/** The embedded database in good times: it starts, starts again, keeps to itself, and refuses what it must not touch. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { atEnd, endAll, eventually, isAlive, makeDirectory, makeFolder, query, removeShared, runServer, serverBundle, start, startError } from './support.ts';

let bundle = '';
beforeAll(async () => {
  bundle = await serverBundle();
});
afterAll(removeShared);
afterEach(endAll);

describe('starting', () => {
  it('makes a database at the first start and finds it again, quickly, at the second, also below folders with spaces and Chinese names', async () => {
    const directory = path.join(makeFolder(), '数据 data, v1', '城市');
    const began = performance.now();
    const first = await start(directory);
    const firstMs = performance.now() - began;
    await query(first.connection, 'create table kept as select 1 as one');
    await first.stop();
    expect(await first.exited).toEqual({ code: 0, signal: null });

    const beganAgain = performance.now();
    const second = await start(directory);
    const secondMs = performance.now() - beganAgain;
    expect(await query(second.connection, 'select one from kept')).toEqual([{ one: 1 }]);
    expect(secondMs).toBeLessThan(firstMs);
    expect(second.logged).toEqual([]);
  });

  it('puts the socket into a short private folder when the path would be too long, and finds its orphan there', async () => {
    const directory = path.join(makeFolder(), '很长的目录名称'.repeat(6));
    fs.renameSync(await makeDirectory(), directory);
    const server = runServer(bundle, [directory]);
    const { connection, pid } = await server.ready();
    expect(path.dirname(connection.host)).toBe('/tmp');
    expect((fs.statSync(connection.host).mode & 0o777).toString(8)).toBe('700');
    await expect(startError(directory)).resolves.toMatchObject({ code: 'already_in_use' });
    await server.kill();
    const again = await start(directory);
    expect(again.connection.host).toBe(connection.host);
    expect(isAlive(pid)).toBe(false);
    await again.stop();
    expect(fs.existsSync(connection.host)).toBe(false);
  });

  it('sets a large log aside and keeps one such', async () => {
    const directory = await makeDirectory();
    const large = 11 * 1024 * 1024;
    fs.writeFileSync(path.join(directory, 'pg.log'), Buffer.alloc(large, '.'));
    fs.writeFileSync(path.join(directory, 'pg.log.1'), 'older');
    await start(directory);
    expect(fs.statSync(path.join(directory, 'pg.log')).size).toBeLessThan(100_000);
    expect(fs.statSync(path.join(directory, 'pg.log.1')).size).toBe(large);
  });

  it('gives up when told to while it starts, and leaves nothing that hinders the next start', async () => {
    const directory = makeFolder();
    const stopped = new Error('the operator changed their mind');
    const controller = new AbortController();
    const failure = startError(directory, controller.signal);
    await eventually(() => expect(fs.readdirSync(directory).some((name) => name.startsWith('init-incomplete-'))).toBe(true));
    controller.abort(stopped);
    expect(await failure).toBe(stopped);
    await start(directory);
    expect(fs.readdirSync(directory).filter((name) => name.startsWith('init-incomplete-'))).toEqual([]);
  });
});

describe('a running database', () => {
  it('has checksums, UTC, UTF-8 in code point order, durable commits, private folders, no network port and nothing of our environment', async () => {
    process.env['INGEST_TOKEN'] = 'secret';
    process.env['PGDATA'] = '/nowhere';
    atEnd(() => {
      delete process.env['INGEST_TOKEN'];
      delete process.env['PGDATA'];
    });
    const directory = await makeDirectory();
    const { connection, pid } = await start(directory);

    const rows = await query<{ name: string; setting: string }>(connection, 'select name, setting from pg_settings');
    const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
    const wanted = {
      data_checksums: 'on',
      TimeZone: 'UTC',
      fsync: 'on',
      synchronous_commit: 'on',
      listen_addresses: '',
      unix_socket_permissions: '0700',
      max_connections: '60',
      server_encoding: 'UTF8',
    };
    expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, settings.get(name)]))).toEqual(wanted);
    expect(await query(connection, "select 'Z' < 'a' as by_code_point, upper('ä') = 'Ä' as knows_letters")).toEqual([{ by_code_point: true, knows_letters: true }]);

    for (const folder of [path.join(directory, 'pg'), connection.host]) expect((fs.statSync(folder).mode & 0o777).toString(8)).toBe('700');

    const passed = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    expect(passed).toContain('TZ=UTC');
    expect(passed.join()).not.toMatch(/INGEST_TOKEN|\/nowhere/);
  });
});

describe('stopping', () => {
  it('may be asked twice, rolls back what is open and frees the directory', async () => {
    const directory = await makeDirectory();
    const database = await start(directory);
    await query(database.connection, 'create table kept (one int)');
    const open = query(database.connection, 'begin; insert into kept values (1); select pg_sleep(600)').catch((error: unknown) => error);
    await eventually(async () => expect(await query(database.connection, "select 1 from pg_stat_activity where wait_event = 'PgSleep'")).toHaveLength(1));
    await Promise.all([database.stop(), database.stop()]);
    expect(await open).toBeInstanceOf(Error);
    const again = await start(directory);
    expect(await query(again.connection, 'select * from kept')).toEqual([]);
  });

  it('says when the database ends by itself, and the directory is free at that moment', async () => {
    const directory = await makeDirectory();
    const database = await start(directory);
    process.kill(database.pid, 'SIGTERM');
    expect(await database.exited).toEqual({ code: 0, signal: null });
    await start(directory);
  });
});

describe('refusing', () => {
  it('leaves the database of another live server alone, even one that is too busy to answer', async () => {
    const directory = await makeDirectory();
    const server = runServer(bundle, [directory]);
    const { connection, pid } = await server.ready();
    await expect(startError(directory)).resolves.toMatchObject({ code: 'already_in_use', message: expect.stringContaining(`process ${server.child.pid}`) });
    server.child.kill('SIGSTOP');
    await expect(startError(directory)).resolves.toMatchObject({ code: 'already_in_use' });
    server.child.kill('SIGCONT');
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(isAlive(pid)).toBe(true);
  });

  it('lets exactly one of several servers started at once have a new directory', async () => {
    const directory = makeFolder();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => runServer(bundle, [directory]).outcome));
    expect(outcomes.map((outcome) => (outcome.kind === 'failed' ? outcome.code : 'ready')).sort()).toEqual(['already_in_use', 'already_in_use', 'already_in_use', 'ready']);
  });

  it('refuses a second start in the same process', async () => {
    const directory = await makeDirectory();
    const database = await start(directory);
    await expect(startError(directory)).resolves.toMatchObject({ code: 'already_in_use' });
    expect(await query(database.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('refuses data of another major version, says how to migrate, and changes nothing', async () => {
    const directory = await makeDirectory();
    const versionFile = path.join(directory, 'pg', 'PG_VERSION');
    fs.writeFileSync(versionFile, '17\n');
    await expect(startError(directory)).resolves.toMatchObject({
      code: 'other_major_version',
      message: expect.stringMatching(/written by PostgreSQL 17.*pg_dump.*DATABASE_URL.*pg_upgrade/s),
    });
    expect(fs.readFileSync(versionFile, 'utf8')).toBe('17\n');
  });

  it('does not take a folder of something else for its data', async () => {
    const directory = makeFolder();
    fs.mkdirSync(path.join(directory, 'pg'));
    fs.writeFileSync(path.join(directory, 'pg', 'photo.jpg'), 'not ours');
    await expect(startError(directory)).resolves.toMatchObject({ code: 'directory_unusable', message: expect.stringContaining('PG_VERSION') });
    expect(fs.readFileSync(path.join(directory, 'pg', 'photo.jpg'), 'utf8')).toBe('not ours');
  });

  it('names a directory it cannot make', async () => {
    const file = path.join(makeFolder(), 'file');
    fs.writeFileSync(file, '');
    await expect(startError(path.join(file, 'city'))).resolves.toMatchObject({ code: 'directory_unusable', message: expect.stringContaining('DATA_DIR') });
  });

  it('quotes the end of its log when PostgreSQL does not start', async () => {
    const directory = await makeDirectory();
    fs.appendFileSync(path.join(directory, 'pg', 'postgresql.conf'), "\nwal_level = 'nonsense'\n");
    await expect(startError(directory)).resolves.toMatchObject({ code: 'start_failed', message: expect.stringContaining('nonsense') });
  });
});
