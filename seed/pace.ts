/** When a reading is due in a replay that starts in the past and runs faster than time until it has caught up with it. Pure. */

export interface Pace {
  /** The instant (epoch milliseconds) at which something that happens at `instant` is sent. */
  dueAt(instant: number): number;
  /** Where the fast part ends: from here on everything is sent as it happens. */
  caughtUpAt: number;
}

/** Sends everything of the past at once. */
export const atOnce = (startedAt: number): Pace => ({ dueAt: (instant) => instant, caughtUpAt: startedAt });

/**
 * Plays from `from` on at `speed` times real time, beginning at `startedAt`.
 * @throws RangeError unless `speed` is greater than 1: a slower one would never catch up.
 */
export function atSpeed({ from, startedAt, speed }: { from: number; startedAt: number; speed: number }): Pace {
  if (!(speed > 1)) throw new RangeError('speed must be greater than 1, or the replay would never catch up with the present');
  // from + speed × (t − startedAt) = t
  const caughtUpAt = from >= startedAt ? startedAt : (speed * startedAt - from) / (speed - 1);
  return { dueAt: (instant) => (instant >= caughtUpAt ? instant : startedAt + (instant - from) / speed), caughtUpAt };
}
