/** A clock that a test may move: it runs with the system's, plus what it was moved. Timers stay real, so nothing waits for the hand. */
import { type Clock, systemClock } from '../../server/clock.ts';

export interface MovableClock extends Clock {
  advance(ms: number): void;
}

export function movableClock(): MovableClock {
  let offset = 0;
  return {
    ...systemClock,
    now: () => Date.now() + offset,
    advance(ms) {
      offset += ms;
    },
  };
}
