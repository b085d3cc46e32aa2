/**
 * The MQTT connector: keeps a connection to a source's broker, for ever, and hands what comes to the door. The broker keeps what we have
 * not acknowledged (QoS 1, a lasting session under a name that never changes), so a kill at any moment loses nothing: messages that were
 * stored but not acknowledged come again and are duplicates.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MqttSource } from '../catalogue/source-schema.ts';
import { AppError } from '../contract/index.ts';
import type { ConnectorContext, RunningConnector, StartConnector } from './connector.ts';
import { createInbox, type Inbox } from './mqtt-inbox.ts';
import { type Link, type LinkOptions, openLink } from './mqtt-link.ts';
import { originalOf, readMqttMessage } from './mqtt-payload.ts';

export interface MqttDeps {
  cityId: string;
  /** The city's folder; certificates may be named relative to it. */
  directory: string;
  /** From 0 up to 1; spreads attempts in time. */
  random(): number;
}

const FIRST_RETRY_MS = 1000;
/** A broker that is back is found within this. */
const LONGEST_RETRY_MS = 30_000;
/** A connection that held for less counts as a failed attempt: two clients of one name would else take each other's session without a pause. */
const STEADY_MS = 10_000;
/** Topics that the broker refused are asked for again: an account may be given the right to read them. */
const REFUSED_RETRY_MS = 60_000;

export function createMqttStarter(deps: MqttDeps): StartConnector {
  // A lasting session remembers subscriptions, too. What an earlier definition of a source asked for is taken back by the next one.
  const formerTopics = new Map<string, Set<string>>();
  return (source, context) => {
    if (source.kind !== 'mqtt') throw new AppError('internal', `The source ${source.id} is of kind ${source.kind}, not mqtt.`);
    const former = formerTopics.get(source.id) ?? new Set<string>();
    formerTopics.set(source.id, former);
    return startMqtt(source, { deps, context, former });
  };
}

interface Surroundings {
  deps: MqttDeps;
  context: ConnectorContext;
  former: Set<string>;
}

function startMqtt(source: MqttSource, { deps, context, former }: Surroundings): RunningConnector {
  const inbox = openInbox(source, { deps, context });
  const tell = createTeller(source, context);
  let link: Link | null = null;
  let timer: { cancel(): void } | null = null;
  let attempts = 0;
  let isStopped = false;
  let isSubscribed = false;
  let connectedAt = Number.POSITIVE_INFINITY;
  let opening: Promise<void> = Promise.resolve();

  const again = (reason: string): void => {
    link = null;
    if (isStopped) return;
    tell.failed(reason);
    timer?.cancel();
    if (context.now() - connectedAt >= STEADY_MS) attempts = 0;
    connectedAt = Number.POSITIVE_INFINITY;
    const ms = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts++, 10));
    timer = context.setTimer(ms * (0.5 + deps.random() / 2), connect);
  };

  const subscribe = async (to: Link, hasSession: boolean): Promise<void> => {
    const wanted = source.topics.map(({ topic, qos }) => ({ topic, qos }));
    const outdated = [...former].filter((topic) => !wanted.some((one) => one.topic === topic));
    try {
      if (outdated.length > 0) await to.unsubscribe(outdated);
      for (const topic of outdated) former.delete(topic);
      for (const { topic } of wanted) former.add(topic);
      const refused = hasSession && isSubscribed ? [] : await to.subscribe(wanted);
      isSubscribed = refused.length === 0;
      connectedAt = context.now();
      if (refused.length === 0) return tell.connected();
      tell.failed(`the broker refuses ${refused.join(', ')}: has the account the right to read it?`);
      timer = context.setTimer(REFUSED_RETRY_MS, () => void subscribe(to, false));
    } catch {
      // The connection ended meanwhile, which is told and mended by itself.
    }
  };

  const open = async (): Promise<void> => {
    try {
      const options = await linkOptions(source, { deps, context });
      if (isStopped) return;
      link = openLink(options, {
        connected: (opened, hasSession) => void subscribe(opened, hasSession),
        message: (message, from, proceed) => inbox.accept(message, from, proceed),
        ended: again,
      });
    } catch (error) {
      again(error instanceof Error ? error.message : String(error));
    }
  };
  const connect = (): void => {
    opening = open();
  };

  connect();
  return {
    async stop() {
      isStopped = true;
      timer?.cancel();
      await opening;
      await inbox.stop();
      await link?.close();
    },
  };
}

function openInbox(source: MqttSource, { deps, context }: Omit<Surroundings, 'former'>): Inbox {
  const { timeZone } = context;
  return createInbox({
    original: ({ topic, payload, retained }) => originalOf(topic, payload, retained),
    read: (original, receivedAt) => readMqttMessage(source, original, { receivedAt, timeZone }),
    take: (pieces) => context.take(source, pieces),
    now: context.now,
    setTimer: context.setTimer,
    random: deps.random,
    log: { info: (message) => context.log.info(`${source.id}: ${message}`), warn: (message, error) => context.log.warn(`${source.id}: ${message}`, error) },
  });
}

/** Reports every change; the log gets each new state once, however often an attempt fails alike. */
function createTeller(source: MqttSource, { report, log }: ConnectorContext): { connected(): void; failed(message: string): void } {
  let last: string | null = null;
  const isNew = (state: string): boolean => {
    const differs = state !== last;
    last = state;
    return differs;
  };
  return {
    connected() {
      report({ kind: 'connected' });
      if (isNew('connected')) log.info(`${source.id}: connected to its broker`);
    },
    failed(message) {
      report({ kind: 'failed', message });
      if (isNew(message)) log.warn(`${source.id}: ${message}; trying again`);
    },
  };
}

/** What the connection needs, with secrets filled in and certificates read. @throws with a message for the operator, which holds no secret. */
async function linkOptions(source: MqttSource, { deps, context }: Omit<Surroundings, 'former'>): Promise<LinkOptions> {
  const url = parseUrl(context.secret(source.url));
  const username = source.username === undefined ? decodeURIComponent(url.username) : context.secret(source.username);
  const password = source.password === undefined ? decodeURIComponent(url.password) : context.secret(source.password);
  const { ca, cert, key, rejectUnauthorized = true } = source.tls ?? {};
  const read = async (file: string): Promise<Buffer> => {
    try {
      return await readFile(path.resolve(deps.directory, file));
    } catch (error) {
      throw new Error(`the certificate file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause: error });
    }
  };
  return {
    url,
    version: source.version,
    clientId: source.clientId ?? `city_vitals_${deps.cityId}_${source.id}`,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    tls: {
      ...(ca === undefined ? {} : { ca: await read(ca) }),
      ...(cert === undefined ? {} : { cert: await read(cert) }),
      ...(key === undefined ? {} : { key: await read(key) }),
      rejectUnauthorized,
    },
    setTimer: context.setTimer,
  };
}

function parseUrl(text: string): URL {
  if (/^(mqtts?|wss?):\/\//.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    if (url.hostname !== '') return url;
  }
  throw new Error('url is no address of a broker once the environment is filled in: mqtt://, mqtts://, ws:// or wss:// and a host');
}
