/**
 * The hub: what was committed, to every browser that listens. Handshake, snapshot, then deltas with an increasing `seq`.
 * Nothing here queues without end: a client whose socket is full gets nothing more until it is empty again, and then the newest
 * value of each series it missed, and is told so. `docs/protocol.md` describes the wire.
 */
import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import {
  type Alert,
  type CatalogueState,
  type ClientToServerEvents,
  type ErrorCode,
  type Handshake,
  handshakeSchema,
  type Latest,
  PROTOCOL_VERSION,
  type ReadingDelta,
  type ServerToClientEvents,
} from '../contract/index.ts';
import { createCoalescer } from './coalesce.ts';
import { createFrameLog, type Frame } from './frames.ts';

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
  log(message: string, error?: unknown): void;
}

export interface Hub {
  readings(readings: readonly ReadingDelta[]): void;
  alerts(alerts: readonly Alert[]): void;
  catalogue(state: CatalogueState): void;
  readonly clients: number;
  readonly thinnedFrames: number;
  close(): Promise<void>;
}

/** Readings go out together this often; alerts at once. */
const FLUSH_MS = 250;
const HEARTBEAT_MS = 1000;
/** Readings in one frame before only the newest of each series is sent. */
const FRAME_CAPACITY = 5000;
/** Frames that may wait in one socket; a client with more is slow and is left alone until its socket has run empty. */
const MAX_UNSENT = 8;
/** Readings and alerts kept for clients that come back. */
const LOG_CAPACITY = 60_000;

interface ClientState {
  subscribed: boolean;
  /** Frames up to here were sent; behind the hub's `seq` while the socket is full. */
  sentSeq: number;
  resume: Handshake['resume'];
  /** Frames handed to the socket since it last ran empty. */
  unsent: number;
}

type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, ClientState>;

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
  const epoch = randomUUID();
  const frames = createFrameLog(LOG_CAPACITY);
  const waiting = createCoalescer(FRAME_CAPACITY);
  /** The frame number at which each series last moved: what a slow client missed needs no queue of its own. */
  const movedAt = new Map<number, number>();
  let seq = 0;
  let thinnedFrames = 0;
  let closed = false;

  live.use((socket, next) => {
    void admit(socket, deps).then(next, (error: unknown) => {
      deps.log('live handshake failed', error);
      next(new Error('internal'));
    });
  });

  const send = (socket: LiveSocket, frame: Frame): void => {
    socket.data.unsent++;
    if (frame.event === 'readings') socket.emit('readings', frame.frame);
    else if (frame.event === 'alerts') socket.emit('alerts', frame.frame);
    else socket.emit('catalogue', frame.frame);
  };

  /** Everything a client must know to begin, or what it missed when it was here a moment ago. */
  const begin = async (socket: LiveSocket): Promise<void> => {
    const { resume } = socket.data;
    socket.data.resume = undefined;
    const missed = resume?.epoch === epoch ? frames.after(resume.seq) : null;
    if (missed !== null) {
      socket.data.sentSeq = seq;
      socket.data.subscribed = true;
      for (const frame of missed) send(socket, frame);
      return;
    }
    // Alerts come from the store, so frames may pass meanwhile: they are sent after the snapshot, and those it already holds do no harm.
    const from = seq;
    const alerts = await deps.alerts();
    if (!socket.connected) return;
    socket.emit('snapshot', { epoch, seq: from, serverTime: deps.now(), latest: deps.latest(), alerts, catalogue: deps.catalogue() });
    const passed = frames.after(from);
    socket.data.sentSeq = seq;
    socket.data.subscribed = true;
    if (passed === null) return begin(socket);
    for (const frame of passed) send(socket, frame);
  };

  live.on('connection', (socket: LiveSocket) => {
    // The transport drains when the system has taken all bytes it was given; there is only one transport, so this holds for the connection.
    socket.conn.transport.on('drain', () => {
      socket.data.unsent = 0;
    });
    socket.emit('welcome', { protocol: PROTOCOL_VERSION, epoch, seq, serverTime: deps.now(), build: deps.build });
    socket.on('subscribe', () => {
      socket.data.subscribed = false;
      begin(socket).catch((error: unknown) => {
        deps.log('live snapshot failed', error);
        socket.emit('refused', { code: 'store_unavailable', message: 'The store cannot be read now; connect again shortly.' });
        socket.disconnect(true);
      });
    });
  });

  const isFull = (socket: LiveSocket): boolean => socket.data.unsent >= MAX_UNSENT;

  /** Sends to all who keep up, encoded once; the others stay behind until their socket is empty. */
  const broadcast = (frame: Frame): void => {
    frames.push(frame);
    const behind: string[] = [];
    for (const socket of live.sockets.values()) {
      if (!socket.data.subscribed) behind.push(socket.id);
      else if (socket.data.sentSeq < frame.frame.seq - 1 || isFull(socket)) behind.push(socket.id);
      else {
        socket.data.sentSeq = frame.frame.seq;
        socket.data.unsent++;
      }
    }
    const rest = behind.length === 0 ? live : live.except(behind);
    if (frame.event === 'readings') rest.emit('readings', frame.frame);
    else if (frame.event === 'alerts') rest.emit('alerts', frame.frame);
    else rest.emit('catalogue', frame.frame);
  };

  /** Brings clients that fell behind up to date, once their socket is empty. */
  const catchUp = (): void => {
    for (const socket of live.sockets.values()) {
      if (!socket.data.subscribed || socket.data.sentSeq === seq || isFull(socket)) continue;
      const missed = frames.after(socket.data.sentSeq);
      if (missed === null) {
        socket.data.subscribed = false;
        begin(socket).catch((error: unknown) => deps.log('live snapshot failed', error));
        continue;
      }
      const since = socket.data.sentSeq;
      socket.data.sentSeq = seq;
      thinnedFrames++;
      for (const frame of missed) if (frame.event !== 'readings') send(socket, frame);
      const readings = deps.latest().filter((latest) => (movedAt.get(latest.series) ?? 0) > since);
      socket.emit('readings', { seq, serverTime: deps.now(), readings: readings.map(toDelta), thinned: true });
    }
  };

  const flush = (): void => {
    catchUp();
    if (waiting.size === 0) return;
    const { readings, thinned } = waiting.take();
    seq++;
    for (const reading of readings) movedAt.set(reading.series, seq);
    broadcast({ event: 'readings', frame: { seq, serverTime: deps.now(), readings, thinned } });
  };

  const every = (ms: number, work: () => void): void => {
    deps.setTimer(ms, () => {
      if (closed) return;
      work();
      every(ms, work);
    });
  };
  every(FLUSH_MS, flush);
  every(HEARTBEAT_MS, () => live.volatile.emit('heartbeat', { serverTime: deps.now(), seq }));

  return {
    readings(readings) {
      for (const reading of readings) waiting.add(reading);
    },
    alerts(alerts) {
      if (alerts.length === 0) return;
      // The reading that raised an alert goes first, so that no client shows an alert over an older value.
      flush();
      seq++;
      broadcast({ event: 'alerts', frame: { seq, serverTime: deps.now(), alerts: [...alerts] } });
    },
    catalogue(state) {
      seq++;
      broadcast({ event: 'catalogue', frame: { seq, serverTime: deps.now(), catalogue: state } });
    },
    get clients() {
      return live.sockets.size;
    },
    get thinnedFrames() {
      return thinnedFrames;
    },
    async close() {
      closed = true;
      await io.close();
    },
  };
}

function toDelta({ stale: _stale, ...delta }: Latest): ReadingDelta {
  return delta;
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
