/** Sources as a whole: what is refused is kept, read again and let go; what stops is told. Over HTTP, on a real store, with a clock that moves. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { liveClient } from '../support/live-client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let test: TestServer;
let clock: MovableClock;
let cookie: string;
beforeAll(async () => {
  clock = movableClock();
  test = await startTestServer({ clock });
  cookie = await test.signIn();
});
afterAll(async () => {
  await test?.stop();
});

const MINUTE = 60_000;
const depth = (value: unknown, more: object = {}) => ({ indicator: 'flood_depth', place: 'underpass_1', observedAt: clock.now(), value, ...more });
const post = (readings: unknown[], query = '') => test.call('POST', `/api/v1/readings${query}`, { body: { readings } });
const quarantine = async (source: string, query = '') => (await test.call('GET', `/api/v1/sources/${source}/quarantine${query}`)).json;
const replay = (source: string, body: object = {}) => test.call('POST', `/api/v1/sources/${source}/quarantine/replay`, { body, cookie });
const health = async (id: string) => (await test.call('GET', '/api/v1/sources')).json.sources.find((source: { id: string }) => source.id === id);
const journal = async (kind: string) =>
  (await test.server.database.query<{ detail: Record<string, unknown> }>('select detail from journal where kind = $1 order by id', [kind])).rows.map((row) => row.detail);

async function editCity(file: string, edit: (text: string) => string): Promise<void> {
  const at = path.join(test.city, file);
  const before = test.server.catalogue().version;
  await writeFile(at, edit(await readFile(at, 'utf8')));
  await expect.poll(() => test.server.catalogue().version, { timeout: 10_000 }).not.toBe(before);
}

describe('quarantine', () => {
  it('keeps each refused reading as it came, with its reason, under its source', async () => {
    const answer = await post([depth(1), depth('wet'), depth(2, { place: 'nowhere' })], '?source=imperial');
    expect(answer.json).toMatchObject({ accepted: 1, rejected: [{ index: 1 }, { index: 2 }] });
    const { total, dropped, entries, next } = await quarantine('imperial');
    expect({ total, dropped, next }).toEqual({ total: 2, dropped: 0, next: null });
    expect(entries.map((entry: { code: string; path: string }) => [entry.code, entry.path])).toEqual([
      ['unknown_place', 'place'],
      ['wrong_type', 'value'],
    ]);
    expect(JSON.parse(entries[1].original)).toMatchObject({ indicator: 'flood_depth', place: 'underpass_1', value: 'wet' });
    expect(entries[0]).toMatchObject({ format: 'reading', times: 1, isCut: false, receivedAt: entries[0].lastReceivedAt });
  });

  it('counts what is sent again and fills nothing with it', async () => {
    const bad = depth('again');
    for (let i = 0; i < 3; i++) await post([bad, bad]);
    const { total, entries } = await quarantine('http');
    expect([total, entries[0].times]).toEqual([1, 6]);
  });

  it('keeps refused lines whole, and bodies that cannot be read at all', async () => {
    const lines = 'flood_depth,place=underpass_1 value=1\nflood_depth,place=nowhere value=2,other="a\nb" 17\nflood_depth value';
    expect((await test.call('POST', '/api/v2/write?precision=ms&source=imperial', { body: lines })).status).toBe(400);
    const kept = (await quarantine('imperial')).entries.filter((entry: { format: string }) => entry.format === 'line');
    expect(kept.map((entry: { original: string; code: string; detail: object }) => [entry.original, entry.code, entry.detail])).toEqual([
      ['flood_depth value', 'malformed_line', { precision: 'ms' }],
      ['flood_depth,place=nowhere value=2,other="a\nb" 17', 'missing_field', { precision: 'ms' }],
      ['flood_depth,place=underpass_1 value=1', 'missing_field', { precision: 'ms' }],
    ]);
    const before = (await quarantine('http')).total;
    const packed = gzipSync(JSON.stringify({ readings: [depth(1)] }));
    const broken = [
      { body: '{"readings":[{"indi', headers: { 'content-type': 'application/json' } },
      { body: packed.subarray(0, packed.length - 9), headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
      { body: Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]), headers: { 'content-type': 'application/json' } },
    ];
    for (const request of broken) expect((await test.call('POST', '/api/v1/readings', request)).status).toBe(400);
    const { total, entries } = await quarantine('http');
    expect(total - before).toBe(3);
    expect(entries.slice(0, 3).map((entry: { code: string; detail: object }) => [entry.code, entry.detail])).toEqual([
      ['invalid_request', { whole: 'body', encoding: 'not UTF-8' }],
      ['invalid_gzip', { whole: 'body', encoding: 'gzip' }],
      ['malformed_json', { whole: 'body' }],
    ]);
  });

  it('is read in pages and by reason', async () => {
    const all = await quarantine('imperial');
    const first = await quarantine('imperial', '?limit=2');
    const second = await quarantine('imperial', `?limit=200&before=${first.next}`);
    expect([...first.entries, ...second.entries]).toEqual(all.entries);
    expect((await quarantine('imperial', '?code=unknown_place')).entries).toHaveLength(1);
    expect((await test.call('GET', '/api/v1/sources/nobody/quarantine')).status).toBe(404);
  });

  it('is read again after the mapping is mended: what is accepted leaves, the rest stays with its new reason', async () => {
    await editCity('sources/feeds.yaml', (text) => `${text}  - { id: dept, name: { zh: 部门, en: Department }, kind: push, lineProtocol: { placeTag: site } }\n`);
    const at = clock.now() - 5 * MINUTE;
    const lines = [`depth,site=underpass_2 value=3 ${at}`, 'depth,site=underpass_2 value=4', `depth,site=elsewhere value=5 ${at}`].join('\n');
    const refused = await test.call('POST', '/api/v2/write?precision=ms&source=dept', { body: lines });
    expect(refused.json).toMatchObject({ accepted: 0, rejected: [{ code: 'unknown_indicator' }, { code: 'unknown_indicator' }, { code: 'unknown_indicator' }] });
    const arrived = (await quarantine('dept')).entries[1].receivedAt;

    expect((await replay('dept')).json).toMatchObject({ read: 3, left: 0, stayed: 3, accepted: 0 });
    await editCity('sources/feeds.yaml', (text) => text.replace('{ placeTag: site } }\n', '{ placeTag: site, measurements: { depth: flood_depth } } }\n'));
    clock.advance(MINUTE);
    expect((await replay('dept')).json).toMatchObject({ read: 3, left: 2, stayed: 1, accepted: 2, duplicates: 0 });
    const left = await quarantine('dept');
    expect(left.entries).toMatchObject([{ original: `depth,site=elsewhere value=5 ${at}`, code: 'unknown_place' }]);
    expect([left.total, (await health('dept')).quarantined]).toEqual([1, 1]);
    const { rows } = await test.server.database.query<{ observed_at: number; value: number }>(
      "select observed_at, value from reading join series s on s.id = series_id where s.place_id = 'underpass_2' order by observed_at",
    );
    expect(rows).toEqual([
      { observed_at: at, value: 3 },
      { observed_at: arrived, value: 4 },
    ]);
    expect(await journal('quarantine_replayed')).toMatchObject([
      { source: 'dept', left: 0 },
      { source: 'dept', left: 2, stayed: 1 },
    ]);
    // What was kept is no sign of life.
    expect((await health('dept')).state).not.toBe('ok');
  });

  it('lets a person discard an entry, and nobody else', async () => {
    const { entries } = await quarantine('dept');
    const at = `/api/v1/sources/dept/quarantine/${entries[0].id}`;
    expect((await test.call('DELETE', at)).status).toBe(403);
    expect((await test.call('POST', '/api/v1/sources/dept/quarantine/replay', { body: {} })).status).toBe(403);
    expect((await test.call('DELETE', at, { cookie })).status).toBe(204);
    expect((await test.call('DELETE', at, { cookie })).status).toBe(404);
    expect((await quarantine('dept')).total).toBe(0);
    expect(await journal('quarantine_discarded')).toEqual([{ source: 'dept', entry: entries[0].id }]);
  });

  it('answers 503 when it cannot be written, and takes the same again later', async () => {
    const { database } = test.server;
    await database.query("create function no_room() returns trigger language plpgsql as $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$");
    await database.query('create trigger no_room before insert on quarantine for each row execute function no_room()');
    const body = [depth(7, { place: 'underpass_3' }), depth('full')];
    const full = await post(body);
    expect([full.status, full.json.error.code, full.headers.get('retry-after')]).toEqual([503, 'store_full', '30']);
    const ready = await test.call('GET', '/readyz', { token: null });
    expect([ready.status, ready.json.store.full]).toEqual([503, true]);
    await database.query('drop trigger no_room on quarantine');
    await database.query('drop function no_room');
    expect((await post(body)).json).toMatchObject({ accepted: 0, duplicates: 1, rejected: [{ code: 'wrong_type' }] });
    expect((await quarantine('http', '?limit=1')).entries[0].original).toContain('full');
    clock.advance(MINUTE);
    const again = await test.call('GET', '/readyz', { token: null });
    expect([again.status, again.json.store]).toEqual([200, expect.objectContaining({ full: false, freeBytes: expect.any(Number) })]);
  });
});

describe('health', () => {
  it('says how each source fares, in the API and in the metrics', async () => {
    await post([depth(3), depth(4, { observedAt: clock.now() - MINUTE })], '?source=imperial');
    expect(await health('imperial')).toMatchObject({
      kind: 'push',
      simulated: true,
      name: { en: 'Imperial source' },
      lastObservedAt: expect.any(Number),
      expectedEveryMs: MINUTE,
      lastError: { message: expect.any(String) },
    });
    await expect.poll(async () => (await health('imperial')).state).toBe('ok');
    const { accepted, rejected, ratePerMinute } = await health('imperial');
    expect([accepted >= 3, rejected >= 2, ratePerMinute >= 2]).toEqual([true, true, true]);
    const { text } = await test.call('GET', '/metrics');
    expect(text).toContain('city_vitals_source_up{source="imperial"} 1');
    expect(text).toMatch(/city_vitals_source_readings_total\{source="imperial",outcome="accepted"\} \d+/);
    expect(text).toMatch(/city_vitals_source_quarantined\{source="http"\} \d+/);
  });

  it('tells of a source that stops within a second, once, live and in the journal, and remembers it over a restart', async () => {
    await post([depth(5)], '?source=imperial');
    await expect.poll(async () => (await health('imperial')).state).toBe('ok');
    const { lastSuccessAt } = await health('imperial');
    const client = liveClient(test.url, { cookie });
    await client.until('sources', ({ sources }) => sources.some((source) => source.id === 'imperial' && source.state === 'ok'));
    const told = (await journal('source_silent')).length;
    clock.advance(66_001);
    const frame = await client.until('sources', ({ sources }) => sources.some((source) => source.id === 'imperial' && source.state === 'silent'));
    client.close();
    const since = lastSuccessAt + 66_000;
    expect(frame.sources.find((source) => source.id === 'imperial')).toMatchObject({ since, lastSuccessAt });
    expect((await journal('source_silent')).slice(told).filter((entry) => entry['source'] === 'imperial')).toMatchObject([{ since, lastSuccessAt }]);

    await test.restart();
    cookie = await test.signIn();
    expect(await health('imperial')).toMatchObject({ state: 'silent', since, lastSuccessAt });
    const known = (await journal('source_silent')).length;
    await post([depth(6)], '?source=imperial');
    await expect.poll(async () => (await health('imperial')).state).toBe('ok');
    expect((await journal('source_silent')).length).toBe(known);
    expect((await journal('source_resumed')).at(-1)).toMatchObject({ source: 'imperial' });
  });

  it('calls a source failing that sends only what is refused', async () => {
    await post([depth(7)], '?source=imperial');
    clock.advance(50_000);
    await post([depth('bad'), depth(1, { indicator: 'no_such' })], '?source=imperial');
    clock.advance(17_000);
    await expect.poll(async () => (await health('imperial')).state).toBe('failing');
    expect((await journal('source_failing')).at(-1)).toMatchObject({ source: 'imperial', reason: expect.any(String) });
  });
});

it('keeps the id `http` for readings without a source', async () => {
  await writeFile(path.join(test.city, 'sources/more.yaml'), 'sources:\n  - { id: http, name: { zh: 网, en: Web }, kind: push }\n');
  await expect.poll(async () => (await test.call('GET', '/readyz', { token: null })).json.catalogue.problems, { timeout: 10_000 }).toBe(1);
});

it('logged nothing but the lack of room and the refused edit', () => {
  expect(test.warnings.filter((warning) => !warning.includes('The disk of the store is full') && !warning.includes('give this source another id'))).toEqual([]);
});
