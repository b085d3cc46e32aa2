/** Pure: readings on their way to clients. All of them while they are few; only the newest of each series when the flow is too wide. */
import type { ReadingDelta } from '../contract/index.ts';

export interface Coalescer {
  add(reading: ReadingDelta): void;
  readonly size: number;
  /** Takes out what has gathered, in order of arrival. */
  take(): { readings: ReadingDelta[]; thinned: boolean };
}

/** `capacity`: beyond it only the newest reading of each series is kept. */
export function createCoalescer(capacity: number): Coalescer {
  let readings: ReadingDelta[] = [];
  let newest: Map<number, ReadingDelta> | null = null;
  let thinned = false;

  const put = (map: Map<number, ReadingDelta>, reading: ReadingDelta): void => {
    if (map.has(reading.series)) thinned = true;
    // Taken out first, so that the order of the map is that of the newest arrivals.
    map.delete(reading.series);
    map.set(reading.series, reading);
  };

  return {
    get size() {
      return newest?.size ?? readings.length;
    },
    add(reading) {
      if (newest !== null) {
        put(newest, reading);
        return;
      }
      readings.push(reading);
      if (readings.length <= capacity) return;
      newest = new Map();
      for (const one of readings) put(newest, one);
      readings = [];
    },
    take() {
      const taken = { readings: newest === null ? readings : [...newest.values()], thinned };
      readings = [];
      newest = null;
      thinned = false;
      return taken;
    },
  };
}
