/**
 * The socket, feeding the store. What always holds: readings are gathered and land once a second; alerts land at once; every
 * frame is checked for a gap; a link that is silent is called lost even when the socket believes in it; it is tried again for
 * ever, each time later and never in step with other clients.
 */
import { io, type Socket } from 'socket.io-client';
import type {
  AlertsFrame,
  CatalogueFrame,
  ClientToServerEvents,
  ReadingDelta,
  ReadingsFrame,
  ServerToClientEvents,
  Simulation,
  Snapshot,
  SourcesFrame,
  Welcome,
} from '../../server/contract/index.ts';
import { isOpen, landAlerts, landReadings, pushRate } from './landing.ts';
import { handshakeOf, isFinalRefusal, isSilent, judgeFrame, seqAfterState, wasHeldUp } from './resume.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';
import type { LiveStore } from './store.ts';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const LANDING_MS = 1000;
/** First retry after about half a second, later ones at most every ten; half of each wait is chance. */
const RETRY = { reconnectionDelay: 500, reconnectionDelayMax: 10_000, randomizationFactor: 0.5 };

export interface ConnectionOptions {
  store: LiveStore;
  /** The session is gone: the page goes to sign-in. */
  onUnauthenticated(): void;
}

/** Connects and keeps connected until the returned function is called. */
export function startConnection(options: ConnectionOptions): () => void {
  const connection = new Connection(options);
  return () => connection.stop();
}

class Connection {
  private readonly store: LiveStore;
  private readonly onUnauthenticated: () => void;
  private readonly socket: LiveSocket;
  private readonly clock: ReturnType<typeof setInterval>;
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** Readings since the last landing. */
  private gathered: ReadingDelta[] = [];
  private thinned = false;
  /** How far the stream of `epoch` was taken. */
  private seq = 0;
  private readonly time: ServerClock;
  /** False between a new epoch's welcome and its snapshot: deltas of a stream we do not know yet are let go. */
  private flowing = false;
  private refusedForGood = false;
  private lastSign: number;
  private lastLanding: number;
  private heldUpUntil = 0;

  constructor({ store, onUnauthenticated }: ConnectionOptions) {
    this.store = store;
    this.onUnauthenticated = onUnauthenticated;
    this.lastSign = Date.now();
    this.lastLanding = this.lastSign;
    this.time = createServerClock(this.lastSign);
    this.socket = io('/live', {
      path: '/socket.io',
      transports: ['websocket'],
      // Each attempt asks for the newest position.
      auth: (give: (data: object) => void) => give(handshakeOf({ epoch: store.getState().epoch, seq: this.seq })),
      ...RETRY,
    });
    this.listen();
    this.clock = setInterval(() => this.tick(), LANDING_MS);
  }

  stop(): void {
    clearInterval(this.clock);
    clearTimeout(this.retry);
    this.socket.disconnect();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect', () => socket.emit('subscribe'));
    socket.on('welcome', (message) => this.welcome(message));
    socket.on('snapshot', (message) => this.snapshot(message));
    socket.on('readings', (frame) => this.readings(frame));
    socket.on('alerts', (frame) => this.alerts(frame));
    socket.on('catalogue', (frame) => this.catalogue(frame));
    socket.on('sources', (frame) => this.sources(frame));
    socket.on('simulation', (frame) => this.simulation(frame));
    socket.on('heartbeat', (message) => this.signOfLife(message.serverTime));
    socket.on('refused', (message) => this.refuse(message.code, message.message));
    socket.on('disconnect', (reason) => this.lose(reason === 'io server disconnect'));
    socket.on('connect_error', (error) => this.connectError(error));
    socket.io.on('reconnect_attempt', (attempt) => this.store.setState({ attempts: attempt }));
  }

  private welcome(message: Welcome): void {
    this.signOfLife(message.serverTime);
    const { epoch, build } = this.store.getState();
    // A server of another build brings another page: taken up quietly, as the view is all in the address.
    if (build !== null && build !== message.build) {
      location.reload();
      return;
    }
    this.flowing = epoch === message.epoch;
    // Another server, or the same one started anew, tells by itself whether it has a demonstration's clock.
    if (!this.flowing) this.time.setSpeed(1);
    this.store.setState((state) => ({ build: message.build, simulation: this.flowing ? state.simulation : null }));
    if (this.flowing) this.markLive();
  }

  private snapshot(message: Snapshot): void {
    this.signOfLife(message.serverTime);
    this.gathered = [];
    this.flowing = true;
    this.seq = message.seq;
    const { snapshots } = this.store.getState();
    this.store.setState({
      epoch: message.epoch,
      snapshots: snapshots + 1,
      latest: new Map(message.latest.map((one) => [one.series as number, one])),
      alerts: new Map(message.alerts.filter(isOpen).map((one) => [one.id as string, one])),
      catalogue: message.catalogue,
      landed: [],
    });
    this.markLive();
  }

  private readings(frame: ReadingsFrame): void {
    this.signOfLife(frame.serverTime);
    if (!this.flowing) return;
    switch (judgeFrame(this.seq, frame)) {
      case 'take':
        for (const reading of frame.readings) this.gathered.push(reading);
        this.seq = frame.seq;
        this.thinned = frame.thinned;
        break;
      case 'gap':
        // Asking anew is answered with a snapshot.
        this.flowing = false;
        this.socket.emit('subscribe');
        break;
      case 'repeat':
        break;
    }
  }

  private alerts(frame: AlertsFrame): void {
    this.signOfLife(frame.serverTime);
    if (!this.flowing) return;
    this.seq = seqAfterState(this.seq, frame);
    this.store.setState((state) => ({ alerts: landAlerts(state.alerts, frame.alerts) }));
  }

  private catalogue(frame: CatalogueFrame): void {
    this.signOfLife(frame.serverTime);
    if (!this.flowing) return;
    this.seq = seqAfterState(this.seq, frame);
    this.store.setState({ catalogue: frame.catalogue });
  }

  /** Whole and without a number: it may land whether or not the stream of readings is without a gap. */
  private sources(frame: SourcesFrame): void {
    this.signOfLife(frame.serverTime);
    this.store.setState({ sources: frame });
  }

  /** Whole, like the sources. */
  private simulation(frame: Simulation): void {
    this.signOfLife(frame.serverTime);
    this.time.setSpeed(frame.speed);
    this.store.setState({ simulation: frame });
  }

  private signOfLife(serverTime: number): void {
    this.lastSign = Date.now();
    this.time.hear(serverTime, this.lastSign);
  }

  private markLive(): void {
    this.store.setState({ connection: 'live', lostSince: null, refusal: null, attempts: 0, now: this.time.timeAt(Date.now()) });
  }

  private lose(byServer: boolean): void {
    if (this.refusedForGood) return;
    if (this.store.getState().epoch !== null) this.markLost();
    // After a hang-up by the server, socket.io does not try again by itself.
    if (byServer) this.retryLater();
  }

  private markLost(): void {
    this.store.setState((state) => (state.connection === 'lost' || state.connection === 'refused' ? state : { connection: 'lost', lostSince: this.time.lastHeard }));
  }

  private refuse(code: string, message: string): void {
    if (code === 'unauthenticated') this.onUnauthenticated();
    if (!isFinalRefusal(code)) return;
    this.refusedForGood = true;
    this.socket.disconnect();
    this.store.setState({ connection: 'refused', refusal: { code, message } });
  }

  private connectError(error: Error & { data?: { code?: string; message?: string } }): void {
    const code = error.data?.code;
    if (code !== undefined) this.refuse(code, error.data?.message ?? error.message);
    // After a refused handshake socket.io does not try again by itself.
    if (!this.socket.active && !this.refusedForGood) this.retryLater();
  }

  private retryLater(): void {
    this.store.setState((state) => ({ attempts: state.attempts + 1 }));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.socket.connect(), RETRY.reconnectionDelay * (2 + 6 * Math.random()));
  }

  /** Once a second: land what was gathered, move the clock, and see whether the link is still alive. */
  private tick(): void {
    const at = Date.now();
    const landed = this.gathered;
    this.gathered = [];
    const seconds = Math.round((at - this.lastLanding) / LANDING_MS);
    if (wasHeldUp(at - this.lastLanding)) this.heldUpUntil = at;
    this.lastLanding = at;
    this.store.setState((state) => ({
      now: this.time.timeAt(at),
      thinned: this.thinned,
      latest: landReadings(state.latest, landed),
      landed: landed.length === 0 && state.landed.length === 0 ? state.landed : landed,
      rate: pushRate(state.rate, seconds, landed.length),
    }));
    if (this.refusedForGood || !isSilent({ at, lastSign: this.lastSign, heldUpUntil: this.heldUpUntil })) return;
    this.markLost();
    // The socket may still believe in a dead link; closing its transport makes it try anew.
    if (this.socket.connected) this.socket.io.engine.close();
  }
}
