/** From a reading to an alert and back, through the real store, with a clock that the test moves. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../server/journal/hash.ts';
import { journalPage } from '../../server/journal/store.ts';
import { type MovableClock, movableClock } from '../support/clock.ts';
import { liveClient } from '../support/live-client.ts';
import { INGEST_TOKEN, startTestServer, type TestServer } from '../support/server.ts';

const MINUTE = 60_000;
let clock: MovableClock;
let test: TestServer;
beforeEach(async () => {
  clock = movableClock();
  test = await startTestServer({ clock });
});
afterEach(async () => {
  await test?.stop();
});

async function send(value: number, options: { at?: number; indicator?: string; place?: string; quality?: string } = {}): Promise<void> {
  const { at = clock.now(), indicator = 'flood_depth', place = 'underpass_1', quality } = options;
  const { json } = await test.call('POST', '/api/v1/readings', { body: { readings: [{ indicator, place, observedAt: at, value, quality }] } });
  expect(json.rejected).toEqual([]);
  await test.server.settled();
}

const open = async () => (await test.call('GET', '/api/v1/alerts')).json.alerts;

describe('threshold', () => {
  it('fires at the worst limit reached, follows the level with its deadband, and clears', async () => {
    await send(16);
    expect(await open()).toMatchObject([{ rule: 'street_flood', place: 'underpass_1', level: 'yellow', condition: 'firing', acknowledged: false, value: 16, limit: 15 }]);
    clock.advance(MINUTE);
    await send(45);
    expect(await open()).toMatchObject([{ level: 'red', worstLevel: 'red', limit: 40 }]);
    clock.advance(MINUTE);
    await send(39);
    expect(await open()).toMatchObject([{ level: 'red' }]);
    clock.advance(MINUTE);
    await send(37);
    expect(await open()).toMatchObject([{ level: 'orange', worstLevel: 'red' }]);
    clock.advance(MINUTE);
    await send(0);
    expect(await open()).toMatchObject([{ condition: 'resolved', acknowledged: false }]);
  });

  it('takes a station’s own limits in place of the rule’s', async () => {
    await send(45, { place: 'underpass_3' });
    expect(await open()).toMatchObject([{ place: 'underpass_3', level: 'orange' }]);
  });

  it('waits for the hold time, by the clock when no reading comes', async () => {
    const hot = { indicator: 'air_temperature', place: 'weather_1' };
    await send(36, hot);
    expect(await open()).toMatchObject([{ condition: 'pending', rule: 'heat' }]);
    clock.advance(10 * MINUTE);
    await send(36, hot);
    expect(await open()).toMatchObject([{ condition: 'pending' }]);
    clock.advance(10 * MINUTE + 1000);
    await test.server.settled();
    expect(await open()).toMatchObject([{ condition: 'firing', level: 'yellow' }]);
  });

  it('forgets a breach that did not last', async () => {
    const at = { indicator: 'air_temperature', place: 'weather_1' };
    await send(36, at);
    clock.advance(10 * MINUTE);
    await send(30, at);
    expect(await open()).toEqual([]);
  });

  it('stores a reading older than the lateness, and judges it not', async () => {
    await send(50, { at: clock.now() - 3 * 60 * MINUTE });
    expect(await open()).toEqual([]);
  });
});

describe('unknown', () => {
  it('neither raises nor clears: a silent sensor keeps its alert, unknown since when it grew stale', async () => {
    const at = clock.now();
    await send(20, { at });
    clock.advance(7 * MINUTE);
    await test.server.settled();
    expect(await open()).toMatchObject([{ condition: 'firing', level: 'yellow', unknownSince: at + 5 * MINUTE }]);
    const { json } = await test.call('GET', '/api/v1/latest?place=underpass_1');
    expect(json.latest[0].stale).toBe(true);
    await send(20);
    expect(await open()).toMatchObject([{ condition: 'firing', unknownSince: null }]);
  });

  it('a bad reading raises nothing, and clears nothing', async () => {
    await send(450, { quality: 'bad' });
    expect(await open()).toEqual([]);
    clock.advance(MINUTE);
    await send(20);
    clock.advance(MINUTE);
    await send(0, { quality: 'bad' });
    expect(await open()).toMatchObject([{ condition: 'firing', level: 'yellow' }]);
    expect((await open())[0].unknownSince).not.toBeNull();
  });
});

describe('people', () => {
  it('an acknowledgement with its comment is in the journal, with who and when, and on the hub', async () => {
    await send(20);
    const [alert] = await open();
    const cookie = await test.signIn();
    const live = liveClient(test.url, { token: INGEST_TOKEN });
    await live.until('snapshot', (snapshot) => snapshot.alerts.length === 1);
    const answer = await test.call('POST', `/api/v1/alerts/${alert.id}/acknowledge`, { cookie, body: { comment: '已派人' } });
    expect(answer.status).toBe(200);
    expect(answer.json.alert).toMatchObject({ acknowledged: true, acknowledgedBy: { kind: 'account', id: 'admin' } });
    expect(answer.json.journal.map((entry: { kind: string }) => entry.kind)).toEqual(['alert_fired', 'alert_acknowledged']);
    expect(answer.json.journal[0]).toMatchObject({ actor: { kind: 'rule', id: 'street_flood' }, detail: { value: 20, limit: 15, level: 'yellow' } });
    expect(answer.json.journal[1]).toMatchObject({ actor: { kind: 'account', id: 'admin' }, detail: { comment: '已派人' } });
    await live.until('alerts', (frame) => frame.alerts.some((one) => one.id === alert.id && one.acknowledged));
    live.close();
    const again = await test.call('POST', `/api/v1/alerts/${alert.id}/acknowledge`, { cookie, body: {} });
    expect([again.status, again.json.error.code, again.json.error.path]).toEqual([409, 'conflict', 'already_acknowledged']);
  });

  it('acknowledges many at once and says what became of each', async () => {
    await send(20);
    await send(20, { place: 'underpass_2' });
    const ids = (await open()).map((alert: { id: string }) => alert.id);
    const cookie = await test.signIn();
    const { json } = await test.call('POST', '/api/v1/alerts/acknowledge', { cookie, body: { ids: [...ids, '999999'] } });
    expect(json.results).toEqual([...ids.map((id: string) => ({ id, code: null })), { id: '999999', code: 'not_found' }]);
  });

  it('a token may not acknowledge, and a page of another site may not either', async () => {
    await send(20);
    const [alert] = await open();
    const byToken = await test.call('POST', `/api/v1/alerts/${alert.id}/acknowledge`, { body: {} });
    expect([byToken.status, byToken.json.error.code]).toEqual([403, 'forbidden']);
    const cookie = await test.signIn();
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const crossSite = await test.call('POST', `/api/v1/alerts/${alert.id}/acknowledge`, { cookie, body: {}, headers: headers as Record<string, string> });
      expect([crossSite.status, crossSite.json.error.code]).toEqual([403, 'cross_site']);
    }
    expect(await open()).toMatchObject([{ acknowledged: false }]);
  });
});

describe('catalogue', () => {
  const rulesFile = () => path.join(test.city, 'rules/flood.yaml');

  it('a changed limit applies while running; a withdrawn rule closes its alert with that reason; a broken edit keeps the last good', async () => {
    await send(20);
    const [alert] = await open();
    const live = liveClient(test.url, { token: INGEST_TOKEN });
    const { catalogue } = await live.until('snapshot');
    const original = readFileSync(rulesFile(), 'utf8');

    writeFileSync(rulesFile(), original.replace('value: 15', 'value: fifteen'));
    const broken = await live.until('catalogue', (frame) => frame.catalogue.problems.length > 0);
    expect(broken.catalogue.version).toBe(catalogue.version);
    expect(broken.catalogue.problems[0]).toMatchObject({ file: 'rules/flood.yaml', path: 'rules[0].limits[1].value' });
    expect((await open()).length).toBe(1);

    writeFileSync(rulesFile(), original.replace('value: 15', 'value: 18'));
    const changed = await live.until('catalogue', (frame) => frame.catalogue.problems.length === 0 && frame.catalogue.version !== catalogue.version);
    expect((await test.call('GET', '/api/v1/rules')).json.rules[0].limits[1]).toMatchObject({ level: 'yellow', value: 18 });

    writeFileSync(rulesFile(), original.replace('id: street_flood', 'id: other_flood'));
    writeFileSync(path.join(test.city, 'places/stations.yaml'), readFileSync(path.join(test.city, 'places/stations.yaml'), 'utf8').replace('street_flood', 'other_flood'));
    await live.until('catalogue', (frame) => frame.catalogue.problems.length === 0 && frame.catalogue.version !== changed.catalogue.version && frame.seq > changed.seq);
    const ended = (await test.call('GET', `/api/v1/alerts/${alert.id}`)).json;
    expect(ended.journal.at(-1).kind).toBe('alert_withdrawn');
    live.close();
  });

  it('a lowered limit is crossed at once by the value that is there already', async () => {
    await send(4);
    expect(await open()).toEqual([]);
    const live = liveClient(test.url, { token: INGEST_TOKEN });
    await live.until('snapshot');
    writeFileSync(rulesFile(), readFileSync(rulesFile(), 'utf8').replace('value: 5 ', 'value: 3 '));
    const frame = await live.until('alerts');
    expect(frame.alerts).toMatchObject([{ place: 'underpass_1', level: 'blue', value: 4, limit: 3 }]);
    live.close();
  });

  it('lists rules of kinds that are not built yet as not active, with the reason', async () => {
    const { json } = await test.call('GET', '/api/v1/rules');
    const stale = json.rules.find((rule: { id: string }) => rule.id === 'flood_silent');
    expect(stale).toMatchObject({ active: false, kind: 'stale' });
    expect(stale.reason).not.toBe('');
  });
});

it('a restart loses nothing: the alert, its hold time, who acknowledged, and the chain of the journal', async () => {
  await send(20);
  await send(36, { indicator: 'air_temperature', place: 'weather_1' });
  const cookie = await test.signIn();
  const flood = (await open()).find((alert: { rule: string }) => alert.rule === 'street_flood');
  await test.call('POST', `/api/v1/alerts/${flood.id}/acknowledge`, { cookie, body: {} });
  await test.restart();
  const after = await open();
  expect(after.find((alert: { rule: string }) => alert.rule === 'street_flood')).toMatchObject({ acknowledged: true, level: 'yellow' });
  clock.advance(20 * MINUTE + 1000);
  await test.server.settled();
  expect((await open()).find((alert: { rule: string }) => alert.rule === 'heat')).toMatchObject({ condition: 'firing' });

  const { database } = test.server;
  const entries = await journalPage(database, 0, 1000);
  expect(entries.length).toBeGreaterThan(4);
  expect(verifyChain(entries)).toBeNull();
  await expect(database.query("update journal set kind = 'nothing' where id = 1")).rejects.toThrow('append-only');
  await expect(database.query('delete from journal')).rejects.toThrow('append-only');
});
