/** Events as bands behind the data: where each lies in the picture, and on which line its name stands so that no two overlap. Pure. */
import type { CityEvent } from '../../server/contract/index.ts';
import { type Frame, MARGIN, xOf } from './chart-option.ts';

export interface EventBand {
  event: CityEvent;
  /** Pixels from the left of the frame. */
  left: number;
  width: number;
  /** Line of its name, 0 at the top; null when there is no room for a name. */
  lane: number | null;
}

/** Narrower than this has no room for a name, CSS pixels. */
const NAME_PX = 44;
const LANES = 2;
/** A drop of time is still seen. */
const LEAST_PX = 2;

/** Bands of the events that touch the picture, longer ones first, so that a short one lies on top of a long one. */
export function eventBands(events: readonly CityEvent[], frame: Frame): EventBand[] {
  const [start, end] = [MARGIN.left, frame.width - MARGIN.right];
  const free = new Array<number>(LANES).fill(Number.NEGATIVE_INFINITY);
  return events
    .filter((event) => event.to > frame.from && event.from < frame.to)
    .map((event) => {
      const left = Math.min(Math.max(start, xOf(event.from, frame)), end - LEAST_PX);
      return { event, left, width: Math.max(LEAST_PX, Math.min(end, xOf(event.to, frame)) - left) };
    })
    .sort((a, b) => a.left - b.left || b.width - a.width)
    .map((band) => {
      const lane = band.width < NAME_PX ? -1 : free.findIndex((until) => until <= band.left);
      if (lane !== -1) free[lane] = band.left + band.width;
      return { ...band, lane: lane === -1 ? null : lane };
    })
    .sort((a, b) => b.width - a.width);
}
