/**
 * One connection to a broker, over the mqtt package. It ends once, for whatever reason, and is then made anew by its owner.
 *
 * The package acknowledges a QoS 1 message when its handler calls back without an error, one message after another, and listens to
 * nothing else meanwhile. Many messages must be under way for one commit, so the handler calls back at once with an error, which
 * withholds the acknowledgement and goes on; the acknowledgements are written here once the messages are stored.
 */
import mqtt, { type IClientOptions, type ISubscriptionMap } from 'mqtt';
import { type Acknowledger, MAX_MESSAGES, type Message } from './mqtt-inbox.ts';

export interface LinkOptions {
  /** Scheme, host and port as parsed; what it holds of an account is not used. */
  url: URL;
  version: '5' | '3.1.1';
  clientId: string;
  username?: string;
  password?: string;
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized: boolean };
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

export interface LinkEvents {
  /** `hasSession`: the broker kept what was subscribed to and what was not acknowledged. */
  connected(link: Link, hasSession: boolean): void;
  message(message: Message, link: Link, proceed: () => void): void;
  /** Told once, unless it was closed from here. */
  ended(reason: string): void;
}

export interface Subscription {
  topic: string;
  qos: 0 | 1;
}

export interface Link extends Acknowledger {
  /** Resolves with the topics that the broker refused. Rejects when the connection ends before the answer. */
  subscribe(subscriptions: readonly Subscription[]): Promise<string[]>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  /** Leaves in good order: the session stays with the broker. Never rejects. */
  close(): Promise<void>;
}

/** The broker forgets us, and what it kept for us, when we were away for longer: seven days, in seconds. MQTT 3.1.1 knows no such end. */
const SESSION_EXPIRY_SECONDS = 7 * 86_400;
/** A larger message never comes: a broker that speaks MQTT 5 leaves it out, so this must be more than any sensible one. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024;
const CONNECT_MS = 15_000;
/** A dead connection is noticed within one and a half of this. */
const KEEPALIVE_SECONDS = 30;
/** The broker's answer to a farewell is not waited for longer. */
const CLOSE_MS = 2000;

function clientOptions({ url, version, clientId, username, password, tls }: LinkOptions): IClientOptions {
  return {
    protocol: url.protocol.replace(':', '') as 'mqtt' | 'mqtts' | 'ws' | 'wss',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: `${url.pathname}${url.search}`,
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...tls,
    clean: false,
    protocolVersion: version === '5' ? 5 : 4,
    ...(version === '5' ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS, receiveMaximum: MAX_MESSAGES, maximumPacketSize: MAX_PACKET_BYTES } } : {}),
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: CONNECT_MS,
    keepalive: KEEPALIVE_SECONDS,
  };
}

/** Withholds the package's own acknowledgement. */
const later = new Error('acknowledged once it is stored');

/** @throws for options that the package refuses. */
export function openLink(options: LinkOptions, events: LinkEvents): Link {
  const client = mqtt.connect(clientOptions(options));
  let isOver = false;
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    client.end(true);
    client.stream.destroy();
    events.ended(reason);
  };

  const link: Link = {
    async subscribe(subscriptions) {
      const wanted: ISubscriptionMap = {};
      // Retained messages only for a subscription that is new: else each restart would bring them all again.
      for (const { topic, qos } of subscriptions) wanted[topic] = options.version === '5' ? { qos, rh: 1 } : { qos };
      const granted = await new Promise<readonly number[]>((resolve, reject) => {
        client.subscribe(wanted, (error, _subscriptions, packet) => {
          const codes = packet?.granted ?? (error as { packet?: { granted?: unknown } } | null)?.packet?.granted;
          if (Array.isArray(codes)) resolve(codes.map(Number));
          else reject(error ?? new Error('the broker did not answer'));
        });
      });
      return Object.keys(wanted).filter((_topic, i) => (granted[i] ?? 0) >= 128);
    },
    async unsubscribe(topics) {
      await client.unsubscribeAsync([...topics]);
    },
    acknowledge(packetIds) {
      if (isOver || !client.connected) return;
      client.stream.write(acknowledgements(packetIds));
    },
    close() {
      if (isOver) return Promise.resolve();
      isOver = true;
      return new Promise((resolve) => {
        const timer = options.setTimer(CLOSE_MS, () => {
          client.stream.destroy();
          resolve();
        });
        client.end(!client.connected, () => {
          timer.cancel();
          client.stream.destroy();
          resolve();
        });
      });
    },
  };

  client.handleMessage = ({ topic, payload, retain, qos, messageId, dup }, callback) => {
    const packetId = qos > 0 ? (messageId ?? null) : null;
    const message = { topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload, retained: retain, packetId, isRepeat: dup };
    events.message(message, link, () => (packetId === null ? callback() : callback(later)));
  };
  client.on('connect', ({ sessionPresent }) => {
    if (!isOver) events.connected(link, sessionPresent);
  });
  client.on('disconnect', ({ reasonCode }) => end(farewells[reasonCode ?? 0] ?? `the broker ended the connection (reason ${reasonCode ?? 0})`));
  client.on('error', (error) => end(error.message || (error as { code?: string }).code || 'the connection failed'));
  client.on('close', () => end('the connection was closed'));
  return link;
}

/** What a broker says in MQTT 5 when it hangs up, where the operator can do something about it. */
const farewells: Readonly<Record<number, string>> = {
  139: 'the broker is shutting down',
  142: 'another client took over our session: no two may have the same clientId',
  152: 'the broker ended the connection: administrative action',
};

/** PUBACK packets, alike in MQTT 3.1.1 and 5: type, length 2, packet number. */
function acknowledgements(packetIds: readonly number[]): Buffer {
  const bytes = Buffer.alloc(packetIds.length * 4);
  packetIds.forEach((id, i) => {
    bytes.writeUInt16BE(0x4002, i * 4);
    bytes.writeUInt16BE(id, i * 4 + 2);
  });
  return bytes;
}
