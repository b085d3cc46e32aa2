/**
 * Pure: the newest deltas, kept so that a client that was away for a moment gets exactly what it missed. Bounded by the
 * number of readings held; what has fallen out is answered with a new snapshot.
 */
import type { AlertsFrame, CatalogueFrame, ReadingsFrame } from '../contract/index.ts';

export type Frame = { event: 'readings'; frame: ReadingsFrame } | { event: 'alerts'; frame: AlertsFrame } | { event: 'catalogue'; frame: CatalogueFrame };

export interface FrameLog {
  push(frame: Frame): void;
  /** Every frame after `seq`, in order, or null when some of them are gone (or `seq` is of the future). */
  after(seq: number): Frame[] | null;
}

function weight(frame: Frame): number {
  switch (frame.event) {
    case 'readings':
      return 1 + frame.frame.readings.length;
    case 'alerts':
      return 1 + frame.frame.alerts.length;
    case 'catalogue':
      return 1;
  }
}

/** `capacity`: how many readings and alerts the kept frames may hold together. */
export function createFrameLog(capacity: number): FrameLog {
  let frames: Frame[] = [];
  let held = 0;
  let newest = 0;
  return {
    push(frame) {
      frames.push(frame);
      newest = frame.frame.seq;
      held += weight(frame);
      let drop = 0;
      while (held > capacity && drop < frames.length) held -= weight(frames[drop++] as Frame);
      if (drop > 0) frames = frames.slice(drop);
    },
    after(seq) {
      if (seq === newest) return [];
      const first = frames[0];
      if (first === undefined || seq > newest || seq < first.frame.seq - 1) return null;
      return frames.slice(seq - first.frame.seq + 1);
    },
  };
}
