/**
 * Replays the recordings of a city's folder through the public ingest door, as any sender would: first what lies behind, then
 * each reading when its time comes. Sending a reading twice is harmless at the door, so a replay may be killed and started again
 * at any time. Holds the spans of its recordings and a day of each in memory, however long it runs.
 */
import type { Catalogue } from '../server/catalogue/catalogue.ts';
import { pause, type ReplayClock } from './caller.ts';
import { createDoor, type Door, MAX_BATCH } from './door.ts';
import { atOnce, atSpeed, type Pace } from './pace.ts';
import { merge, type Played, playedIn, type Stretch, type Track } from './played.ts';
import { seededRandom } from './random.ts';
import { defaultRecordings } from './read-recording.ts';
import { loadTracks } from './tracks.ts';
import { DAY_MS, dayNumber, dayOf, type ZoneClock, zoneClock } from './wall-time.ts';

export interface ReplayOptions {
  catalogue: Catalogue;
  /** The server's address. */
  url: string;
  /** A token that may write. */
  token: string;
  clock: ReplayClock;
  /** Plays what lies behind at this many times real time, in order; without it everything is sent at once, the newest first. */
  speed?: number | undefined;
  /** How far back to begin, epoch milliseconds; default: three days of the city before the present one. */
  from?: number | undefined;
  /** The city's day (`2026-01-31`) that shows each recording's `today`; default: the city's present day. */
  anchor?: string | undefined;
  /** Repeats the span for ever; default true. */
  loop?: boolean | undefined;
  /** Ids of the sources to play; default: all replays of the folder. */
  only?: readonly string[] | undefined;
  /** Folder of the recordings; default: the repository's. */
  recordings?: string | undefined;
  /** Number that the jitter of retries starts from. */
  seed?: number | undefined;
  log(line: string): void;
  /** How many readings of the past are sent, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal: AbortSignal;
}

export interface Replay {
  /** Resolves when everything that lies behind has been answered; rejects when the replay ended before. */
  caughtUp: Promise<void>;
  /** Resolves when the replay was aborted, or has played its span once. Rejects for what no retry can mend. */
  done: Promise<void>;
}

const DEFAULT_DAYS_BACK = 3;
/** What a page shows first: sent before the rest of the past. */
const RECENT_MS = 6 * 3_600_000;
/** Readings that fall due within a second travel together. */
const TICK_MS = 1_000;

export function startReplay(options: ReplayOptions): Replay {
  let settle: { resolve(): void; reject(reason: unknown): void } = { resolve() {}, reject() {} };
  const caughtUp = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const done = run(options, () => settle.resolve()).then(
    () => settle.reject(new Error('the replay ended before it had caught up')),
    (error: unknown) => {
      settle.reject(error);
      if (!options.signal.aborted) throw error;
    },
  );
  // Whoever waits for one of them may not care for the other.
  caughtUp.catch(() => {});
  done.catch(() => {});
  return { caughtUp, done };
}

async function run(options: ReplayOptions, caughtUp: () => void): Promise<void> {
  const { catalogue, clock, signal } = options;
  const zone = zoneClock(catalogue.city.timeZone);
  const startedAt = clock.now();
  const today = dayOf(zone.wallOf(startedAt));
  const tracks = await loadTracks({
    catalogue,
    only: options.only,
    anchor: options.anchor === undefined ? today : dayNumber(options.anchor),
    loop: options.loop ?? true,
    recordings: options.recordings ?? defaultRecordings(),
  });
  const from = Math.min(options.from ?? zone.firstInstantFrom((today - DEFAULT_DAYS_BACK) * DAY_MS), startedAt);
  const door = createDoor({ ...options, random: seededRandom(options.seed ?? 1) });
  const score: Score = { tracks, zone, from, startedAt };
  const total = countOf(sequenceOf(score, { after: from - 1, until: startedAt }));
  const past = progressOf(total, options.onProgress);
  options.log(`Replaying ${tracks.length} ${tracks.length === 1 ? 'recording' : 'recordings'}; ${total} readings lie behind.`);
  const player: Player = { door, clock, signal, past };
  if (options.speed === undefined) await playAtOnce(score, player, caughtUp);
  else await follow(sequenceOf(score, { after: from - 1, until: Number.POSITIVE_INFINITY }), { ...player, pace: atSpeed({ from, startedAt, speed: options.speed }), caughtUp });
}

interface Score {
  tracks: readonly Track[];
  zone: ZoneClock;
  from: number;
  startedAt: number;
}

interface Player {
  door: Door;
  clock: ReplayClock;
  signal: AbortSignal;
  past: { sent(count: number): void };
}

const sequenceOf = ({ tracks, zone }: Score, stretch: Stretch): Generator<Played> => merge(tracks.map((track) => playedIn(track, zone, stretch)));

function countOf(sequence: Iterable<Played>): number {
  let count = 0;
  for (const _ of sequence) count += 1;
  return count;
}

function progressOf(total: number, onProgress: ((done: number, total: number) => void) | undefined): Player['past'] {
  let done = 0;
  return {
    sent(count) {
      if (done >= total) return;
      done = Math.min(done + count, total);
      onProgress?.(done, total);
    },
  };
}

/** The last hours first, then the days before in order, with the present in between; then the present alone. */
async function playAtOnce(score: Score, player: Player, caughtUp: () => void): Promise<void> {
  const { from, startedAt } = score;
  const recentFrom = Math.max(from - 1, startedAt - RECENT_MS);
  const present = new Lookahead(sequenceOf(score, { after: startedAt, until: Number.POSITIVE_INFINITY }));
  const stretches: Stretch[] = [
    { after: recentFrom, until: startedAt },
    { after: from - 1, until: recentFrom },
  ];
  for (const stretch of stretches) {
    const behind = new Lookahead(sequenceOf(score, stretch));
    for (let batch = behind.take(() => true); batch.length > 0; batch = behind.take(() => true)) {
      await deliver(batch, player);
      player.past.sent(batch.length);
      await deliver(
        present.take(({ sendAt }) => sendAt <= player.clock.now()),
        player,
      );
    }
  }
  caughtUp();
  await follow(present, { ...player, pace: atOnce(startedAt), caughtUp: () => {} });
}

/** Sends each reading when it is due, to the end of the sequence. */
async function follow(sequence: Iterator<Played> | Lookahead, player: Player & { pace: Pace; caughtUp: () => void }): Promise<void> {
  const { clock, pace, signal } = player;
  const ahead = sequence instanceof Lookahead ? sequence : new Lookahead(sequence);
  let behind = true;
  for (;;) {
    signal.throwIfAborted();
    const now = clock.now();
    const batch = ahead.take(({ sendAt }) => pace.dueAt(sendAt) <= now);
    await deliver(batch, player);
    if (batch.length > 0) player.past.sent(batch.length);
    const next = ahead.peek();
    if (behind && (next === undefined || (now >= pace.caughtUpAt && pace.dueAt(next.sendAt) > now))) {
      behind = false;
      player.caughtUp();
    }
    if (next === undefined) return;
    if (batch.length < MAX_BATCH) await pause(clock, Math.max(pace.dueAt(next.sendAt) - clock.now(), TICK_MS), signal);
  }
}

/** One request for each source in the batch; within a source the order stays. */
async function deliver(batch: readonly Played[], { door }: Player): Promise<void> {
  const bySource = new Map<string, Played['reading'][]>();
  for (const { source, reading } of batch) {
    const ofSource = bySource.get(source);
    if (ofSource === undefined) bySource.set(source, [reading]);
    else ofSource.push(reading);
  }
  for (const [source, readings] of bySource) await door.send(source, readings);
}

/** A sequence that can be looked at one reading ahead, and taken from in batches. */
class Lookahead {
  readonly #sequence: Iterator<Played>;
  #next: Played | undefined;

  constructor(sequence: Iterator<Played>) {
    this.#sequence = sequence;
    this.#advance();
  }

  peek(): Played | undefined {
    return this.#next;
  }

  /** The readings from here on that satisfy `due`, at most `MAX_BATCH`. */
  take(due: (played: Played) => boolean): Played[] {
    const taken: Played[] = [];
    while (this.#next !== undefined && taken.length < MAX_BATCH && due(this.#next)) {
      taken.push(this.#next);
      this.#advance();
    }
    return taken;
  }

  #advance(): void {
    const { done, value } = this.#sequence.next();
    this.#next = done ? undefined : value;
  }
}
