/** The CSV doors: uploads with a dry run, and a drop folder, through a whole server. */
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { repository, startTestServer, type TestServer } from '../support/server.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-csv-'));
chmodSync(home, 0o755);
const settle = { timeout: 15_000, interval: 50 };

const time = '{ date: 日期, time: 时刻 }';
const place = '{ column: 站名, ids: { 一号下穿: underpass_1, 二号下穿: underpass_2, 三号下穿: underpass_3 } }';
const mapping = `{ encoding: auto, time: ${time}, place: ${place}, indicator: flood_depth, value: { column: 水位(厘米) }, quality: { column: 质量, texts: { 可疑: suspect } } }`;
const sources = `sources:
  - { id: water_office, name: { zh: 水务局, en: Water office }, kind: push, csv: ${mapping} }
  - { id: no_csv, name: { zh: 无, en: Without }, kind: push }
  - { id: water_folder, name: { zh: 水务文件夹, en: Water folder }, kind: csv_drop, folder: drop, settle: 1s, csv: ${mapping} }
`;

let test: TestServer;
let drop: string;
beforeAll(async () => {
  const city = path.join(home, 'city');
  cpSync(path.join(repository, 'test/fixtures/riverside'), city, { recursive: true });
  writeFileSync(path.join(city, 'sources/csv.yaml'), sources);
  test = await startTestServer({ city });
  drop = path.join(test.city, 'drop');
  await vi.waitFor(() => expect(existsSync(path.join(drop, 'failed'))).toBe(true), settle);
});
afterAll(async () => {
  await test?.stop();
  rmSync(home, { recursive: true, force: true });
});

const header = '站名,日期,时刻,水位(厘米),质量';
const HOUR = 3_600_000;
/** Yesterday in Shanghai, and days before it, so that nothing is too old whenever the test runs. */
const day = (before: number): string => new Date(Date.now() + 8 * HOUR - before * 24 * HOUR).toISOString().slice(0, 10);
const midnight = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
/** The fixture, its days (as bytes of any encoding) moved to a recent one. */
const moved = (name: string, date: string): Buffer => {
  const next = new Date(Date.parse(date) + 24 * HOUR).toISOString().slice(0, 10);
  const [year, month, ofMonth] = date.split('-').map(Number);
  const text = readFileSync(path.join(repository, 'test/fixtures/csv', name), 'latin1');
  return Buffer.from(text.replaceAll('2026-01-31', date).replaceAll('2026/1/31', `${year}/${month}/${ofMonth}`).replaceAll('2026-02-01', next), 'latin1');
};

const upload = (body: string | Uint8Array, query = '?source=water_office', headers: Record<string, string> = { 'content-type': 'text/csv' }) =>
  test.call('POST', `/api/v1/csv${query}`, { body, headers });
async function stored(at: string, from: number, to: number): Promise<[number, number][]> {
  const { json } = await test.call('GET', `/api/v1/history?indicator=flood_depth&place=${at}&from=${from}&to=${to}`);
  const series = json.series[0];
  return series === undefined ? [] : series.t.map((t: number, i: number) => [t, series.last[i]]);
}

describe('an upload', () => {
  it.each([
    ['water-level.csv', 3],
    ['water-level-gb18030.csv', 5],
  ])('of a department’s %s is rehearsed, stored rightly, and sent again without harm', async (name, before) => {
    const date = day(before);
    const from = midnight(date);
    const body = moved(name, date);
    const expected = { rows: 9, readings: 4, skipped: 2, ambiguousTimes: 0, complete: true, rejectedTotal: 3 };
    const dry = await upload(body, '?source=water_office&dryRun=true');
    expect(dry.json).toMatchObject({ dryRun: true, ...expected, accepted: 4, duplicates: 0, revised: 0 });
    expect(dry.json.rejected).toMatchObject([
      { row: 7, column: '站名', code: 'unknown_place' },
      { row: 8, column: '日期 / 时刻', code: 'invalid_time' },
      { row: 10, column: '水位(厘米)', code: 'not_a_number' },
    ]);
    expect(await stored('underpass_1', from, from + 30 * HOUR)).toEqual([]);

    const first = await upload(body);
    expect(first.json).toMatchObject({ dryRun: false, ...expected, accepted: 4, duplicates: 0, revised: 0, rejected: dry.json.rejected });
    expect(await stored('underpass_1', from, from + 30 * HOUR)).toEqual([
      [from + 22 * HOUR, 12.5],
      [from + 23 * HOUR, 13],
      [from + 24 * HOUR, 14.5],
    ]);
    expect(await stored('underpass_2', from, from + 30 * HOUR)).toEqual([[from + 24 * HOUR, 3]]);
    expect((await upload(gzipSync(body), undefined, { 'content-type': 'text/csv', 'content-encoding': 'gzip' })).json).toMatchObject({ accepted: 0, duplicates: 4 });
  });

  it('keeps refused rows in quarantine, from where the mended mapping reads them', async () => {
    const body = `${header}\n九号下穿,${day(1)},3:00,1.5,\n`;
    expect((await upload(body)).json).toMatchObject({ accepted: 0, rejected: [{ row: 2, column: '站名', code: 'unknown_place', path: '' }] });
    const quarantined = async () => (await test.call('GET', '/api/v1/sources/water_office/quarantine')).json;
    const [entry] = (await quarantined()).entries;
    expect(entry).toMatchObject({ format: 'csv', code: 'unknown_place', original: `九号下穿,${day(1)},3:00,1.5,`, detail: { row: '2', header } });

    writeFileSync(path.join(test.city, 'sources/csv.yaml'), sources.replace('三号下穿: underpass_3', '三号下穿: underpass_3, 九号下穿: underpass_2'));
    await vi.waitFor(async () => expect((await upload(body, '?source=water_office&dryRun=true')).json.accepted).toBe(1), settle);
    const replayed = await test.call('POST', '/api/v1/sources/water_office/quarantine/replay', { body: { ids: [entry.id] }, cookie: await test.signIn() });
    expect(replayed.json).toMatchObject({ read: 1, left: 1, accepted: 1 });
    expect(await stored('underpass_2', midnight(day(1)), midnight(day(1)) + 24 * HOUR)).toEqual([[midnight(day(1)) + 3 * HOUR, 1.5]]);
    expect((await quarantined()).entries.map(({ id }: { id: number }) => id)).not.toContain(entry.id);
  });

  it('rehearses what the door would refuse, with row, column and key; and what repeats in the file', async () => {
    const rows = [
      `ok,underpass_1,${day(1)} 01:00,1`,
      `again,underpass_1,${day(1)} 01:00,1`,
      `grain,riverside,${day(1)} 01:00,1`,
      `unknown,underpass_9,${day(1)} 01:00,1`,
      `old,underpass_1,1999-01-01 01:00,1`,
      `ahead,underpass_1,${day(-2)} 01:00,1`,
    ];
    const given = { time: { column: '时间' }, place: { column: '站' }, indicator: 'flood_depth', value: { column: '值' } };
    const query = `?mapping=${encodeURIComponent(JSON.stringify(given))}`;
    const body = `备注,站,时间,值\n${rows.join('\n')}\n`;
    const dry = await upload(body, `${query}&dryRun=true`);
    expect(dry.json).toMatchObject({ accepted: 1, duplicates: 1, revised: 0, rejectedTotal: 4 });
    expect(dry.json.rejected.map(({ row, column, code, path: key }: Record<string, unknown>) => [row, column, code, key])).toEqual([
      [4, '站', 'wrong_grain', 'place'],
      [5, '站', 'unknown_place', 'place'],
      [6, '时间', 'too_old', 'observedAt'],
      [7, '时间', 'time_ahead', 'observedAt'],
    ]);
    const real = await upload(body, query);
    expect(real.json).toEqual({ ...dry.json, dryRun: false });
  });

  it('lists a thousand bad rows and counts them all', async () => {
    const body = `${header}\n${`一号下穿,${day(1)},4:00,x,\n`.repeat(12_000)}`;
    const { json } = await upload(body, '?source=water_office&dryRun=true');
    expect([json.rows, json.rejectedTotal, json.rejected.length, json.rejected[999].row]).toEqual([12_000, 12_000, 1000, 1001]);
  });

  it('that breaks off is answered 400, says where, and keeps what came before', async () => {
    const answer = await upload(`${header}\n一号下穿,${day(1)},5:00,1,\n"一号下穿,${day(1)},6:00,2,\n`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: { code: 'malformed_line' }, complete: false, accepted: 1, rejected: [{ row: 3 }] });
    expect(answer.json.error.message).toContain('row 3');
  });

  it.each([
    ['without source and mapping', header, '', 'text/csv', 400, 'invalid_request'],
    ['to a source that declares no csv', header, '?source=no_csv', 'text/csv', 400, 'invalid_request'],
    ['with a mapping that is no JSON', header, '?mapping=%7B', 'text/csv', 400, 'malformed_json'],
    [
      'with a mapping that lacks its place',
      header,
      `?mapping=${encodeURIComponent('{"time":{"column":1},"value":{"column":2},"indicator":"flood_depth"}')}`,
      'text/csv',
      400,
      'invalid_request',
    ],
    ['that is empty', '', '?source=water_office', 'text/csv', 400, 'invalid_request'],
    ['that lacks a column', '站名,日期\n', '?source=water_office', 'text/csv', 400, 'invalid_request'],
    ['that is a workbook', 'PK\u0003\u0004', '?source=water_office', 'text/csv', 400, 'invalid_request'],
    ['of another type', '{}', '?source=water_office', 'application/json', 415, 'unsupported_media_type'],
    [
      'of a charset nobody knows',
      header,
      `?mapping=${encodeURIComponent('{"time":{"column":1},"value":{"column":2},"indicator":"flood_depth","place":"underpass_1"}')}`,
      'text/csv; charset=klingon',
      415,
      'unsupported_encoding',
    ],
    ['with a strange dryRun', header, '?source=water_office&dryRun=maybe', 'text/csv', 400, 'invalid_request'],
  ])('%s is refused by code', async (_name, body, query, type, status, code) => {
    const answer = await upload(body, query, { 'content-type': type });
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    expect(answer.json.error.message).not.toBe('');
  });

  it('needs a credential that may send', async () => {
    const answer = await test.call('POST', '/api/v1/csv?source=water_office&dryRun=true', { body: header, token: null, headers: { 'content-type': 'text/csv' } });
    expect(answer.status).toBe(401);
    const signedIn = await test.call('POST', '/api/v1/csv?source=water_office&dryRun=true', { body: header, cookie: await test.signIn(), headers: { 'content-type': 'text/csv' } });
    expect(signedIn.json).toMatchObject({ rows: 0, complete: true });
  });
});

describe('a drop folder', () => {
  const at = (...parts: string[]): string => path.join(drop, ...parts);
  const row = (hour: number, value: number, date = day(2)): string => `三号下穿,${date},${hour}:00,${value},\n`;
  const values = async (date = day(2)): Promise<number[]> => (await stored('underpass_3', midnight(date), midnight(date) + 24 * HOUR)).map(([, value]) => value);
  const isDone = (name: string): Promise<void> => vi.waitFor(() => expect(readdirSync(at('done'))).toContain(name), settle);

  it('reads a file that was renamed in, moves it to done, and writes no report where nothing was refused', async () => {
    writeFileSync(at('report.csv.part'), `${header}\n${row(1, 1)}${row(2, 2)}`);
    renameSync(at('report.csv.part'), at('report.csv'));
    await isDone('report.csv');
    expect(await values()).toEqual([1, 2]);
    expect(existsSync(at('report.csv')) || existsSync(at('done', 'report.csv.report.csv'))).toBe(false);
  });

  it('waits until a file is whole, however slowly it is written', async () => {
    writeFileSync(at('slow.csv'), `${header}\n${row(3, 3)}三号下穿,`);
    let written = 0;
    await vi.waitFor(
      () => {
        // A quarter of a second apart, for longer than the settle time.
        if (written++ < 8) appendFileSync(at('slow.csv'), ' ');
        expect(written).toBeGreaterThan(8);
      },
      { timeout: 10_000, interval: 250 },
    );
    expect(existsSync(at('slow.csv'))).toBe(true);
    expect(await values()).toEqual([1, 2]);
    appendFileSync(at('slow.csv'), `${day(2)},4:00,4,\n`);
    await isDone('slow.csv');
    expect(await values()).toEqual([1, 2, 3, 4]);
  });

  it('writes a report beside a file with refused rows, one that a spreadsheet opens and nothing in it runs', async () => {
    writeFileSync(at('bad.csv'), `${header}\n${row(5, 5)}=1+1,${day(2)},6:00,6,\n三号下穿,${day(2)},7:00,x,\n`);
    await isDone('bad.csv');
    const report = readFileSync(at('done', 'bad.csv.report.csv'), 'utf8');
    expect(report.startsWith('\ufeffrow,column,code,message,text\r\n')).toBe(true);
    expect(report).toContain('\r\n3,站名,unknown_place,');
    expect(report).toContain(`"'=1+1,${day(2)},6:00,6,"`);
    expect(report).toContain('\r\n4,水位(厘米),not_a_number,');
    expect(await values()).toContain(5);
  });

  it('gives a name that is taken the time beside it, and loses neither file', async () => {
    writeFileSync(at('report.csv'), `${header}\n${row(8, 8)}`);
    await vi.waitFor(() => expect(readdirSync(at('done')).filter((name) => /^report\.\d{4}-\d\d-\d\dT\d{6}\.csv$/.test(name))).toHaveLength(1), settle);
    expect(readFileSync(at('done', 'report.csv'), 'utf8')).toContain('1:00');
  });

  it('moves what cannot be read to failed, and says why', async () => {
    writeFileSync(at('workbook.csv'), 'PK\u0003\u0004 and so on');
    writeFileSync(at('other.csv'), 'a,b\n1,2\n');
    await vi.waitFor(() => expect(readdirSync(at('failed')).sort()).toEqual(['other.csv', 'other.csv.report.csv', 'workbook.csv', 'workbook.csv.report.csv']), settle);
    expect(readFileSync(at('failed', 'workbook.csv.report.csv'), 'utf8')).toContain('workbook');
    expect(readFileSync(at('failed', 'other.csv.report.csv'), 'utf8')).toContain('日期');
    // Both were told to the log, as they should; the end of this file expects nothing else.
    expect(
      test.warnings
        .splice(0)
        .map((line) => /failed\/(\w+)\.csv/.exec(line)?.[1])
        .sort(),
    ).toEqual(['other', 'workbook']);
  });

  it('takes the older file first: the newer one corrects it', async () => {
    const date = day(4);
    const [older, newer] = [at('b-older.csv'), at('a-newer.csv')];
    for (const [name, value] of [
      [newer, 2],
      [older, 1],
    ] as const)
      writeFileSync(`${name}.tmp`, `${header}\n${row(1, value, date)}`);
    utimesSync(`${older}.tmp`, new Date(Date.now() - HOUR), new Date(Date.now() - HOUR));
    for (const name of [newer, older]) renameSync(`${name}.tmp`, name);
    await isDone('a-newer.csv');
    await isDone('b-older.csv');
    expect(await values(date)).toEqual([2]);
  });

  it('leaves alone what is unfinished, hidden, of another kind, or a folder', async () => {
    for (const name of ['.hidden.csv', '~$open.csv', 'a.csv.part', 'b.tmp', 'notes.txt']) writeFileSync(at(name), `${header}\n${row(9, 9)}`);
    mkdirSync(at('folder.csv'), { recursive: true });
    writeFileSync(at('empty.csv'), '');
    writeFileSync(at('last.csv'), `${header}\n${row(10, 10)}`);
    await isDone('last.csv');
    expect(readdirSync(drop).sort()).toEqual(['.hidden.csv', 'a.csv.part', 'b.tmp', 'done', 'empty.csv', 'failed', 'folder.csv', 'notes.txt', '~$open.csv'].sort());
    expect(await values()).not.toContain(9);
  });

  it('shows its state among the sources', async () => {
    const { json } = await test.call('GET', '/api/v1/sources');
    const source = json.sources.find(({ id }: { id: string }) => id === 'water_folder');
    expect(source).toMatchObject({ kind: 'csv_drop', state: expect.stringMatching(/^(ok|silent)$/) });
    expect(source.rejected).toBeGreaterThanOrEqual(2);
  });
});

it('logged nothing else worth a warning', () => {
  expect(test.warnings).toEqual([]);
});
