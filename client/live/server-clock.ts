/**
 * The city's time, told from the server's signs of life: ages are right on a PC with a wrong clock, and on a demonstration's clock that
 * runs faster than ours. Between two signs it goes on at the told speed; once the link is silent nobody knows how fast the city's clock
 * runs, so it goes on as any clock does. It never steps back by the little that a sign came late. Pure: `at` is this computer's time.
 */
import { SILENCE_LIMIT_MS } from './resume.ts';

/** A sign that comes this much later than the one before makes no step back; more than this is another time, and is taken. */
const LATE_MS = 2000;

export interface ServerClock {
  /** A sign of life: the server's time, heard at `at`. */
  hear(serverTime: number, at: number): void;
  /** How many seconds of the city pass in one of ours, from the sign heard last. */
  setSpeed(speed: number): void;
  /** The city's time when the last sign was heard, epoch ms. */
  readonly lastHeard: number;
  /** The city's time at `at`, epoch ms. */
  timeAt(at: number): number;
}

export function createServerClock(start: number): ServerClock {
  let heard = { serverTime: start, at: start };
  let speed = 1;
  let shown = Number.NEGATIVE_INFINITY;
  return {
    hear(serverTime, at) {
      heard = { serverTime, at };
    },
    setSpeed(next) {
      speed = next;
    },
    get lastHeard() {
      return heard.serverTime;
    },
    timeAt(at) {
      const passed = at - heard.at;
      const followed = Math.min(passed, SILENCE_LIMIT_MS);
      const time = heard.serverTime + followed * speed + (passed - followed);
      if (time >= shown || shown - time > LATE_MS * speed) shown = time;
      return shown;
    },
  };
}
