/**
 * A real broker for tests: Mosquitto, on ports and in a folder of its own. Found on this machine, else installed from Debian's package
 * where this process may do that; a service that the package would start is stopped again.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';

const run = promisify(execFile);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installedMosquitto(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
  return folders.map((folder) => path.join(folder, 'mosquitto')).find(isExecutable) ?? null;
}

const HOW_TO = 'No Mosquitto was found, which these tests need. Install it: apt-get install mosquitto (Debian, Ubuntu), dnf install mosquitto, brew install mosquitto.';

async function findMosquitto(): Promise<string> {
  const found = installedMosquitto();
  if (found !== null) return found;
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) throw new Error(HOW_TO);
  const apt = (...args: string[]) => run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  const install = () => apt('install', '-y', '--no-install-recommends', 'mosquitto');
  try {
    await install().catch(async () => {
      await apt('update');
      await install();
    });
  } catch (error) {
    throw new Error(`${HOW_TO}\nInstalling it here was tried and failed.`, { cause: error });
  }
  // A machine on which tests were run must not listen on 1883 from then on. Where there are no services there is none to stop.
  await run('systemctl', ['disable', '--now', 'mosquitto']).catch(() => run('service', ['mosquitto', 'stop']).catch(() => {}));
  const installed = installedMosquitto();
  if (installed === null) throw new Error(HOW_TO);
  return installed;
}

export interface Broker {
  port: number;
  /** `mqtt://127.0.0.1:port`. */
  url: string;
  /** A port of the broker's for each further listener of the options. */
  ports: number[];
  folder: string;
  /** A client of the test's own, connected. It connects again by itself. */
  client(options?: IClientOptions): Promise<MqttClient>;
  start(): Promise<void>;
  /** Ends the process in good order: what it keeps is on disk. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Stops the broker and the clients, and removes the folder. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Lines of the configuration for all listeners. */
  settings?: string[];
  /** Further listeners, each by its lines; `FOLDER` stands for the broker's folder. */
  listeners?: string[][];
  /** Files to be put into its folder. */
  files?: Record<string, string>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves once something listens. */
async function listening(port: number, process: ChildProcess): Promise<void> {
  for (;;) {
    if (process.exitCode !== null) throw new Error(`mosquitto ended with ${process.exitCode}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const program = await findMosquitto();
  const folder = mkdtempSync(path.join(tmpdir(), 'mosquitto-'));
  const [port = 0, ...ports] = await Promise.all([freePort(), ...(options.listeners ?? []).map(freePort)]);
  for (const [name, content] of Object.entries(options.files ?? {})) writeFileSync(path.join(folder, name), content, { mode: 0o600 });
  const lines = [
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'persistence true',
    `persistence_location ${folder}/`,
    'max_queued_messages 0',
    'log_dest stderr',
    ...(options.settings ?? ['allow_anonymous true']),
    `listener ${port} 127.0.0.1`,
    ...(options.listeners ?? []).flatMap((listener, i) => [`listener ${ports[i]} 127.0.0.1`, ...listener]),
  ];
  writeFileSync(path.join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`.replaceAll('FOLDER', folder));
  const clients: MqttClient[] = [];
  let running: ChildProcess | null = null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = running;
    running = null;
    if (ending === null || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };
  const broker: Broker = {
    port,
    ports,
    url: `mqtt://127.0.0.1:${port}`,
    folder,
    async client(extra) {
      const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 50, ...extra });
      clients.push(client);
      return client;
    },
    async start() {
      running = spawn(program, ['-c', path.join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
      await listening(port, running);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async close() {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await broker.start();
  return broker;
}

export interface Wire {
  port: number;
  /** Connections made so far. */
  readonly connections: number;
  /** Breaks every connection, whatever is under way. */
  cut(): void;
  close(): Promise<void>;
}

/** A wire to a port of this machine that can be cut. */
export async function layWire(target: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    connections++;
    const far = connectTcp(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    get connections() {
      return connections;
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
