/** A live client as a stranger would write it: remembers every message in order, and waits for one that fits. */
import { io, type Socket } from 'socket.io-client';
import { type ClientToServerEvents, PROTOCOL_VERSION, type ServerToClientEvents } from '../../server/contract/index.ts';

export type Message = { [E in keyof ServerToClientEvents]: { event: E; data: Parameters<ServerToClientEvents[E]>[0] } }[keyof ServerToClientEvents];

export interface LiveClient {
  socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  messages: Message[];
  /** The first message (from the beginning) that fits; waits for it, at most 10 s. */
  until<E extends keyof ServerToClientEvents>(event: E, fits?: (data: Parameters<ServerToClientEvents[E]>[0]) => boolean): Promise<Parameters<ServerToClientEvents[E]>[0]>;
  /** The code with which the server refused the connection. */
  refused: Promise<string>;
  close(): void;
}

const EVENTS = ['welcome', 'snapshot', 'readings', 'alerts', 'catalogue', 'sources', 'simulation', 'heartbeat', 'refused'] as const;
const PATIENCE_MS = 10_000;

export function liveClient(url: string, options: { token?: string; cookie?: string; protocol?: number; resume?: { epoch: string; seq: number }; subscribe?: boolean }): LiveClient {
  const socket: LiveClient['socket'] = io(`${url}/live`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: options.protocol ?? PROTOCOL_VERSION, token: options.token, resume: options.resume },
    ...(options.cookie === undefined ? {} : { extraHeaders: { cookie: options.cookie } }),
  });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  for (const event of EVENTS) {
    socket.on(event, (data: never) => {
      messages.push({ event, data } as Message);
      for (const look of [...waiting]) look();
    });
  }
  if (options.subscribe !== false) socket.on('connect', () => socket.emit('subscribe'));
  const refused = new Promise<string>((resolve) => socket.on('connect_error', (error) => resolve(error.message)));
  return {
    socket,
    messages,
    refused,
    until(event, fits = () => true) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no ${event} that fits; seen: ${messages.map((message) => message.event).join(', ')}`));
        }, PATIENCE_MS);
        const look = (): void => {
          const found = messages.find((message) => message.event === event && fits(message.data as never));
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found.data as never);
        };
        waiting.add(look);
        look();
      });
    },
    close: () => socket.close(),
  };
}
