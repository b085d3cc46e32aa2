/** The last two days as readings, hour by hour from the newest, so that what a page shows first is there first. */
import type { ReadingInput } from '../../server/contract/index.ts';
import { type Door, MAX_BATCH } from '../door.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { DAY_MS } from '../wall-time.ts';
import type { Part } from './cast.ts';
import { HOUR_MS, type PastPlan, recentFrom, type Window } from './plan.ts';

export interface RecentDeps {
  simulator: Simulator;
  cast: readonly Part[];
  door: Door;
  plan: PastPlan;
}

/** Requests at the same time: one being read by the server while another is being written to the store. */
const LANES = 3;

/** A feed that was away fills at most this much as readings: older ones would be refused. */
const LONGEST_GAP_MS = 14 * DAY_MS;
/** Late deliveries of before a gap are sent again with it. */
const BEFORE_GAP_MS = 3 * HOUR_MS;
/** What the live stream makes up for by itself. */
const SHORT_MS = 5_000;

/**
 * What has to be sent as readings before the live stream goes on. Pure.
 * `gap`: what came while the feed was away; null when it is so short that the live stream goes on from where it was. `hours`: what is still
 * missing of the first two days, newest first, in pieces small enough to be done again after a stop.
 * @param end the oldest instant that is sent as a reading
 */
export function missing({ liveUntil, recentTo }: { liveUntil: number; recentTo: number }, { now, end }: { now: number; end: number }): { gap: Window | null; hours: Window[] } {
  const gap = now - liveUntil <= SHORT_MS ? null : { from: Math.max(liveUntil - BEFORE_GAP_MS, now - LONGEST_GAP_MS, end), to: now };
  const hours: Window[] = [];
  for (let to = recentTo; to > end; to = (hours.at(-1) as Window).from) hours.push({ from: Math.max(Math.ceil(to / HOUR_MS - 1) * HOUR_MS, end), to });
  return { gap, hours };
}

/** How many readings lie in `[from, to)`, about. */
export function expectedReadings({ cast, plan }: Pick<RecentDeps, 'cast' | 'plan'>, { from, to }: { from: number; to: number }): number {
  let count = 0;
  for (const { series } of cast) count += Math.max(to - Math.max(from, recentFrom(plan, series.intervalMs)), 0) / series.intervalMs;
  return Math.round(count);
}

/** The oldest instant that is sent as a reading. */
export function recentEnd({ cast, plan }: Pick<RecentDeps, 'cast' | 'plan'>): number {
  return cast.reduce((end, { series }) => Math.min(end, recentFrom(plan, series.intervalMs)), plan.base);
}

/**
 * Sends what was observed in `[from, to)` and delivered until `known`. Resolves when all of it was answered.
 * @param said called with the number of readings that were answered
 */
export async function sendReadings(deps: RecentDeps, range: { from: number; to: number; known: number }, said: (count: number) => void): Promise<void> {
  const lanes: Promise<void>[] = [];
  const send = async (source: string, readings: ReadingInput[]): Promise<void> => {
    await deps.door.send(source, readings);
    said(readings.length);
  };
  for (let to = range.to; to > range.from; to -= HOUR_MS) {
    for (const [source, readings] of batchesOf(deps, { from: Math.max(to - HOUR_MS, range.from), to, known: range.known })) {
      const lane = send(source, readings).finally(() => lanes.splice(lanes.indexOf(lane), 1));
      // A failure is met at the race below or at the end; until then nobody may call it unhandled.
      lane.catch(() => {});
      lanes.push(lane);
      if (lanes.length >= LANES) await Promise.race(lanes);
    }
  }
  await Promise.all(lanes);
}

function* batchesOf({ simulator, cast, plan }: RecentDeps, { from, to, known }: { from: number; to: number; known: number }): Generator<[string, ReadingInput[]]> {
  const open = new Map<string, ReadingInput[]>();
  for (const { index, series, source } of cast) {
    const begin = Math.max(from, recentFrom(plan, series.intervalMs));
    if (begin >= to) continue;
    const { t, value, length, deliveredAt } = simulator.readings(index, begin, to);
    let batch = open.get(source) ?? [];
    for (let i = 0; i < length; i++) {
      if (((deliveredAt ?? t)[i] as number) > known) continue;
      batch.push({ indicator: series.indicator, place: series.place, facet: series.facet, observedAt: t[i] as number, value: value[i] as number } as ReadingInput);
      if (batch.length < MAX_BATCH) continue;
      yield [source, batch];
      batch = [];
    }
    open.set(source, batch);
  }
  for (const [source, batch] of open) if (batch.length > 0) yield [source, batch];
}
