/** What a recording holds once its file is read: readings on the wall clock of the place where they were made. Pure. */
import type { Quality, QualityReason } from '../server/contract/index.ts';

/** One recorded value, in the unit it was published in: conversion is the door's business. */
export interface Recorded {
  /** Wall time (see `wall-time.ts`) in the recording's own zone; the start where the value covers an interval. */
  wall: number;
  indicator: string;
  place: string;
  facet: string | null;
  value: number;
  quality?: Quality;
  qualityReason?: QualityReason;
}

export interface Recording {
  id: string;
  /** How long a value's interval is, milliseconds; 0 for values of an instant. A value is known when its interval is over. */
  intervalMs: number;
  /** Sorted by wall time. */
  readings: readonly Recorded[];
}

export type SeriesKey = Pick<Recorded, 'indicator' | 'place' | 'facet'>;

export const seriesName = ({ indicator, place, facet }: SeriesKey): string => `${indicator}|${place}|${facet ?? ''}`;

/** By wall time; equal times keep the order in which they were published. */
export const byWall = (a: Recorded, b: Recorded): number => a.wall - b.wall;
