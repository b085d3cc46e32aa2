/**
 * What sensors and lines do to true values. Each series has faults of its own, drawn from its key:
 *
 * - gaps of 5 minutes to 6 hours, in all 0.5 % of the time: nothing is ever sent for them;
 * - stuck sensors, once in about four years a series: the same value for 2 to 20 hours;
 * - spikes, 8 in a million readings, two in three of them physically impossible;
 * - 0.3 % of readings are delivered 3 minutes to 3 hours late; 0.2 % are sent twice.
 */
import { DAY, HOUR, MINUTE } from './model.ts';
import { hash, unit } from './noise.ts';

export interface FaultClock {
  /** True when nothing was sent for this instant. */
  isGap(instant: number): boolean;
  /** Where the stuck stretch began that holds the instant, or null. */
  stuckSince(instant: number): number | null;
  /** False for a stretch `[from, to)` that no gap and no stuck sensor touches: almost always. */
  touches(from: number, to: number): boolean;
}

interface Stretch {
  from: number;
  to: number;
}

const GAP_SLOT = 2 * DAY;
const GAP_SHORTEST = 5 * MINUTE;
const GAP_LONGEST = 6 * HOUR;
/** Lengths are spread evenly on a logarithmic scale, 83 minutes in the mean: with one gap in 5.8 slots, 0.5 % of the time. */
const GAP_LIKELY = 0.173;
const STUCK_SLOT = 30 * DAY;
const STUCK_LIKELY = 0.02;
const SPIKE_LIKELY = 8e-6;
const SPIKE_IMPOSSIBLE = 0.66;
const LATE_LIKELY = 0.003;
const LATE_SHORTEST = 3 * MINUTE;
export const LATE_LONGEST = 3 * HOUR;
const TWICE_LIKELY = 0.002;
const TWICE_AFTER: readonly [number, number] = [5_000, 120_000];

/** @param intervalMs a gap of a slow series is one reading that is missing */
export function faultClock(key: number, intervalMs: number): FaultClock {
  const gaps = slots({ key: hash(key, 21), slot: GAP_SLOT, likely: intervalMs > HOUR ? 0 : GAP_LIKELY }, (draw) => GAP_SHORTEST * (GAP_LONGEST / GAP_SHORTEST) ** draw);
  const stuck = slots({ key: hash(key, 22), slot: STUCK_SLOT, likely: intervalMs > HOUR ? 0 : STUCK_LIKELY }, (draw) => HOUR * (2 + 18 * draw));
  const missing = hash(key, 23);
  const slow = intervalMs > HOUR;
  return {
    isGap: (instant) => (slow ? unit(missing, Math.floor(instant / intervalMs)) < 0.005 : gaps(instant, instant + 1) !== null),
    stuckSince: (instant) => stuck(instant, instant + 1)?.from ?? null,
    touches: (from, to) => slow || gaps(from, to) !== null || stuck(from, to) !== null,
  };
}

/** One stretch in a slot or none; a stretch may reach into the next slot. Answers the first that overlaps `[from, to)`. */
function slots({ key, slot, likely }: { key: number; slot: number; likely: number }, length: (draw: number) => number): (from: number, to: number) => Stretch | null {
  return (from, to) => {
    for (let n = Math.floor(from / slot) - 1; n * slot < to; n++) {
      if (unit(key, n * 4) >= likely) continue;
      const begins = (n + unit(key, n * 4 + 1)) * slot;
      const ends = begins + length(unit(key, n * 4 + 2));
      if (begins < to && ends > from) return { from: begins, to: ends };
    }
    return null;
  };
}

export interface Bounds {
  min?: number | undefined;
  max?: number | undefined;
}

/** The one draw that decides what happens to a reading on its way. `n` counts the readings of the series. */
export const fateOf = (key: number, n: number): number => unit(key ^ 0x51ed270b, n);

/** Fates are cut into stretches: spikes, late, sent twice, and then everything ordinary. */
const LATE_FROM = SPIKE_LIKELY;
const TWICE_FROM = LATE_FROM + LATE_LIKELY;
const ORDINARY_FROM = TWICE_FROM + TWICE_LIKELY;

/** True for nearly every reading: it needs no more questions. */
export const isOrdinary = (fate: number): boolean => fate >= ORDINARY_FROM;

/** 0…1 for an ordinary reading: how far it jitters. */
export const jitterOf = (fate: number): number => (fate - ORDINARY_FROM) / (1 - ORDINARY_FROM);

/** The spike that replaces a value, or the value. */
export function spiked(fate: number, value: number, bounds: Bounds): number {
  if (fate >= LATE_FROM) return value;
  const kind = fate / SPIKE_LIKELY;
  if (kind < SPIKE_IMPOSSIBLE) return kind < SPIKE_IMPOSSIBLE / 2 || bounds.min === undefined ? (bounds.max ?? Math.abs(value) * 10) * 3 + 999 : bounds.min * 2 - 99;
  const jumped = value * (2 + 3 * kind) + 1;
  return bounds.max === undefined ? jumped : Math.min(bounds.max, jumped);
}

/** How long after it was due a reading is delivered: 0 for nearly all. */
export function lateness(fate: number): number {
  if (fate < LATE_FROM || fate >= TWICE_FROM) return 0;
  return LATE_SHORTEST * (LATE_LONGEST / LATE_SHORTEST) ** ((fate - LATE_FROM) / LATE_LIKELY);
}

/** How long after its delivery a reading is sent again, or null. */
export function secondSending(fate: number): number | null {
  if (fate < TWICE_FROM || fate >= ORDINARY_FROM) return null;
  return TWICE_AFTER[0] + (TWICE_AFTER[1] - TWICE_AFTER[0]) * ((fate - TWICE_FROM) / TWICE_LIKELY);
}
