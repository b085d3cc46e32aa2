/**
 * Who runs the database. As root these tests see both sides: PostgreSQL dropped to an unprivileged account, and a server that an ordinary
 * user starts. Started by an ordinary user, they see that side only, which is all such a user can have.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { atEnd, endAll, installWithoutScripts, makeDirectory, makeFolder, query, removeShared, runServer, runsAsRoot, serverBundle, start } from './support.ts';

let bundle = '';
/** An installation that lacks the links between libraries; each test that uses it removes them again. */
let bare = { folder: '', bundle: '', native: '', links: [''] };
beforeAll(async () => {
  bundle = await serverBundle();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-bare-'));
  fs.chmodSync(folder, 0o755);
  bare = { folder, ...(await installWithoutScripts(folder)) };
});
afterAll(() => {
  fs.rmSync(bare.folder, { recursive: true, force: true });
  removeShared();
});
const missingLinks = (): string[] => bare.links.filter((link) => !fs.existsSync(link));
afterEach(endAll);

const nobody = { uid: 65534, gid: 65534 };
const ordinary = runsAsRoot ? nobody : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** The user a process runs as. */
const userOf = (pid: number): number => fs.statSync(`/proc/${pid}`).uid;
const own = (folder: string, { uid, gid }: { uid: number; gid: number }): string => {
  if (runsAsRoot) execFileSync('chown', ['-R', `${uid}:${gid}`, folder]);
  return folder;
};

describe('an ordinary user', () => {
  it('runs the database as itself, from the first start to the one after a kill', async () => {
    const directory = own(makeFolder(), ordinary);
    const first = runServer(bundle, [directory, 'write'], ordinary);
    const { pid } = await first.ready();
    expect(userOf(pid)).toBe(ordinary.uid);
    await first.kill();
    const second = runServer(bundle, [directory], ordinary);
    expect(userOf((await second.ready()).pid)).toBe(ordinary.uid);
    expect(second.logged.join()).toContain(`process ${pid}`);
  });

  it('copies the programs into its directory when links are missing that it may not make', async () => {
    const libraries = path.join(bare.native, 'lib');
    for (const link of bare.links) fs.rmSync(link, { force: true });
    fs.chmodSync(libraries, 0o555);
    atEnd(() => fs.chmodSync(libraries, 0o755));
    const directory = own(await makeDirectory(), ordinary);
    const server = runServer(bare.bundle, [directory], ordinary);
    expect(await query((await server.ready()).connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(missingLinks()).toEqual(bare.links);
    expect(fs.readdirSync(path.join(directory, 'programs'))).toHaveLength(1);
  });

  it('gets the missing links made where it may', async () => {
    for (const link of bare.links) fs.rmSync(link, { force: true });
    own(bare.native, ordinary);
    expect(missingLinks().length).toBeGreaterThan(5);
    const directory = own(await makeDirectory(), ordinary);
    await runServer(bare.bundle, [directory], ordinary).ready();
    expect(missingLinks()).toEqual([]);
    expect(fs.existsSync(path.join(directory, 'programs'))).toBe(false);
  });
});

function describeRoot(): void {
  it('runs the database as an account without privileges', async () => {
    const directory = await makeDirectory();
    const { pid, connection } = await start(directory);
    expect(userOf(pid)).toBeGreaterThan(0);
    for (const folder of [path.join(directory, 'pg'), connection.host]) expect(fs.statSync(folder).uid).toBe(userOf(pid));
    const groups = /^Groups:[ \t]*(.*)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.trim();
    expect(groups).toBe('');
  });

  it('keeps the owner of data that exist, so that user and root may take turns', async () => {
    const directory = own(await makeDirectory(), nobody);
    const byUser = runServer(bundle, [directory], nobody);
    await byUser.ready();
    await byUser.kill();
    const byRoot = await start(directory);
    expect(userOf(byRoot.pid)).toBe(nobody.uid);
    await byRoot.stop();
    const again = runServer(bundle, [directory], nobody);
    await again.ready();
  });

  it('takes data back that root restored from a backup', async () => {
    const directory = await makeDirectory();
    const data = path.join(directory, 'pg');
    for (const entry of ['.', ...fs.readdirSync(data, { recursive: true, encoding: 'utf8' })]) fs.lchownSync(path.join(data, entry), 0, 0);
    const { connection } = await start(directory);
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('copies the programs into the directory when the account cannot reach them', async () => {
    fs.chmodSync(bare.folder, 0o700);
    atEnd(() => fs.chmodSync(bare.folder, 0o755));
    const directory = await makeDirectory();
    const first = runServer(bare.bundle, [directory]);
    const { pid } = await first.ready();
    expect(fs.readlinkSync(`/proc/${pid}/exe`).startsWith(path.join(directory, 'programs'))).toBe(true);
    await first.kill();
    const second = runServer(bare.bundle, [directory]);
    await second.ready();
  });

  it('gives the database a folder of its own when the account cannot enter the directory, and finds it again', async () => {
    const closed = makeFolder();
    fs.chmodSync(closed, 0o700);
    const directory = path.join(closed, '.data', 'city');
    const first = await start(directory);
    const folder = path.dirname(first.connection.host);
    atEnd(() => fs.rmSync(folder, { recursive: true, force: true }));
    expect(path.dirname(folder)).toBe('/var/lib/city-vitals');
    expect(first.logged.join()).toContain(folder);
    await query(first.connection, 'create table kept as select 1 as one');
    await first.stop();
    const second = await start(directory);
    expect(await query(second.connection, 'select one from kept')).toEqual([{ one: 1 }]);
    await second.stop();
  });
}

// Only root can drop its rights: for others there is nothing here to test.
if (runsAsRoot) describe('root', describeRoot);
