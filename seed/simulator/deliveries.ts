/**
 * The live stream in order of delivery. An hour of it is made at once from all series and kept: windows of a second or a minute are cut from
 * it. What is due in an hour was observed up to some hours before, as lines are late and intervals must be over.
 */
import { fateOf, LATE_LONGEST, secondSending } from './faults.ts';
import { HOUR, MINUTE } from './model.ts';
import type { SeriesPlayer } from './series.ts';

export interface Delivery {
  indicator: string;
  place: string;
  facet: string | null;
  observedAt: number;
  value: number;
  deliveredAt: number;
}

/** Beyond lateness: jitter, and being sent a second time. */
const SLACK_MS = 5 * MINUTE;
/** The hour that is being played, and those around it that a late question may still ask for. */
const KEPT_HOURS = 3;

export function createDeliveries(players: readonly SeriesPlayer[]): (after: number, until: number) => Delivery[] {
  const hours = new Map<number, Delivery[]>();
  const hourOf = (hour: number): Delivery[] => {
    let made = hours.get(hour);
    if (made === undefined) {
      made = makeHour(players, hour * HOUR);
      for (const old of hours.keys()) if (hours.size >= KEPT_HOURS) hours.delete(old);
      hours.set(hour, made);
    }
    return made;
  };
  return (after, until) => {
    const due: Delivery[] = [];
    for (let hour = Math.floor(after / HOUR); hour * HOUR < until; hour++) {
      const all = hourOf(hour);
      for (let i = firstFrom(all, after); i < all.length; i++) {
        const delivery = all[i] as Delivery;
        if (delivery.deliveredAt >= until) break;
        due.push(delivery);
      }
    }
    return due;
  };
}

/** The index of the first delivery at or after an instant. */
function firstFrom(all: readonly Delivery[], instant: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] as Delivery).deliveredAt < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function makeHour(players: readonly SeriesPlayer[], from: number): Delivery[] {
  const to = from + HOUR;
  const due: Delivery[] = [];
  for (const player of players) {
    const { indicator, place, facet, key } = player.context;
    const { t, value, length, deliveredAt } = player.readings(from - player.delayMs - LATE_LONGEST - SLACK_MS, to - player.delayMs);
    for (let i = 0; i < length; i++) {
      const observedAt = t[i] as number;
      const at = deliveredAt?.[i] ?? observedAt;
      const again = secondSending(fateOf(key, player.numberOf(observedAt)));
      const delivery = { indicator, place, facet, observedAt, value: value[i] as number };
      if (at >= from && at < to) due.push({ ...delivery, deliveredAt: at });
      if (again !== null && at + again >= from && at + again < to) due.push({ ...delivery, deliveredAt: at + again });
    }
  }
  return due.sort((a, b) => a.deliveredAt - b.deliveredAt);
}
