/**
 * The one clock of a demonstration. It never runs backwards: a scenario that is played fast moves it ahead, and there it stays. Pure.
 * What it shows follows from one record and the true time alone, so a server that was away shows the same as one that was not.
 */

/** At the true time `realAt` it showed `cityAt`; from there it runs `speed` times as fast, until it shows `fastUntil`. Epoch milliseconds. */
export interface ClockRecord {
  realAt: number;
  cityAt: number;
  speed: number;
  /** Null where the speed is 1. */
  fastUntil: number | null;
}

export const trueTime: ClockRecord = { realAt: 0, cityAt: 0, speed: 1, fastUntil: null };

/** What the clock shows at the true time `real`, epoch milliseconds. */
export function cityTime({ realAt, cityAt, speed, fastUntil }: ClockRecord, real: number): number {
  const straight = cityAt + (real - realAt) * speed;
  if (fastUntil === null || straight <= fastUntil) return Math.floor(straight);
  return Math.floor(fastUntil + real - realAt - (fastUntil - cityAt) / speed);
}

/** How many seconds of the city pass in a true one at the true time `real`. */
export function speedAt(record: ClockRecord, real: number): number {
  return record.fastUntil !== null && cityTime(record, real) < record.fastUntil ? record.speed : 1;
}

/** The record from `real` on: as fast as `speed` until the clock shows `until`. It shows the same at `real` as before. */
export function runFast(record: ClockRecord, { real, speed, until }: { real: number; speed: number; until: number }): ClockRecord {
  return { realAt: real, cityAt: cityTime(record, real), speed, fastUntil: speed === 1 ? null : until };
}

interface BaseClock {
  now(): number;
  setTimer(ms: number, callback: () => void): { cancel(): void };
}

/** The clock that a whole server reads: `base` until a record is set. Timers stay in true time: they pace work, not the city. */
export interface CityClock extends BaseClock {
  record(): ClockRecord;
  set(record: ClockRecord): void;
}

export function createCityClock(base: BaseClock): CityClock {
  let record = trueTime;
  return {
    now: () => cityTime(record, base.now()),
    setTimer: base.setTimer,
    record: () => record,
    set(next) {
      record = next;
    },
  };
}
