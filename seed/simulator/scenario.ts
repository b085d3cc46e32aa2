/**
 * What a scenario is: a script of things that happen to the city. It adds to raw drivers (rain, wind, surge…), from which levels, traffic,
 * calls and the rest follow by themselves; and it lays over series what follows from nothing else (a sensor that dies, a main that bursts).
 */
import type { Bilingual } from '../../server/contract/index.ts';
import type { drivers } from './drivers.ts';
import type { TownFacts } from './towns.ts';

type Drivers = typeof drivers;
/** The drivers that scenarios may add to. */
export type RawDriver = { [K in keyof Drivers]: Drivers[K] extends { raw: true } ? K : never }[keyof Drivers];

/** What is added, `hours` after the beginning, in a town; null for a driver of the city. */
export type DriverEffect = (hours: number, town: TownFacts | null) => number;

export interface Overlay {
  /** Which series: all conditions that are given must hold. Indicator ids; types by the id's prefix (`river`, `pond`); places or towns by id. */
  indicators?: readonly string[];
  types?: readonly string[];
  places?: readonly string[];
  facets?: readonly string[];
  /** Only this part of those selected, drawn for each series from the seed. */
  share?: number;
  /** Hours after the beginning. */
  from: number;
  to: number;
  what: OverlayEffect;
}

export type OverlayEffect =
  /** Nothing is sent. */
  | { kind: 'silent' }
  /** The value of the beginning is sent again and again. */
  | { kind: 'stuck' }
  /** Readings jump about by this much, in the indicator's unit. */
  | { kind: 'noisy'; sd: number }
  /** Added to the true value; `part` is how much of the overlay's time is over, 0…1. */
  | { kind: 'add'; amount(part: number, hours: number): number }
  | { kind: 'multiply'; factor(part: number, hours: number): number };

export interface Scenario {
  id: string;
  name: Bilingual;
  /** What happens, in a sentence or two. */
  summary: Bilingual;
  durationMs: number;
  drivers?: Partial<Record<RawDriver, DriverEffect>>;
  overlays?: readonly Overlay[];
}

/** A scenario placed in time. */
export interface Occurrence {
  scenario: string;
  /** Epoch ms. */
  startsAt: number;
  /** Stopped before its end. */
  stopsAt?: number;
}
