/**
 * The demonstration's feed: the one simulator, sending through the public doors like any other sender. First the last two days, newest first;
 * then the live stream; behind it, piece by piece, the past. It asks the server for the city's clock and for the scenarios that are played,
 * and keeps what it has done in the store: killed at any point, the next run goes on from there.
 */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import type { PlayedScenario, ReadingInput, Simulation } from '../../server/contract/index.ts';
import { type Caller, createCaller, pause, type ReplayClock } from '../caller.ts';
import { createDoor, type Door } from '../door.ts';
import { seededRandom } from '../random.ts';
import { createSimulator, type Occurrence, type Simulator } from '../simulator/simulator.ts';
import { DAY_MS, zoneClock } from '../wall-time.ts';
import { castOf, type Part } from './cast.ts';
import { type Control, createControl, type Progress } from './control.ts';
import { pastEvents } from './history.ts';
import { type Piece, piecesIn, piecesOf, sendPiece } from './past.ts';
import { type PastPlan, stages } from './plan.ts';
import { expectedReadings, missing, recentEnd, sendReadings } from './recent.ts';

export interface FeedOptions {
  catalogue: Catalogue;
  url: string;
  /** The token of the server's own feed. */
  token: string;
  clock: ReplayClock;
  /** How many days back, on the first run; default 400. */
  days?: number | undefined;
  /** The seed number, on the first run; default 1. */
  seed?: number | undefined;
  log(line: string): void;
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal: AbortSignal;
}

const DEFAULT_DAYS = 400;
const TICK_MS = 1_000;
/** Progress is written this often: a kill repeats at most so much of the live stream, which the store takes for what it is. */
const KEEP_MS = 15_000;
/** A scenario's consequences last about this long after its end. */
const AFTERMATH_MS = DAY_MS;
/** Days before the oldest storm, so that it has a before. */
const BEFORE_STORM_DAYS = 14;
/** A scenario that begins this little before what was sent is played from now on. */
const PUT_BACK_MS = 60_000;
const LANES = 4;

interface Feed {
  options: FeedOptions;
  control: Control;
  door: Door;
  plan: PastPlan;
  progress: Progress;
  cast: readonly Part[];
  /** The source of each indicator. */
  sourceOf: ReadonlyMap<string, string>;
  world: World;
}

/** The simulator for the scenarios that are known; made anew when they change. */
interface World {
  simulator: Simulator;
  scenarios: readonly PlayedScenario[];
}

/** Resolves never: rejects when the signal is aborted, or for what no retry can mend. */
export async function runFeed(options: FeedOptions): Promise<never> {
  const call: Caller = createCaller({ ...options, random: seededRandom(options.seed ?? 1) });
  const control = createControl(call, options.log);
  const state = await control.state();
  const feed = openFeed(options, { control, state, progress: (await control.progress()) ?? firstProgress(options, state) });
  await control.keep(feed.progress);
  await markPast(feed);
  await markScenarios(feed, state.scenarios);
  await fillRecent(feed, state.serverTime);
  return Promise.race([live(feed), background(feed)]);
}

function firstProgress({ days, seed }: FeedOptions, { serverTime, scenarios }: Simulation): Progress {
  const base = Math.floor(serverTime / 1000) * 1000;
  return { seed: seed ?? 1, days: days ?? DEFAULT_DAYS, base, recentTo: base, liveUntil: base, past: { stage: 0, piece: 0 }, redone: scenarios.map(({ id }) => id) };
}

function openFeed(options: FeedOptions, { control, state, progress }: { control: Control; state: Simulation; progress: Progress }): Feed {
  const { catalogue } = options;
  const zone = zoneClock(catalogue.city.timeZone);
  takeLive(progress, state.scenarios);
  const past = pastEvents(zone, progress.base);
  const oldest = Math.min(...past.map(({ window }) => window.from));
  const days = progress.days < DEFAULT_DAYS ? progress.days : Math.max(progress.days, Math.ceil((progress.base - oldest) / DAY_MS) + BEFORE_STORM_DAYS);
  const plan: PastPlan = { zone, base: progress.base, days, storms: past.map(({ window }) => window) };
  const world = worldOf(options, progress, state.scenarios);
  const cast = castOf(catalogue, world.simulator.series);
  const sourceOf = new Map(cast.map(({ series, source }) => [series.indicator, source]));
  return { options, control, door: createDoor({ ...options, random: seededRandom(progress.seed) }), plan, progress, cast, sourceOf, world };
}

/** Scenarios that begin where the live stream is are in it; the others have to be put into the past. */
function takeLive({ redone, liveUntil }: Progress, scenarios: readonly PlayedScenario[]): void {
  for (const { id, startsAt } of scenarios) if (!redone.includes(id) && startsAt >= liveUntil - PUT_BACK_MS) redone.push(id);
}

function worldOf({ catalogue }: FeedOptions, { seed, base }: Progress, scenarios: readonly PlayedScenario[]): World {
  const past = pastEvents(zoneClock(catalogue.city.timeZone), base).map(({ occurrence }) => occurrence);
  const played = scenarios.map(({ scenario, startsAt, stoppedAt }): Occurrence => ({ scenario, startsAt, ...(stoppedAt === null ? {} : { stopsAt: stoppedAt }) }));
  return { simulator: createSimulator({ catalogue, seed, scenarios: [...past, ...played] }), scenarios };
}

/** Marks the storms of the past, and has their minutes kept. */
async function markPast({ options: { catalogue }, control, plan }: Feed): Promise<void> {
  const indicators = [...catalogue.indicators.values()].filter(({ domain }) => domain === 'flood').map(({ id }) => id);
  for (const { kind, name, window } of pastEvents(plan.zone, plan.base)) {
    if (window.from < plan.base - plan.days * DAY_MS) continue;
    await control.event({ kind, name, ...window });
    if (indicators.length > 0) await control.preserve({ name: name.zh, ...window, indicators });
  }
}

/** What is missing of the last two days: all of them at first, later what came while the feed was away. */
async function fillRecent(feed: Feed, now: number): Promise<void> {
  const { options, control, progress } = feed;
  const deps = { ...feed, simulator: feed.world.simulator };
  const end = recentEnd(deps);
  const isFirst = progress.recentTo > end;
  const { gap, hours } = missing(progress, { now, end });
  const total = [...(gap === null ? [] : [gap]), ...hours].reduce((sum, range) => sum + expectedReadings(deps, range), 0);
  const began = options.clock.now();
  let done = 0;
  const said = (count: number): void => {
    done += count;
    if (isFirst) options.onProgress?.(Math.min(done, total - 1), total);
  };
  if (isFirst) options.log(`Filling the last two days of ${feed.cast.length} series, about ${total} readings; the page can be used meanwhile.`);
  if (gap !== null) {
    await sendReadings(deps, { ...gap, known: now }, said);
    progress.liveUntil = now;
  }
  for (const range of hours) {
    await sendReadings(deps, { ...range, known: now }, said);
    progress.recentTo = range.from;
    await control.keep(progress);
  }
  if (!isFirst) return;
  options.onProgress?.(total, total);
  options.log(`${done} readings of the last two days are there after ${Math.round((options.clock.now() - began) / 1000)} s; the city is live. The past follows in the background.`);
}

/** Each second: the clock and the scenarios, then everything that is due. */
async function live(feed: Feed): Promise<never> {
  const { options, control, progress } = feed;
  let keptAt = options.clock.now();
  for (;;) {
    const began = options.clock.now();
    const state = await control.state();
    await noticeScenarios(feed, state.scenarios);
    await deliver(feed, state.serverTime);
    progress.liveUntil = Math.max(progress.liveUntil, state.serverTime);
    if (options.clock.now() - keptAt >= KEEP_MS) {
      keptAt = options.clock.now();
      await control.keep(progress);
    }
    await pause(options.clock, Math.max(TICK_MS - (options.clock.now() - began), 50), options.signal);
  }
}

async function deliver({ world, sourceOf, door, progress, options }: Feed, until: number): Promise<void> {
  if (until <= progress.liveUntil) return;
  const bySource = new Map<string, ReadingInput[]>();
  for (const { deliveredAt: _, ...reading } of world.simulator.deliveries(progress.liveUntil, until)) {
    const source = sourceOf.get(reading.indicator);
    if (source === undefined) continue;
    const readings = bySource.get(source);
    if (readings === undefined) bySource.set(source, [reading as ReadingInput]);
    else readings.push(reading as ReadingInput);
  }
  const waiting = [...bySource].flatMap(([source, readings]) => slices(readings).map((slice) => [source, slice] as const));
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      options.signal.throwIfAborted();
      await door.send(...next);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

const SLICE = 2_000;
const slices = (readings: readonly ReadingInput[]): ReadingInput[][] =>
  Array.from({ length: Math.ceil(readings.length / SLICE) }, (_, i) => readings.slice(i * SLICE, (i + 1) * SLICE));

/** A changed list makes another world; each new scenario is marked as an event. */
async function noticeScenarios(feed: Feed, scenarios: readonly PlayedScenario[]): Promise<void> {
  const key = (list: readonly PlayedScenario[]): string => list.map(({ id, stoppedAt }) => `${id} ${stoppedAt}`).join(',');
  if (key(scenarios) === key(feed.world.scenarios)) return;
  const known = new Set(feed.world.scenarios.map(({ id }) => id));
  takeLive(
    feed.progress,
    scenarios.filter(({ id }) => !known.has(id)),
  );
  feed.world = worldOf(feed.options, feed.progress, scenarios);
  await markScenarios(
    feed,
    scenarios.filter(({ id }) => !known.has(id)),
  );
}

/** The server marks an event once, so a start marks all again: one may have been played just before a stop. */
async function markScenarios({ options, control }: Feed, scenarios: readonly PlayedScenario[]): Promise<void> {
  for (const { scenario, name, startsAt, endsAt } of scenarios) {
    options.log(`Scenario ${scenario} from ${new Date(startsAt).toISOString()} to ${new Date(endsAt).toISOString()}.`);
    await control.event({ kind: 'scenario', name, from: startsAt, to: endsAt });
  }
}

/** Scenarios that were put into the past first, then the next piece of the past; sleeps when there is neither. */
async function background(feed: Feed): Promise<never> {
  const { options, control, progress } = feed;
  const breathe = (): Promise<void> => pause(options.clock, 0, options.signal);
  const began = options.clock.now();
  let sent = 0;
  // Pieces of the stage that is being sent: they are worked out once, not for each of them.
  const kept: { stage: number; pieces: readonly Piece[] } = { stage: -1, pieces: [] };
  while (progress.past !== null) {
    await redo(feed, breathe);
    const deps = { control, plan: feed.plan, cast: feed.cast, simulator: feed.world.simulator, breathe };
    const { stage, piece } = progress.past;
    if (kept.stage !== stage) Object.assign(kept, { stage, pieces: piecesOf(deps, stages[stage] ?? 'days') });
    const next = kept.pieces[piece];
    if (next === undefined) progress.past = stage + 1 < stages.length ? { stage: stage + 1, piece: 0 } : null;
    else {
      sent += await sendPiece(deps, next);
      progress.past = { stage, piece: piece + 1 };
    }
    await control.keep(progress);
  }
  if (sent > 0) options.log(`The past is there: ${sent} aggregates in ${Math.round((options.clock.now() - began) / 1000)} s.`);
  for (;;) {
    await redo(feed, breathe);
    await pause(options.clock, TICK_MS, options.signal);
  }
}

/** Sends again what a scenario changes that was put into the past: readings where readings are, aggregates before. */
async function redo(feed: Feed, breathe: () => Promise<void>): Promise<void> {
  const { options, control, progress, plan, cast, door } = feed;
  for (const { id, startsAt, endsAt, scenario } of feed.world.scenarios) {
    if (progress.redone.includes(id)) continue;
    const window = { from: startsAt, to: Math.min(endsAt + AFTERMATH_MS, progress.liveUntil) };
    const deps = { control, plan, cast, simulator: feed.world.simulator, breathe, door };
    for (const piece of piecesIn(deps, window)) await sendPiece(deps, piece);
    await sendReadings(deps, { ...window, known: progress.liveUntil }, () => {});
    options.log(`Scenario ${scenario} was put into the past.`);
    progress.redone.push(id);
    await control.keep(progress);
  }
}
