/** Starts the server as a process: environment, log, signals, and the one line that tells where it is. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import type { Catalogue } from './catalogue/catalogue.ts';
import { systemClock } from './clock.ts';
import { type Log, type RunningServer, startServer } from './compose/server.ts';
import { readConfig } from './config.ts';

export interface Running {
  url: string;
  signInLink: string;
  /** For what runs beside a demonstration city; null when the city has neither simulators nor replays. */
  feed: Feed | null;
  configDirectory: string;
  stopped: Promise<void>;
  stop(): Promise<void>;
}

/**
 * `anchor`: the city's day (YYYY-MM-DD) on which the recorded "today" falls, for the life of the store, so that a later start repeats the
 * same past and does not write another over it.
 */
export type Feed = { kind: 'simulate'; token: string } | { kind: 'replay'; token: string; anchor: string };

const repository = path.resolve(import.meta.dirname, '../..');

function createLog(level: string): Log {
  // To the error stream: the one line on the output is for people and scripts.
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
  return {
    info: (message) => logger.info(message),
    warn: (message, error) => (error === undefined ? logger.warn(message) : logger.warn({ err: error }, message)),
    error: (message, error) => (error === undefined ? logger.error(message) : logger.error({ err: error }, message)),
  };
}

/** The calendar day of an instant in a zone, YYYY-MM-DD (which is how Sweden writes it). */
function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

async function feedOf(server: RunningServer, { sources, city }: Catalogue): Promise<Feed | null> {
  const kinds = new Set([...sources.values()].map(({ kind }) => kind));
  if (kinds.has('simulator')) return { kind: 'simulate', token: await server.identity.issueFeedToken() };
  if (kinds.has('replay')) return { kind: 'replay', token: await server.identity.issueFeedToken(), anchor: dayIn(city.timeZone, server.storeCreatedAt) };
  return null;
}

/** Tells commands of the same account where the demonstration is and what opens it. Answers what takes the note away. */
async function leaveFeedNote(directory: string, note: { url: string; token: string }): Promise<() => Promise<void>> {
  const file = path.join(directory, 'feed.json');
  await mkdir(directory, { recursive: true });
  // Removed first: the mode of a file that is there already would not change.
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify(note), { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** @throws Error whose message tells the operator what to do. */
export async function run(environment: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const config = readConfig(environment, repository);
  const log = createLog(config.logLevel);
  const server = await startServer({ config, clock: systemClock, log, clientDirectory: path.join(repository, 'dist/client'), version: packageJson.version, environment });
  const signInLink = `${server.url}/sign-in#token=${await server.identity.issueSignInLink()}`;
  const catalogue = server.catalogue();
  const feed = await feedOf(server, catalogue);
  const leaveNote = feed?.kind === 'simulate' ? await leaveFeedNote(path.join(config.dataDirectory, catalogue.city.id), { url: server.url, token: feed.token }) : null;

  let ending: Promise<void> | null = null;
  let tellStopped: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    tellStopped = resolve;
  });
  const stop = (): Promise<void> => {
    ending ??= Promise.all([server.stop(), leaveNote?.()]).then(() => tellStopped());
    return ending;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info(`${signal}: ending`);
      void stop().then(() => process.exit(0));
    });
  }
  const { name } = catalogue.city;
  process.stdout.write(`City Vitals · ${name.zh} ${name.en} · ${server.url} · sign in once with ${signInLink}\n`);
  return { url: server.url, signInLink, feed, configDirectory: config.configDirectory, stopped, stop };
}
