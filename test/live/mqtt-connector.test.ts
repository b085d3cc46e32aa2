/** The MQTT connector against a real broker, with a door that keeps what it is handed: acknowledgement, bounds, connections, accounts. */
import { createServer } from 'node:net';
import path from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Source, sourceSchema } from '../../server/catalogue/source-schema.ts';
import { systemClock } from '../../server/clock.ts';
import { AppError } from '../../server/contract/index.ts';
import type { RunningConnector, StartConnector } from '../../server/sources/connector.ts';
import { createMqttStarter } from '../../server/sources/mqtt.ts';
import { MAX_MESSAGES } from '../../server/sources/mqtt-inbox.ts';
import type { Piece, Take } from '../../server/sources/piece.ts';
import { createSecrets } from '../../server/sources/secrets.ts';
import { createAuthority } from '../support/certificates.ts';
import { type Broker, layWire, startBroker } from '../support/mosquitto.ts';

const reference = (name: string): string => `$\{${name}}`;

interface Door {
  pieces: Piece[];
  /** What is thrown instead of storing; null: it stores. */
  fault: Error | null;
  tries: number;
  take: Take;
}

function openDoor(): Door {
  const door: Door = {
    pieces: [],
    fault: null,
    tries: 0,
    async take(_source, pieces) {
      door.tries++;
      if (door.fault !== null) throw door.fault;
      door.pieces.push(...pieces);
      return { accepted: pieces.length, duplicates: 0, revised: 0, rejected: [] };
    },
  };
  return door;
}

const valuesOf = ({ pieces }: Door): number[] => pieces.flatMap(({ readings }) => readings.map((reading) => (reading as { value: number }).value));
const distinct = (door: Door): number => new Set(valuesOf(door)).size;
const away = new AppError('store_unavailable', 'The store is away.');

interface Started {
  connector: RunningConnector;
  states: string[];
}

const ending: RunningConnector[] = [];
function start(source: Source, door: Door, options: { starter?: StartConnector; directory?: string } = {}): Started {
  const states: string[] = [];
  const starter = options.starter ?? createMqttStarter({ cityId: 'test', directory: options.directory ?? '/', random: () => 0.5 });
  const connector = starter(source, {
    ...systemClock,
    take: door.take,
    timeZone: 'Asia/Shanghai',
    secret: createSecrets({ MQTT_USER: 'city', MQTT_PASSWORD: 'p:a@s/s' }),
    report: (state) => states.push(state.kind === 'connected' ? 'connected' : state.message),
    log: { info: () => {}, warn: () => {} },
  });
  ending.push(connector);
  return { connector, states };
}

let id = 0;
/** A source of its own session; `again` is the same one with another definition. */
function aSource(url: string, change: Record<string, unknown> = {}): Source {
  const topics = [{ topic: 'numbers/+', payload: 'number', indicator: 'flood_depth', placeLevel: 2 }];
  return sourceSchema.parse({ id: `source_${++id}`, name: { zh: '源', en: 'Source' }, kind: 'mqtt', url, topics, ...change });
}
const connected = ({ states }: Started, timeout = 10_000): Promise<void> => expect.poll(() => states.at(-1), { timeout }).toBe('connected');

async function publish(client: MqttClient, topic: string, from: number, to: number): Promise<void> {
  const sent: Promise<unknown>[] = [];
  for (let value = from; value < to; value++) sent.push(client.publishAsync(topic, String(value), { qos: 1 }));
  await Promise.all(sent);
}

let broker: Broker;
let sender: MqttClient;
const authority = createAuthority('Test authority');
const server = authority.issue('broker');
const own = authority.issue('city');
const tlsLines = ['cafile FOLDER/ca.pem', 'certfile FOLDER/server.pem', 'keyfile FOLDER/server.key'];

beforeAll(async () => {
  broker = await startBroker({
    // Ahead of acknowledgements the broker would send 20; what bounds us is to be our own limit.
    settings: ['allow_anonymous true', 'max_inflight_messages 1000'],
    listeners: [[...tlsLines, 'require_certificate true'], ['protocol websockets'], tlsLines],
    files: {
      'ca.pem': authority.cert,
      'other.pem': createAuthority('Another authority').cert,
      'server.pem': server.cert,
      'server.key': server.key,
      'own.pem': own.cert,
      'own.key': own.key,
    },
  });
  sender = await broker.client();
});
afterEach(async () => {
  await Promise.all(ending.splice(0).map((connector) => connector.stop()));
});
afterAll(() => broker.close());

describe('acknowledgement', () => {
  it('waits for the door: what was not stored comes again, to a later connector as well', async () => {
    const source = aSource(broker.url);
    const first = openDoor();
    first.fault = away;
    const started = start(source, first);
    await connected(started);
    await publish(sender, 'numbers/a', 0, 40);
    await expect.poll(() => first.tries).toBeGreaterThan(1);
    await started.connector.stop();
    expect(first.pieces).toEqual([]);
    const second = openDoor();
    start(source, second);
    await expect.poll(() => distinct(second)).toBe(40);
    expect(valuesOf(second)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('is given for what was stored: it does not come again', async () => {
    const source = aSource(broker.url);
    const first = openDoor();
    const started = start(source, first);
    await connected(started);
    await publish(sender, 'numbers/a', 0, 300);
    await expect.poll(() => valuesOf(first).length).toBe(300);
    await started.connector.stop();
    await publish(sender, 'numbers/a', 300, 310);
    const second = openDoor();
    start(source, second);
    await expect.poll(() => valuesOf(second)).toEqual(Array.from({ length: 10 }, (_, i) => 300 + i));
  });

  it('is given for what cannot be read, which is kept as refused', async () => {
    const source = aSource(broker.url);
    const door = openDoor();
    const started = start(source, door);
    await connected(started);
    await sender.publishAsync('numbers/a', 'twelve', { qos: 1 });
    await sender.publishAsync('numbers/a', Buffer.from([0xff, 0x00]), { qos: 1 });
    await sender.publishAsync('numbers/a', '', { qos: 1 });
    await expect.poll(() => door.pieces.map(({ refusals }) => refusals[0]?.code)).toEqual(['not_a_number', 'unsupported_encoding', 'not_a_number']);
    expect(door.pieces[0]?.original).toEqual({ format: 'mqtt', text: 'twelve', detail: { topic: 'numbers/a' } });
    await started.connector.stop();
    await sender.publishAsync('numbers/a', '1', { qos: 1 });
    const second = openDoor();
    start(source, second);
    await expect.poll(() => valuesOf(second)).toEqual([1]);
  });

  it.each(['5', '3.1.1'])('is withheld while the store is away, and what is held then is bounded; nothing is lost (MQTT %s)', async (version) => {
    const count = 4 * MAX_MESSAGES;
    const held = new Set<string>();
    const door = openDoor();
    const { take } = door;
    door.take = (source, pieces) => {
      for (const { original } of pieces) held.add(original.text);
      return take(source, pieces);
    };
    door.fault = away;
    const started = start(aSource(broker.url, { version }), door);
    await connected(started);
    await publish(sender, 'numbers/a', 0, count);
    await expect.poll(() => door.tries).toBeGreaterThan(2);
    expect(held.size).toBeLessThanOrEqual(MAX_MESSAGES);
    door.fault = null;
    await expect.poll(() => distinct(door), { timeout: 20_000 }).toBe(count);
    expect(valuesOf(door)).toHaveLength(count);
  });
});

describe('the connection', () => {
  it('may be cut at any time: thousands of messages all arrive', async () => {
    const wire = await layWire(broker.port);
    const door = openDoor();
    const started = start(aSource(`mqtt://127.0.0.1:${wire.port}`), door);
    await connected(started);
    const count = 6000;
    const sending = (async () => {
      for (let from = 0; from < count; from += 200) await publish(sender, 'numbers/a', from, from + 200);
    })();
    for (const [cuts, seen] of [500, 2000, 3500].entries()) {
      await expect.poll(() => distinct(door), { timeout: 20_000, interval: 5 }).toBeGreaterThan(seen);
      wire.cut();
      await expect.poll(() => wire.connections, { timeout: 20_000 }).toBe(cuts + 2);
    }
    await sending;
    await expect.poll(() => distinct(door), { timeout: 20_000 }).toBe(count);
    expect(started.states.filter((state) => state !== 'connected')).toHaveLength(3);
    await wire.close();
  });

  it('comes back to a broker that was away', async () => {
    const another = await startBroker();
    const door = openDoor();
    const started = start(aSource(another.url), door);
    await connected(started);
    await another.stop();
    await expect.poll(() => started.states.at(-1)).toMatch(/closed|shutting down|ECONNRE/);
    await another.start();
    await connected(started);
    await publish(await another.client(), 'numbers/a', 0, 5);
    await expect.poll(() => valuesOf(door)).toEqual([0, 1, 2, 3, 4]);
    await another.close();
  });

  it('is trusted by the authority that is named, and shows a certificate of its own', async () => {
    const door = openDoor();
    const files = { ca: 'ca.pem', cert: 'own.pem', key: path.join(broker.folder, 'own.key') };
    const started = start(aSource(`mqtts://localhost:${broker.ports[0]}`, { tls: files }), door, { directory: broker.folder });
    await connected(started);
    await publish(sender, 'numbers/a', 7, 8);
    await expect.poll(() => valuesOf(door)).toEqual([7]);
  });

  it.each([
    ['an authority that is not the broker’s', { ca: 'other.pem' }, /certificate/],
    ['no authority', {}, /certificate/],
    ['a file that is not there', { ca: 'none.pem' }, /^the certificate file none\.pem cannot be read \(ENOENT\)$/],
  ])('is refused and told with %s', async (_name, tls, message) => {
    const started = start(aSource(`mqtts://localhost:${broker.ports[2]}`, { tls }), openDoor(), { directory: broker.folder });
    await expect.poll(() => started.states.at(-1)).toMatch(message);
    expect(started.states).not.toContain('connected');
  });

  it('may go over websockets', async () => {
    const door = openDoor();
    await connected(start(aSource(`ws://127.0.0.1:${broker.ports[1]}/mqtt`), door));
    await publish(sender, 'numbers/a', 0, 500);
    await expect.poll(() => valuesOf(door).length).toBe(500);
  });
});

describe('the account', () => {
  it('is filled in from the environment; a wrong one and a missing variable are told, and no value of it', async () => {
    // city, "p:a@s/s", as mosquitto_passwd writes it.
    const guarded = await startBroker({ settings: ['allow_anonymous false', 'password_file FOLDER/accounts'], files: { accounts: await passwordLine('city', 'p:a@s/s') } });
    const right = start(aSource(guarded.url, { username: reference('MQTT_USER'), password: reference('MQTT_PASSWORD') }), openDoor());
    await connected(right);
    const wrong = start(aSource(guarded.url, { username: 'city', password: reference('MQTT_USER') }), openDoor());
    await expect.poll(() => wrong.states).toEqual(['Connection refused: Not authorized']);
    const missing = start(aSource(guarded.url, { username: 'city', password: reference('NOT_SET') }), openDoor());
    await expect.poll(() => missing.states).toEqual(['The variable NOT_SET must be set in the environment of the server.']);
    const nowhere = start(aSource(reference('MQTT_PASSWORD')), openDoor());
    await expect.poll(() => nowhere.states).toEqual([expect.stringMatching(/^url is no address of a broker/)]);
    expect([wrong, missing, nowhere].flatMap(({ states }) => states).join()).not.toContain('p:a@s/s');
    await guarded.close();
  });
});

describe('what a broker says', () => {
  // Mosquitto grants every subscription, and hangs up without a word: this end answers as other brokers do.
  async function answering(toSubscribe: (packetId: number[]) => number[][]): Promise<{ url: string; close(): Promise<unknown> }> {
    const strict = createServer((socket) => {
      socket.on('data', (data) => {
        if (data[0] === 0x10) socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
        if (data[0] === 0x82) for (const packet of toSubscribe([data[2] ?? 0, data[3] ?? 0])) socket.write(Buffer.from(packet));
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve));
    return { url: `mqtt://127.0.0.1:${(strict.address() as { port: number }).port}`, close: () => new Promise((resolve) => strict.close(resolve)) };
  }

  it('of topics that the account may not read is told', async () => {
    const strict = await answering((packetId) => [[0x90, 5, ...packetId, 0, 1, 0x87]]);
    const topics = ['open', 'closed/#'].map((topic) => ({ topic, payload: 'number', indicator: 'flood_depth', place: 'a' }));
    const started = start(aSource(strict.url, { topics }), openDoor());
    await expect.poll(() => started.states).toEqual(['the broker refuses closed/#: has the account the right to read it?']);
    await started.connector.stop();
    await strict.close();
  });

  it('of another client that took the session is told', async () => {
    const strict = await answering((packetId) => [
      [0x90, 4, ...packetId, 0, 1],
      [0xe0, 2, 0x8e, 0],
    ]);
    const started = start(aSource(strict.url), openDoor());
    await expect.poll(() => started.states).toContain('another client took over our session: no two may have the same clientId');
    await started.connector.stop();
    await strict.close();
  });
});

describe('subscriptions', () => {
  it('of a group share the messages: each goes to one of its members', async () => {
    const topics = [{ topic: '$share/city/shared/+', payload: 'number', indicator: 'flood_depth', placeLevel: 2 }];
    const doors = [openDoor(), openDoor()];
    await Promise.all(doors.map((door) => connected(start(aSource(broker.url, { topics }), door))));
    await publish(sender, 'shared/a', 0, 1000);
    await expect.poll(() => doors.flatMap(valuesOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    for (const door of doors) expect(door.pieces.length).toBeGreaterThan(0);
  });

  it('that a definition no longer names are taken back', async () => {
    const starter = createMqttStarter({ cityId: 'test', directory: '/', random: () => 0.5 });
    const source = aSource(broker.url);
    const first = start(source, openDoor(), { starter });
    await connected(first);
    await first.connector.stop();
    const door = openDoor();
    const topics = [{ topic: 'others/+', payload: 'number', indicator: 'flood_depth', placeLevel: 2 }];
    const second = start({ ...source, ...aSource(broker.url, { topics }), id: source.id } as Source, door, { starter });
    await connected(second);
    await publish(sender, 'numbers/a', 0, 10);
    await publish(sender, 'others/a', 10, 12);
    await expect.poll(() => valuesOf(door)).toEqual([10, 11]);
    expect(door.pieces).toHaveLength(2);
  });

  it('that are new bring what the broker retained, which is stored only where it tells its time', async () => {
    await sender.publishAsync('kept/number', '1', { qos: 1, retain: true });
    await sender.publishAsync('kept/line', 'depth,place=a value=2 1769817600000000000', { qos: 1, retain: true });
    const topics = [
      { topic: 'kept/number', payload: 'number', indicator: 'flood_depth', place: 'a' },
      { topic: 'kept/line', payload: 'line' },
    ];
    const door = openDoor();
    await connected(start(aSource(broker.url, { topics }), door));
    await expect.poll(() => valuesOf(door)).toEqual([2]);
    await sender.publishAsync('kept/number', '3', { qos: 1, retain: true });
    await expect.poll(() => valuesOf(door)).toEqual([2, 3]);
    for (const topic of ['kept/number', 'kept/line']) await sender.publishAsync(topic, '', { retain: true });
  });

  it('of QoS 0 are taken too', async () => {
    const door = openDoor();
    const topics = [{ topic: 'loose/+', qos: 0, payload: 'number', indicator: 'flood_depth', placeLevel: 2 }];
    await connected(start(aSource(broker.url, { topics }), door));
    await publish(sender, 'loose/a', 0, 50);
    await expect.poll(() => valuesOf(door).length).toBe(50);
  });
});

/** A line of Mosquitto's password file: PBKDF2 with SHA-512. */
async function passwordLine(user: string, password: string): Promise<string> {
  const { pbkdf2Sync, randomBytes } = await import('node:crypto');
  const salt = randomBytes(12);
  return `${user}:$7$101$${salt.toString('base64')}$${pbkdf2Sync(password, salt, 101, 64, 'sha512').toString('base64')}\n`;
}
