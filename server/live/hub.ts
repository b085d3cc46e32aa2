/**
 * The hub: what was committed, to every browser that listens. Handshake, snapshot, then deltas with an increasing `seq`.
 * Nothing here queues without end: a client whose socket is full gets nothing more until it is empty again, and then the newest
 * value of each series it missed, and is told so. `docs/protocol.md` describes the wire.
 */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import {
  type Alert,
  type CatalogueState,
  type ClientToServerEvents,
  type ErrorCode,
  handshakeSchema,
  type Latest,
  PROTOCOL_VERSION,
  type ReadingDelta,
  type ServerToClientEvents,
  type Simulation,
  type SourceHealth,
} from '../contract/index.ts';
import { type ClientState, createStream, type LiveSocket } from './stream.ts';

export interface HubDeps {
  now(): number;
  setTimer(ms: number, callback: () => void): { cancel(): void };
  build: string;
  /** Whether this handshake may read; it is asked once, at the start. */
  mayRead(handshake: { headers: { cookie?: string | undefined; authorization?: string | undefined }; token: string | undefined }): Promise<boolean>;
  latest(): Latest[];
  /** Open alerts. */
  alerts(): Promise<Alert[]>;
  catalogue(): CatalogueState;
  /** How each source fares. */
  sources(): SourceHealth[];
  /** The demonstration's clock; null where there is none. */
  simulation(): Promise<Simulation | null>;
  log(message: string, error?: unknown): void;
}

export interface Hub {
  readings(readings: readonly ReadingDelta[]): void;
  alerts(alerts: readonly Alert[]): void;
  catalogue(state: CatalogueState): void;
  sources(sources: readonly SourceHealth[]): void;
  simulation(state: Simulation): void;
  readonly clients: number;
  readonly thinnedFrames: number;
  close(): Promise<void>;
}

/** Readings go out together this often; alerts at once. */
const FLUSH_MS = 250;
const HEARTBEAT_MS = 1000;
export function createHub(http: HttpServer, deps: HubDeps): Hub {
  const io = new Server<ClientToServerEvents, ServerToClientEvents, Record<string, never>, ClientState>(http, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    // Only to find connections that are gone for good: a client sees a dead link within seconds by the heartbeat.
    pingInterval: 15_000,
    pingTimeout: 20_000,
    perMessageDeflate: false,
  });
  const live = io.of('/live');
  const stream = createStream(live, deps);
  let closed = false;

  live.use((socket, next) => {
    void admit(socket, deps).then(next, (error: unknown) => {
      deps.log('live handshake failed', error);
      next(new Error('internal'));
    });
  });
  live.on('connection', (socket: LiveSocket) => {
    // The transport drains when the system has taken all bytes it was given; there is only one transport, so this holds for the connection.
    socket.conn.transport.on('drain', () => {
      socket.data.unsent = 0;
    });
    socket.emit('welcome', { protocol: PROTOCOL_VERSION, epoch: stream.epoch, seq: stream.seq, serverTime: deps.now(), build: deps.build });
    socket.on('subscribe', () => {
      stream.subscribe(socket);
      socket.emit('sources', { serverTime: deps.now(), sources: deps.sources() });
      void deps.simulation().then(
        (state) => state !== null && socket.emit('simulation', state),
        (error: unknown) => deps.log('the state of the simulation cannot be read', error),
      );
    });
  });

  const every = (ms: number, work: () => void): void => {
    deps.setTimer(ms, () => {
      if (closed) return;
      work();
      every(ms, work);
    });
  };
  every(FLUSH_MS, stream.flush);
  let beatenAt = -1;
  every(HEARTBEAT_MS, () => {
    // A frame is a sign of life as good as any: with a thousand walls a second message to each would cost as much as the first.
    if (stream.seq === beatenAt) live.volatile.emit('heartbeat', { serverTime: deps.now(), seq: stream.seq });
    beatenAt = stream.seq;
  });

  return {
    readings: stream.readings,
    alerts: stream.alerts,
    catalogue: stream.catalogue,
    // A client whose socket is full goes without: the next list is whole again.
    sources: (sources) => live.volatile.emit('sources', { serverTime: deps.now(), sources: [...sources] }),
    simulation: (state) => live.emit('simulation', state),
    get clients() {
      return live.sockets.size;
    },
    get thinnedFrames() {
      return stream.thinnedFrames;
    },
    async close() {
      closed = true;
      await io.close();
    },
  };
}

/** A refusal whose message is a code of the error catalogue: socket.io hands it to the client's `connect_error`. */
function refusal(code: ErrorCode, message: string): Error & { data: { code: string; message: string } } {
  return Object.assign(new Error(code), { data: { code, message } });
}

async function admit(socket: LiveSocket, deps: HubDeps): Promise<Error | undefined> {
  const parsed = handshakeSchema.safeParse(socket.handshake.auth);
  if (!parsed.success) return refusal('invalid_request', 'The handshake must be {protocol, resume?, token?}.');
  if (parsed.data.protocol !== PROTOCOL_VERSION) return refusal('invalid_request', `This server speaks protocol ${PROTOCOL_VERSION}.`);
  const { cookie, authorization } = socket.handshake.headers;
  if (!(await deps.mayRead({ headers: { cookie, authorization }, token: parsed.data.token }))) return refusal('unauthenticated', 'Sign in, or send a token.');
  socket.data.subscribed = false;
  socket.data.sentSeq = 0;
  socket.data.unsent = 0;
  socket.data.resume = parsed.data.resume;
  return undefined;
}
