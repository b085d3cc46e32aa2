/** A whole store out and in again: what a city would do after a disk died. Small stores, every kind of row, every way in which it must refuse. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBackup } from '../../server/db/backup/export.ts';
import { reachStore } from '../../server/db/backup/open-store.ts';
import { type RestoreDone, restoreBackup } from '../../server/db/backup/restore.ts';
import { type Backups, startBackups } from '../../server/db/backup/schedule.ts';
import { verifyBackup } from '../../server/db/backup/verify.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { claimStore } from '../../server/db/identity.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createDatabase, type Database, instant } from '../../server/db/pool.ts';
import { openPostgresqlTimeSeries } from '../../server/db/postgresql/time-series.ts';
import { consumeTouched, ensureWatermarks } from '../../server/db/touched.ts';
import { repository } from '../support/server.ts';

const home = fs.mkdtempSync(path.join(tmpdir(), 'city-vitals-backup-'));
fs.chmodSync(home, 0o755);
const NOW = Date.UTC(2026, 10, 24, 10);
const city = { id: 'riverside_city', timeZone: 'Asia/Shanghai', engine: 'postgresql' as const };
const at = (name: string): string => path.join(home, name);

let postgres: EmbeddedPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ directory: at('store'), log: () => {} });
  database = createDatabase(postgres.connection, { max: 8, onError: () => {} });
  await migrate(database, { ...city, now: NOW });
  await claimStore(database, { ...city, now: NOW });
  await ensureWatermarks(database);
  await fill(database);
});
afterAll(async () => {
  await database?.end();
  await postgres?.stop();
  fs.rmSync(home, { recursive: true, force: true });
});

/** Rows of every kind, over three months, with texts that a careless format would break. */
async function fill(into: Database): Promise<void> {
  const timeSeries = openPostgresqlTimeSeries(into, { timeZone: city.timeZone, hasWholeHours: true });
  const from = NOW - 62 * 86_400_000;
  await timeSeries.ensure([from, NOW - 31 * 86_400_000, NOW]);
  await into.query(`insert into catalogue_version (hash, files, loaded_at) values ('abc', $1, $2)`, [JSON.stringify({ 'city.yaml': 'name: "临江"\n\tid: x\\n' }), instant(NOW)]);
  await into.query(`insert into place (id, kind, parent_id, name_zh, name_en, longitude, latitude) values
    ('a_station', 'station', 'the_city', '一号\t站', 'One\nstation \\. ', 120.1234567890123, 30), ('the_city', 'city', null, '临江', 'Linjiang', null, null)`);
  await into.query(`insert into indicator (id, definition) values ('level', '{"intervalMs": 20000}')`);
  await into.query(`insert into series (indicator_id, place_id, facet, created_at) values ('level', 'a_station', null, $1), ('level', 'a_station', 'x', $1)`, [instant(from)]);
  await into.query(
    `insert into reading (series_id, observed_at, value, quality)
    select s, t, sin(extract(epoch from t)) / 3, 0 from generate_series(1, 2) s, generate_series($1::timestamptz, $2::timestamptz, interval '7 minutes 0.123456 seconds') t`,
    [instant(from), instant(NOW)],
  );
  await into.query(`insert into reading_revision values (1, $1, 0.1, 0, $1), (1, $1, 5e-324, 1, $1)`, [instant(NOW)]);
  await timeSeries.refresh([{ series: 1, from: NOW - 3_600_000, to: NOW }]);
  await into.query('insert into dirty_hour (series_id, hour, mark, first_changed_at, last_changed_at) values (1, $1, 9000, $1, $1)', [instant(NOW)]);
  await into.query(`insert into touched (received_at, series_ids, first_at, last_at) values ($1, '{1}', array[$1::timestamptz], array[$1::timestamptz])`, [instant(NOW)]);
  await into.query(
    `insert into touched (received_at, source_id, series_ids, first_at, last_at) values ($1, 'gate', '{2,1}', array[$1::timestamptz, $1], array[$1::timestamptz, $1])`,
    [instant(NOW)],
  );
  await into.query(
    `insert into alert (rule_id, catalogue_version_id, series_id, condition, level, state, opened_at, journal_id) values ('r', 1, 1, 'firing', 'red', '{"a": [1, 2]}', $1, 2)`,
    [instant(NOW)],
  );
  await into.query(
    `insert into journal (id, at, kind, alert_id, actor, detail, hash) values (1, $1, 'k', null, '{}', '{}', 'h1'), (2, $1, 'k', 1, '{}', '{"text": "a\\tb"}', 'h2')`,
    [instant(NOW)],
  );
  await into.query(`insert into account (id, username, name, role, password_hash, created_at) values ('a1', 'admin', '', 'admin', '$argon2id$x', $1)`, [instant(NOW)]);
  await into.query(`insert into session (token_hash, account_id, created_at, last_seen_at, expires_at) values ('\\x00ff0a5c', 'a1', $1, $1, $1)`, [instant(NOW)]);
}

const backup = (name: string, from: Database = database, signal?: AbortSignal) => writeBackup({ database: from, file: at(name), version: '9.8.7', now: NOW, signal });

function restore(file: string, directory: string, log: (message: string) => void = () => {}): Promise<RestoreDone> {
  return restoreBackup({ file: at(file), directory: at(directory), city: city.id, now: NOW, log });
}

/** Opens the embedded store in a folder for as long as `work` needs it. */
async function inStore<T>(directory: string, work: (store: Database) => Promise<T>): Promise<T> {
  const running = await startEmbeddedPostgres({ directory: at(directory), log: () => {} });
  const store = createDatabase(running.connection, { max: 4, onError: () => {} });
  try {
    return await work(store);
  } finally {
    await store.end();
    await running.stop();
  }
}

/** Another database of the same PostgreSQL. */
async function otherDatabase(name: string): Promise<Database> {
  await database.query(`create database ${name}`);
  return createDatabase({ ...postgres.connection, database: name }, { max: 4, onError: () => {} });
}

/** Rows and a digest of every table, by the database's own means and not by those under test. */
async function digests(of: Database, exclude: readonly string[] = []): Promise<Record<string, { rows: number; md5: string | null }>> {
  const { rows: tables } = await of.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
  );
  const found: Record<string, { rows: number; md5: string | null }> = {};
  for (const { name } of tables.filter((table) => !exclude.includes(table.name))) {
    const { rows } = await of.query<{ rows: number; md5: string | null }>(`select count(*) as rows, md5(string_agg(t::text, e'\n' order by t::text)) as md5 from ${name} t`);
    found[name] = rows[0] as { rows: number; md5: string | null };
  }
  return found;
}

/** What a file says of its tables. */
async function sums(file: string): Promise<{ name: string }[]> {
  const { tables } = (await verifyBackup(at(file))).checksums;
  return tables.filter((table) => !remade.includes(table.name));
}

const remade = ['touched', 'watermark', 'dirty_hour'];
const log = 'select received_at, source_id, series_ids, first_at::text, last_at::text from touched order by transaction_id, id';

describe('a backup that is restored', () => {
  let done: RestoreDone;
  beforeAll(async () => {
    // The newest alert is gone: its number must not come again.
    const one = `insert into alert (rule_id, catalogue_version_id, series_id, condition, state, opened_at, journal_id) values ('gone', 1, 2, 'pending', '{}', $1, 2)`;
    await database.query(one, [instant(NOW)]);
    await database.query("delete from alert where rule_id = 'gone'");
    await backup('whole.tar.gz');
    done = await restore('whole.tar.gz', 'restored');
  });

  it('has every row of every table, and its months, and can be backed up to the same bytes of rows', async () => {
    const wanted = await digests(database, remade);
    const entries = (await database.query(log)).rows;
    const rows = Object.entries(wanted).reduce((sum, [name, table]) => (/_\d{4}_\d\d$/.test(name) ? sum : sum + table.rows), 0) + entries.length + 2 + 1;
    expect(rows).toBeGreaterThan(25_000);
    expect(done).toMatchObject({ rows, migrated: [], takenAt: '2026-11-24T10:00:00.000Z' });
    await inStore('restored', async (store) => {
      expect(await digests(store, remade)).toEqual(wanted);
      expect((await store.query(log)).rows).toEqual(entries);
      // No transaction has the id 0, so the mark cannot pass for that of a later change.
      expect((await store.query('select series_id, hour, mark from dirty_hour')).rows).toEqual([{ series_id: 1, hour: NOW, mark: 0 }]);
      await backup('twice.tar.gz', store);
    });
    expect(await sums('twice.tar.gz')).toEqual(await sums('whole.tar.gz'));
  });

  it('hands its log of touched ranges out again to every follower, in the old order, and numbers go on', async () => {
    const oldIds = (await database.query<{ max: number }>('select max(id) as max from touched')).rows[0]?.max ?? 0;
    await inStore('restored', async (store) => {
      for (const consumer of ['rollup', 'rules'] as const) {
        const seen: number[] = [];
        await consumeTouched(store, consumer, async (_connection, ranges) => void seen.push(...ranges.map(({ series }) => series)));
        expect(seen).toEqual([1, 2, 1]);
      }
      expect((await store.query<{ min: number }>('select min(id) as min from touched')).rows[0]?.min).toBeGreaterThan(oldIds);
      const insert = `insert into alert (rule_id, catalogue_version_id, series_id, condition, state, opened_at, journal_id) values ('next', 1, 2, 'pending', '{}', $1, 2) returning id`;
      expect((await store.query(insert, [instant(NOW)])).rows).toEqual([{ id: 3 }]);
      await expect(store.query('delete from journal')).rejects.toThrow('append-only');
    });
  });
});

describe('what is refused', () => {
  it('a file that is cut short, at any length', async () => {
    const whole = fs.readFileSync(at('whole.tar.gz'));
    for (const share of [0, 0.001, 0.3, 0.9, 0.9999]) {
      fs.writeFileSync(at('cut.tar.gz'), whole.subarray(0, Math.floor(whole.length * share)));
      await expect(restore('cut.tar.gz', 'never'), `${share}`).rejects.toThrow(/cut short|damaged/);
    }
    expect(fs.existsSync(at('never'))).toBe(false);
  });

  it('a file in which a byte was changed, anywhere, also beneath the compression', async () => {
    const whole = fs.readFileSync(at('whole.tar.gz'));
    for (let i = 1; i <= 12; i++) {
      const changed = Buffer.from(whole);
      const place = Math.floor((whole.length * i) / 13);
      changed[place] = (changed[place] as number) ^ 0x04;
      fs.writeFileSync(at('changed.tar.gz'), changed);
      await expect(restore('changed.tar.gz', 'never'), `byte ${place}`).rejects.toThrow(/damaged|cut short|no backup/);
    }
    const plain = gunzipSync(whole);
    for (const text of ['admin\t', 'riverside_city', '"rows": 2,']) {
      const changed = Buffer.from(plain);
      const place = changed.indexOf(text);
      expect(place, text).toBeGreaterThan(0);
      changed[place] = text === '"rows": 2,' ? 0x20 : (changed[place] as number) + 1;
      fs.writeFileSync(at('changed.tar.gz'), gzipSync(changed));
      await expect(restore('changed.tar.gz', 'never'), text).rejects.toThrow(/damaged|cut short/);
    }
    expect(fs.existsSync(at('never'))).toBe(false);
  });

  it('a file of something else, and none', async () => {
    fs.writeFileSync(at('letter.txt'), 'Dear city,');
    await expect(restore('letter.txt', 'never')).rejects.toThrow(/letter\.txt is damaged/);
    await expect(restore('nowhere.tar.gz', 'never')).rejects.toThrow(/no file .*nowhere/);
  });

  it('a folder that holds anything, and nothing in it is touched', async () => {
    fs.mkdirSync(at('used'));
    fs.writeFileSync(at('used/notes.txt'), 'mine');
    await expect(restore('whole.tar.gz', 'used')).rejects.toThrow(/used is not empty \(it holds notes\.txt\)/);
    expect(fs.readdirSync(at('used'))).toEqual(['notes.txt']);
    await expect(restore('whole.tar.gz', 'restored')).rejects.toThrow(/restored is not empty/);
    await expect(restore('whole.tar.gz', 'store')).rejects.toThrow(/store is not empty/);
  });

  it('another city, and a newer version', async () => {
    const other = restoreBackup({ file: at('whole.tar.gz'), directory: at('never'), city: 'hill_town', now: NOW, log: () => {} });
    await expect(other).rejects.toThrow('a backup of the city "riverside_city", not of "hill_town"');
    await database.query("insert into migration (number, name, hash, ran_at) values (9999, '9999-future.sql', '', $1)", [instant(NOW)]);
    await backup('newer.tar.gz');
    await database.query('delete from migration where number = 9999');
    await expect(restore('newer.tar.gz', 'never')).rejects.toThrow(/newer version of City Vitals \(9\.8\.7; it has migration 9999-future\.sql\)/);
  });

  it('a store on TimescaleDB, and a database without a store, with the way to go', async () => {
    const other = await otherDatabase('other_engine');
    try {
      await expect(backup('other.tar.gz', other)).rejects.toThrow('no store of City Vitals');
      await other.query('create table store (city_id text); create table reading (series_id int)');
      await expect(backup('other.tar.gz', other)).rejects.toThrow(/TimescaleDB.*pg_dump/);
      await expect(startBackups({ ...schedule(), database: other })).rejects.toThrow(/TimescaleDB.*pg_dump/);
    } finally {
      await other.end();
    }
  });

  it('to write over a file; and a backup that fails or is ended early leaves nothing', async () => {
    const before = fs.readFileSync(at('whole.tar.gz'));
    await expect(backup('whole.tar.gz')).rejects.toThrow(/whole\.tar\.gz exists/);
    expect(fs.readFileSync(at('whole.tar.gz')).equals(before)).toBe(true);
    await expect(backup('no/such/folder.tar.gz')).rejects.toThrow(/cannot be written/);
    const ending = new AbortController();
    const early = backup('early.tar.gz', database, ending.signal);
    await expect.poll(() => fs.existsSync(at('early.tar.gz.part')), { interval: 1, timeout: 30_000 }).toBe(true);
    ending.abort(new Error('ended early'));
    await expect(early).rejects.toThrow('ended early');
    expect(fs.readdirSync(home).filter((name) => name.startsWith('early'))).toEqual([]);
    fs.writeFileSync(at('busy.tar.gz.part'), '');
    await expect(backup('busy.tar.gz')).rejects.toThrow(/another backup is writing it/);
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

it('a killed restore leaves no store that passes for one, and can be run again', async () => {
  const fixture = path.join(repository, 'test/fixtures/riverside');
  const child = spawn(process.execPath, [path.join(repository, 'dist/server/restore.mjs'), at('whole.tar.gz')], {
    env: { PATH: process.env['PATH'], DATA_DIR: at('killed'), CONFIG_DIR: fixture },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  let told = '';
  for await (const text of child.stderr) {
    told += text;
    if (told.includes('copying the rows')) child.kill('SIGKILL');
  }
  await gone;
  expect(child.signalCode, told).toBe('SIGKILL');
  const directory = `killed/${city.id}`;
  await expect(startEmbeddedPostgres({ directory: at(directory), log: () => {} })).rejects.toThrow(/A restore into .* did not end.*npm run restore/);
  const lines: string[] = [];
  await restore('whole.tar.gz', directory, (line) => lines.push(line));
  expect(lines).toContain('removing what a restore that did not end has left');
  const wanted = await digests(database, remade);
  await inStore(directory, async (store) => expect(await digests(store, remade)).toEqual(wanted));
});

it('carries a store of an older version on to this one', async () => {
  const older = await otherDatabase('older');
  try {
    await migrate(older, { ...city, now: NOW - 1, through: 2 });
    await claimStore(older, { ...city, now: NOW - 1 });
    await older.query("insert into indicator (id, definition) values ('level', '{}')");
    await older.query('create table notes_of_the_operator (text text)');
    await older.query("create table reading_2026_11 partition of reading for values from ('2026-11-01T00:00Z') to ('2026-12-01T00:00Z')");
    await older.query("insert into reading values (7, '2026-11-24T00:00Z', 1.5, 0)");
    await backup('older.tar.gz', older);
  } finally {
    await older.end();
  }
  const lines: string[] = [];
  const { migrated } = await restore('older.tar.gz', 'carried', (line) => lines.push(line));
  expect(migrated[0]).toBe('0003-history.sql');
  expect(lines.join()).toContain('notes_of_the_operator');
  await inStore('carried', async (store) => {
    expect(await migrate(store, { ...city, now: NOW })).toEqual([]);
    expect((await store.query('select series_id, value from reading')).rows).toEqual([{ series_id: 7, value: 1.5 }]);
    expect((await store.query('select number, ran_at from migration where number <= 2')).rows).toEqual([
      { number: 1, ran_at: NOW - 1 },
      { number: 2, ran_at: NOW - 1 },
    ]);
  });
});

it('is one instant of the store, though writers go on and months are made meanwhile', { timeout: 60_000 }, async () => {
  const timeSeries = openPostgresqlTimeSeries(database, { timeZone: city.timeZone, hasWholeHours: true });
  const [early, late] = [Date.UTC(2026, 8, 24), NOW];
  let isOver = false;
  let written = 0;
  const write = async (series: number): Promise<void> => {
    for (let n = 1; !isOver; n++) {
      await database.transaction(async (connection) => {
        // The later part first: a backup that is no snapshot would find it without the earlier one.
        await connection.query('insert into touched (received_at, source_id, series_ids, first_at, last_at) values ($1, $2, $3, $4, $4)', [
          instant(NOW),
          'load',
          [series],
          [instant(early + n)],
        ]);
        await connection.query('insert into reading_revision values ($1, $2, 0, 0, $2)', [series, instant(late + n)]);
        await connection.query('insert into reading values ($1, $2, 0, 0)', [series, instant(late + n)]);
        await connection.query('insert into reading values ($1, $2, 0, 0)', [series, instant(early + n)]);
      });
      written++;
    }
  };
  const makeMonths = async (): Promise<void> => {
    for (let month = 0; !isOver && month < 24; month++) await timeSeries.ensure([Date.UTC(2030, month)]);
  };
  const writers = Promise.all([write(101), write(102), write(103), makeMonths()]);
  const soon = { timeout: 30_000 };
  try {
    await expect.poll(() => written, soon).toBeGreaterThan(50);
    const { settings, stop } = await reachStore({ databaseUrl: null, directory: at('store'), log: () => {} });
    const second = createDatabase(settings, { max: 2, onError: () => {} });
    await writeBackup({ database: second, file: at('load.tar.gz'), version: '1', now: NOW });
    const atEnd = written;
    await second.end();
    await stop();
    await expect.poll(() => written, soon).toBeGreaterThan(atEnd + 50);
  } finally {
    isOver = true;
    await writers;
  }
  await restore('load.tar.gz', 'loaded');
  await inStore('loaded', async (store) => {
    const { rows } = await store.query<Record<string, number>>(
      `select (select count(*) from touched where source_id = 'load') as touched, (select count(*) from reading_revision where series_id > 100) as revisions,
         (select count(*) from reading where series_id > 100 and observed_at < $1) as early, (select count(*) from reading where series_id > 100 and observed_at >= $1) as late`,
      [instant(late)],
    );
    const { touched = 0 } = rows[0] ?? {};
    expect(rows).toEqual([{ touched, revisions: touched, early: touched, late: touched }]);
    expect(touched).toBeGreaterThan(50);
    expect(touched).toBeLessThan(written);
  });
});

function schedule() {
  return {
    database,
    directory: at('scheduled'),
    everyMs: 86_400_000,
    keep: 3,
    city: city.id,
    version: '1',
    now: () => clock,
    setTimer: (ms: number, callback: () => void) => {
      const timer = setTimeout(callback, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    log: { info: () => {}, warn: (message: string) => void warnings.push(message) },
  };
}
let clock = NOW;
const warnings: string[] = [];
const names = (): string[] => fs.readdirSync(at('scheduled')).sort();

describe('scheduled backups', () => {
  let backups: Backups | null = null;
  afterAll(() => backups?.close());

  it('makes one when none is there, one each period, keeps the newest, and leaves other files alone', async () => {
    fs.mkdirSync(at('scheduled'));
    fs.writeFileSync(at('scheduled/notes.tar.gz'), '');
    fs.writeFileSync(at('scheduled/riverside_city-20250101T000000Z.tar.gz.part'), '');
    backups = await startBackups(schedule());
    await backups.settled();
    expect(names()).toEqual(['notes.tar.gz', 'riverside_city-20261124T100000Z.tar.gz']);
    expect(backups.lastBackup()).toMatchObject({ at: NOW, file: at('scheduled/riverside_city-20261124T100000Z.tar.gz') });
    clock += 86_399_000;
    await backups.settled();
    expect(names()).toHaveLength(2);
    for (let day = 0; day < 3; day++) {
      clock += day === 0 ? 1_000 : 86_400_000;
      await backups.settled();
    }
    expect(names()).toEqual(['notes.tar.gz', ...['25', '26', '27'].map((day) => `riverside_city-202611${day}T100000Z.tar.gz`)]);
    expect(backups.failures()).toBe(0);
    await backups.close();
  });

  it('knows after a restart what is there, and makes no other before it is due', async () => {
    backups = await startBackups(schedule());
    await backups.settled();
    const file = at('scheduled/riverside_city-20261127T100000Z.tar.gz');
    expect(backups.lastBackup()).toEqual({ at: clock, file, bytes: fs.statSync(file).size });
    expect(names()).toHaveLength(4);
    await backups.close();
    expect((await verifyBackup(file)).manifest).toMatchObject({ city: city.id, takenAt: instant(clock) });
  });

  it('tells of a failure, drops no old file for it, and tries again later', async () => {
    backups = await startBackups(schedule());
    await backups.settled();
    clock += 86_400_000;
    const name = 'riverside_city-20261128T100000Z.tar.gz.part';
    fs.mkdirSync(at(`scheduled/${name}`));
    await backups.settled();
    expect(warnings.join()).toContain('failed; it will be tried again');
    expect(backups.failures()).toBe(1);
    expect(names()).toHaveLength(5);
    await backups.settled();
    expect(backups.failures()).toBe(1);
    fs.rmdirSync(at(`scheduled/${name}`));
    clock += 10 * 60_000;
    await backups.settled();
    expect(backups.lastBackup()?.at).toBe(clock);
    expect(names()).toEqual(['notes.tar.gz', 'riverside_city-20261126T100000Z.tar.gz', 'riverside_city-20261127T100000Z.tar.gz', 'riverside_city-20261128T101000Z.tar.gz']);
    await backups.close();
  });
});
