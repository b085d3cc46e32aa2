/**
 * The numbered stream behind the hub: what has changed becomes frames, every client gets each frame once and in order, and a client
 * that is too slow gets the newest values instead of a queue. Knows sockets only as places to send to.
 */
import { randomUUID } from 'node:crypto';
import type { Namespace, Socket } from 'socket.io';
import type { Alert, CatalogueState, ClientToServerEvents, Handshake, Latest, ReadingDelta, ServerToClientEvents } from '../contract/index.ts';
import { createCoalescer } from './coalesce.ts';
import { createFrameLog, type Frame } from './frames.ts';

/** Readings in one frame before only the newest of each series is sent. */
const FRAME_CAPACITY = 5000;
/** Frames that may wait in one socket; a client with more is slow and is left alone until its socket has run empty. */
const MAX_UNSENT = 8;
/** Readings and alerts kept for clients that come back. */
const LOG_CAPACITY = 120_000;

export interface ClientState {
  subscribed: boolean;
  /** Frames up to here were sent; behind the hub's `seq` while the socket is full. */
  sentSeq: number;
  resume: Handshake['resume'];
  /** Frames handed to the socket since it last ran empty. */
  unsent: number;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, ClientState>;

type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, Record<string, never>, ClientState>;

export interface StreamDeps {
  now(): number;
  latest(): Latest[];
  /** Open alerts. */
  alerts(): Promise<Alert[]>;
  catalogue(): CatalogueState;
  log(message: string, error?: unknown): void;
}

export interface Stream {
  readonly epoch: string;
  readonly seq: number;
  readonly thinnedFrames: number;
  readings(readings: readonly ReadingDelta[]): void;
  alerts(alerts: readonly Alert[]): void;
  catalogue(state: CatalogueState): void;
  subscribe(socket: LiveSocket): void;
  /** Sends the readings that have gathered, and brings clients that fell behind up to date. */
  flush(): void;
}

/** What the functions below share. */
interface Work {
  epoch: string;
  seq: number;
  thinnedFrames: number;
  live: LiveNamespace;
  deps: StreamDeps;
  frames: ReturnType<typeof createFrameLog>;
  waiting: ReturnType<typeof createCoalescer>;
  /** The frame number at which each series last moved: what a slow client missed needs no queue of its own. */
  movedAt: Map<number, number>;
}

export function createStream(live: LiveNamespace, deps: StreamDeps): Stream {
  const work: Work = {
    epoch: randomUUID(),
    seq: 0,
    thinnedFrames: 0,
    live,
    deps,
    frames: createFrameLog(LOG_CAPACITY),
    waiting: createCoalescer(FRAME_CAPACITY),
    movedAt: new Map(),
  };
  return {
    get epoch() {
      return work.epoch;
    },
    get seq() {
      return work.seq;
    },
    get thinnedFrames() {
      return work.thinnedFrames;
    },
    readings(readings) {
      for (const reading of readings) work.waiting.add(reading);
    },
    alerts(alerts) {
      if (alerts.length === 0) return;
      // The reading that raised an alert goes first, so that no client shows an alert over an older value.
      flush(work);
      work.seq++;
      broadcast(work, { event: 'alerts', frame: { seq: work.seq, serverTime: deps.now(), alerts: [...alerts] } });
    },
    catalogue(catalogue) {
      work.seq++;
      broadcast(work, { event: 'catalogue', frame: { seq: work.seq, serverTime: deps.now(), catalogue } });
    },
    subscribe(socket) {
      socket.data.subscribed = false;
      begin(work, socket).catch((error: unknown) => {
        deps.log('live snapshot failed', error);
        socket.emit('refused', { code: 'store_unavailable', message: 'The store cannot be read now; connect again shortly.' });
        socket.disconnect(true);
      });
    },
    flush: () => flush(work),
  };
}

function send(socket: LiveSocket, frame: Frame): void {
  socket.data.unsent++;
  if (frame.event === 'readings') socket.emit('readings', frame.frame);
  else if (frame.event === 'alerts') socket.emit('alerts', frame.frame);
  else socket.emit('catalogue', frame.frame);
}

/** Everything a client must know to begin, or what it missed when it was here a moment ago. */
async function begin(work: Work, socket: LiveSocket): Promise<void> {
  const { frames, deps } = work;
  const { resume } = socket.data;
  socket.data.resume = undefined;
  const missed = resume?.epoch === work.epoch ? frames.after(resume.seq) : null;
  if (missed !== null) {
    socket.data.sentSeq = work.seq;
    socket.data.subscribed = true;
    for (const frame of missed) send(socket, frame);
    return;
  }
  // Alerts come from the store, so frames may pass meanwhile: they are sent after the snapshot, and those it already holds do no harm.
  const from = work.seq;
  const alerts = await deps.alerts();
  if (!socket.connected) return;
  socket.emit('snapshot', { epoch: work.epoch, seq: from, serverTime: deps.now(), latest: deps.latest(), alerts, catalogue: deps.catalogue() });
  const passed = frames.after(from);
  socket.data.sentSeq = work.seq;
  socket.data.subscribed = true;
  if (passed === null) return begin(work, socket);
  for (const frame of passed) send(socket, frame);
}

const isFull = (socket: LiveSocket): boolean => socket.data.unsent >= MAX_UNSENT;

/** Sends to all who keep up, encoded once; the others stay behind until their socket is empty. */
function broadcast(work: Work, frame: Frame): void {
  const { live } = work;
  work.frames.push(frame);
  const behind: string[] = [];
  for (const socket of live.sockets.values()) {
    if (!socket.data.subscribed || socket.data.sentSeq < frame.frame.seq - 1 || isFull(socket)) behind.push(socket.id);
    else {
      socket.data.sentSeq = frame.frame.seq;
      socket.data.unsent++;
    }
  }
  const rest = behind.length === 0 ? live : live.except(behind);
  if (frame.event === 'readings') rest.emit('readings', frame.frame);
  else if (frame.event === 'alerts') rest.emit('alerts', frame.frame);
  else rest.emit('catalogue', frame.frame);
}

/** Brings clients that fell behind up to date, once their socket is empty. */
function catchUp(work: Work): void {
  const { deps, frames, movedAt } = work;
  // Every newest reading, made once however many clients are behind, and only when one is.
  let newest: Latest[] | null = null;
  for (const socket of work.live.sockets.values()) {
    if (!socket.data.subscribed || socket.data.sentSeq === work.seq || isFull(socket)) continue;
    const since = socket.data.sentSeq;
    const missed = frames.after(since);
    if (missed === null) {
      socket.data.subscribed = false;
      begin(work, socket).catch((error: unknown) => deps.log('live snapshot failed', error));
      continue;
    }
    socket.data.sentSeq = work.seq;
    work.thinnedFrames++;
    for (const frame of missed) if (frame.event !== 'readings') send(socket, frame);
    newest ??= deps.latest();
    const readings = newest.filter((latest) => (movedAt.get(latest.series) ?? 0) > since);
    send(socket, { event: 'readings', frame: { seq: work.seq, serverTime: deps.now(), readings: readings.map(toDelta), thinned: true } });
  }
}

function flush(work: Work): void {
  catchUp(work);
  if (work.waiting.size === 0) return;
  const { readings, thinned } = work.waiting.take();
  work.seq++;
  for (const reading of readings) work.movedAt.set(reading.series, work.seq);
  broadcast(work, { event: 'readings', frame: { seq: work.seq, serverTime: work.deps.now(), readings, thinned } });
}

function toDelta({ stale: _stale, ...delta }: Latest): ReadingDelta {
  return delta;
}
