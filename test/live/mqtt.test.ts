/** A broker's feed through the whole server: from the YAML of a city to stored values, over cuts, restarts and a store that is away. */
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/db/embedded/launcher.ts';
import { type Broker, layWire, startBroker, type Wire } from '../support/mosquitto.ts';
import { repository, startTestServer, type TestServer } from '../support/server.ts';

const home = mkdtempSync(path.join(tmpdir(), 'city-vitals-mqtt-'));
// As root the database runs under another account, which must be able to get here.
chmodSync(home, 0o755);
const places = ['underpass_1', 'underpass_2', 'underpass_3'] as const;

/** `mapping`: of the topic vendor/+/report. */
const sources = (
  wire: Wire,
  { mapping = 'values.{ "indicator": "flood_depth", "place": $topic[1], "observedAt": $localTime(at), "value": cm }', topic = 'json/#' } = {},
): string => `
sources:
  - id: sensors
    name: { zh: 传感器, en: Sensors }
    kind: mqtt
    url: mqtt://127.0.0.1:${wire.port}
    indicators: { flood_depth: {} }
    lineProtocol: { measurements: { level: flood_depth }, placeTag: site }
    topics:
      - { topic: '${topic}', payload: json }
      - { topic: vendor/+/report, payload: json, mapping: '${mapping}' }
      - { topic: $share/city/lines/#, payload: line, precision: s }
      - { topic: numbers/+/depth, payload: number, indicator: flood_depth, placeLevel: 2, places: { U3: underpass_3 } }
  - id: guarded
    name: { zh: 受保护, en: Guarded }
    kind: mqtt
    url: mqtt://127.0.0.1:${wire.port}
    username: city
    password: $\{NOT_SET}
    topics: [{ topic: guarded, payload: json }]
`;

let postgres: EmbeddedPostgres;
let broker: Broker;
let wire: Wire;
let sender: MqttClient;
let test: TestServer;
let cookie: string;

beforeAll(async () => {
  [postgres, broker] = await Promise.all([startEmbeddedPostgres({ directory: path.join(home, 'store'), log: () => {} }), startBroker()]);
  wire = await layWire(broker.port);
  sender = await broker.client();
  const city = path.join(home, 'city');
  cpSync(path.join(repository, 'test/fixtures/riverside'), city, { recursive: true });
  writeFileSync(path.join(city, 'sources/broker.yaml'), sources(wire));
  const { host, user, database } = postgres.connection;
  test = await startTestServer({ city, databaseUrl: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}` });
  cookie = await test.signIn();
  await isSubscribed();
});
afterAll(async () => {
  await test?.stop();
  await wire?.close();
  await broker?.close();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

const health = async (id: string) => (await test.call('GET', '/api/v1/sources')).json.sources.find((source: { id: string }) => source.id === id);
/** Only a subscription makes the broker keep messages for us: a retained message tells that it stands, whenever that is. */
async function isSubscribed(): Promise<void> {
  await sender.publishAsync('json/hello', JSON.stringify(reading({ value: 1, observedAt: Date.now() })), { qos: 1, retain: true });
  await vi.waitFor(async () => expect((await health('sensors')).accepted).toBeGreaterThan(0), { timeout: 20_000, interval: 50 });
}

interface Reading {
  indicator: string;
  place: string;
  observedAt: number;
  value: number;
}
const reading = (change: Partial<Reading>): Reading => ({ indicator: 'flood_depth', place: places[0], observedAt: 0, value: 0, ...change });

async function stored(place: string, from: number, to: number): Promise<Map<number, number>> {
  const { json } = await test.call('GET', `/api/v1/history?indicator=flood_depth&place=${place}&from=${from}&to=${to}&points=20000`);
  const { t = [], last = [] } = json.series[0] ?? {};
  return new Map(t.map((at: number, i: number) => [at, last[i]]));
}

/** One value a second for each place, ending an hour ago so that no two parts of the test meet; `publishAll` sends each as a message. */
function someReadings(count: number, startsBeforeMs: number): Reading[] {
  const from = Math.floor(Date.now() / 1000) * 1000 - startsBeforeMs;
  return Array.from({ length: count }, (_, i) => reading({ place: places[i % 3] as string, observedAt: from + Math.floor(i / 3) * 1000, value: (i * 7) % 100 }));
}
async function publishAll(readings: readonly Reading[], topic: string): Promise<void> {
  for (let from = 0; from < readings.length; from += 100)
    await Promise.all(readings.slice(from, from + 100).map((one) => sender.publishAsync(topic, JSON.stringify(one), { qos: 1 })));
}
async function expectAll(readings: readonly Reading[], timeout: number): Promise<void> {
  const first = readings[0]?.observedAt ?? 0;
  const last = readings.at(-1)?.observedAt ?? 0;
  const lost = async (): Promise<Reading[]> => {
    const maps = new Map(await Promise.all(places.map(async (place) => [place as string, await stored(place, first, last + 1)] as const)));
    return readings.filter(({ place, observedAt, value }) => maps.get(place)?.get(observedAt) !== value);
  };
  await expect.poll(async () => (await lost()).length, { timeout, interval: 250 }).toBe(0);
}

describe('a feed of a broker', () => {
  it('is stored from every kind of payload, each by its own mapping', async () => {
    const at = Math.floor(Date.now() / 60_000) * 60_000;
    // The city's zone is eight hours ahead all year.
    const local = new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    await sender.publishAsync('json/any/where', JSON.stringify({ readings: [reading({ observedAt: at, value: 11 })] }), { qos: 1 });
    await sender.publishAsync('vendor/underpass_2/report', JSON.stringify({ values: [{ at: local, cm: 12 }] }), { qos: 1 });
    await sender.publishAsync('lines/a', `level,site=underpass_1 value=13 ${(at - 60_000) / 1000}\nflood_depth,site=underpass_2 value=14 ${(at - 60_000) / 1000}`, { qos: 1 });
    const sentAt = Date.now();
    await sender.publishAsync('numbers/U3/depth', '15.5', { qos: 1 });
    await expect.poll(async () => (await stored('underpass_1', at - 60_000, at + 1)).get(at)).toBe(11);
    await expect.poll(async () => (await stored('underpass_2', at - 60_000, at + 1)).get(at)).toBe(12);
    await expect.poll(async () => (await stored('underpass_1', at - 60_000, at + 1)).get(at - 60_000)).toBe(13);
    expect((await stored('underpass_2', at - 60_000, at + 1)).get(at - 60_000)).toBe(14);
    const numbers = async () => [...(await stored('underpass_3', sentAt - 1000, Date.now() + 1000))];
    await expect.poll(async () => (await numbers()).map(([, value]) => value)).toContain(15.5);
    expect((await numbers()).find(([, value]) => value === 15.5)?.[0]).toBeGreaterThanOrEqual(sentAt - 1);
    const { series } = (await test.call('GET', '/api/v1/series?indicator=flood_depth&place=underpass_3')).json;
    expect(series[0]).toMatchObject({ source: 'sensors' });
  });

  it('loses nothing when its connection is cut, the server started anew and the store away', { timeout: 120_000 }, async () => {
    const readings = someReadings(6000, 3 * 3_600_000);
    const sending = publishAll(readings, 'json/flood');
    const accepted = async () => (await health('sensors')).accepted;
    await expect.poll(accepted, { timeout: 20_000, interval: 20 }).toBeGreaterThan(500);
    wire.cut();
    await expect.poll(accepted, { timeout: 20_000, interval: 20 }).toBeGreaterThan(1000);
    await test.restart();
    await expect.poll(accepted, { timeout: 20_000, interval: 20 }).toBeGreaterThan(500);
    await postgres.stop();
    await expect.poll(async () => (await test.call('GET', '/readyz', { token: null })).status, { timeout: 10_000 }).toBe(503);
    postgres = await startEmbeddedPostgres({ directory: path.join(home, 'store'), log: () => {} });
    await expect.poll(async () => (await test.call('GET', '/readyz', { token: null })).status, { timeout: 20_000 }).toBe(200);
    await sending;
    await expectAll(readings, 60_000);
    cookie = await test.signIn();
  });

  it('keeps in quarantine what it cannot read, and reads it again once the mapping is mended', async () => {
    const at = Math.floor(Date.now() / 60_000) * 60_000 - 5 * 60_000;
    const quarantine = async () => (await test.call('GET', '/api/v1/sources/sensors/quarantine')).json;
    await sender.publishAsync('vendor/underpass_1/report', JSON.stringify({ measured: [{ when: at, mm: 210 }] }), { qos: 1 });
    await sender.publishAsync('numbers/U3/depth', 'dry', { qos: 1 });
    await sender.publishAsync('json/a', '{"indicator": "flood_depth"', { qos: 1 });
    await sender.publishAsync('lines/a', 'level,site=nowhere value=1\nlevel value=2', { qos: 1 });
    await expect.poll(async () => (await quarantine()).total).toBe(4);
    const { entries } = await quarantine();
    expect(entries.map((entry: { code: string; detail: { topic: string } }) => [entry.detail.topic, entry.code]).sort()).toEqual([
      ['json/a', 'malformed_json'],
      ['lines/a', expect.stringMatching(/missing_field|unknown_place/)],
      ['numbers/U3/depth', 'not_a_number'],
      ['vendor/underpass_1/report', 'missing_field'],
    ]);
    const before = test.server.catalogue().version;
    const mapping = 'measured.{ "indicator": "flood_depth", "place": $topic[1], "observedAt": when, "value": mm / 10 }';
    writeFileSync(path.join(test.city, 'sources/broker.yaml'), sources(wire, { mapping, topic: 'plain/#' }));
    await expect.poll(() => test.server.catalogue().version, { timeout: 10_000 }).not.toBe(before);
    const replayed = await test.call('POST', '/api/v1/sources/sensors/quarantine/replay', { body: {}, cookie });
    expect(replayed.json).toMatchObject({ read: 4, left: 1, stayed: 3, accepted: 1 });
    expect((await stored('underpass_1', at, at + 1)).get(at)).toBe(21);
  });

  it('follows its definition while the server runs: the new topics are taken, the old ones no longer', async () => {
    const at = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000;
    await expect
      .poll(
        async () => {
          await sender.publishAsync('plain/a', JSON.stringify(reading({ observedAt: at, value: 31 })), { qos: 1 });
          return (await stored('underpass_1', at, at + 1)).get(at);
        },
        { timeout: 10_000 },
      )
      .toBe(31);
    const { total } = (await test.call('GET', '/api/v1/sources/sensors/quarantine')).json;
    await sender.publishAsync('json/a', JSON.stringify(reading({ observedAt: at, value: 32 })), { qos: 1 });
    await sender.publishAsync('plain/a', JSON.stringify(reading({ observedAt: at - 60_000, value: 33 })), { qos: 1 });
    await expect.poll(async () => (await stored('underpass_1', at - 60_000, at)).get(at - 60_000)).toBe(33);
    expect((await stored('underpass_1', at, at + 1)).get(at)).toBe(31);
    expect((await test.call('GET', '/api/v1/sources/sensors/quarantine')).json.total).toBe(total);
  });

  it('tells of a variable that is missing in the environment, in the health of its source', async () => {
    await expect.poll(async () => (await health('guarded')).lastError?.message).toBe('The variable NOT_SET must be set in the environment of the server.');
    expect((await health('guarded')).state).not.toBe('ok');
    expect(await health('sensors')).toMatchObject({ state: 'ok' });
  });

  it('tells of a broker that is away, and goes on when it is back', { timeout: 60_000 }, async () => {
    await broker.stop();
    await expect.poll(async () => (await health('sensors')).state, { timeout: 10_000 }).toBe('failing');
    await broker.start();
    const at = Math.floor(Date.now() / 60_000) * 60_000 - 20 * 60_000;
    await sender.publishAsync('plain/b', JSON.stringify(reading({ observedAt: at, value: 41 })), { qos: 1 });
    await expect.poll(async () => (await stored('underpass_1', at, at + 1)).get(at), { timeout: 40_000 }).toBe(41);
    await expect.poll(async () => (await health('sensors')).state, { timeout: 10_000 }).toBe('ok');
  });
});
