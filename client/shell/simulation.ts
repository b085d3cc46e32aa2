/** What is to be said of a demonstration's clock at one moment. Pure: `now` is the city's time. */
import type { PlayedScenario, Simulation } from '../../server/contract/index.ts';

/** Less than this is no other time, only a clock that is not set to the second. */
const AHEAD_TOLD_MS = 5 * 60_000;

/** The scenario that is being played, the one that began last when there are several; null when none is. */
export function playedNow({ scenarios }: Simulation, now: number): PlayedScenario | null {
  const played = scenarios.filter(({ startsAt, endsAt, stoppedAt }) => startsAt <= now && now < Math.min(endsAt, stoppedAt ?? endsAt));
  return played.reduce<PlayedScenario | null>((last, one) => (last === null || one.startsAt > last.startsAt ? one : last), null);
}

/** How far the city's clock is ahead of the true one, milliseconds; null when that is not worth a word. It grows while the clock runs faster. */
export function aheadNow({ serverTime, speed, aheadMs }: Simulation, now: number): number | null {
  const ahead = aheadMs + Math.max(0, now - serverTime) * (1 - 1 / speed);
  return ahead > AHEAD_TOLD_MS ? ahead : null;
}
