/**
 * What the builders of driver fields share. A field is one driver on one day of the city: 288 values, one for each five minutes, for every
 * town or for the city. Builders are pure: a field depends on the seed number, the day and other fields alone, so it can be made for any day
 * in any order.
 */
import type { Days } from './days.ts';
import type { Driver } from './drivers.ts';
import type { Fields, ProfileName } from './model.ts';
import { GRID } from './profiles.ts';
import type { TownFacts } from './towns.ts';

export const GRID_MS = 300_000;
export const PER_HOUR = 12;

export interface World extends Fields {
  readonly seed: number;
  readonly towns: readonly TownFacts[];
  readonly days: Days;
  /** Degrees north: how high the sun stands. */
  readonly latitude: number;
  profile(name: ProfileName, day: number): Float32Array;
}

/** The city as a whole among the towns. */
export const CITY = -1;

/** One array for the city, or one for each town. */
export type Builder = (world: World, day: number) => Float32Array | Float32Array[];
export type Builders = Partial<Record<Driver, Builder>>;

/** The one field of zeros: what is nothing all day is known by it without looking. */
export const NOTHING: Float32Array = new Float32Array(GRID);

export const isNothing = (field: Float32Array): boolean => field.every((value) => value === 0);

/** A field from a function of the five minutes' number within the day. */
export const grid = (at: (i: number) => number): Float32Array => {
  const field = new Float32Array(GRID);
  for (let i = 0; i < GRID; i++) field[i] = at(i);
  return field;
};

/** One field for each town. */
export const perTown = (world: World, make: (town: number, facts: TownFacts) => Float32Array): Float32Array[] => world.towns.map((facts, town) => make(town, facts));

/** The same value all day. */
export const allDay = (value: number): Float32Array => (value === 0 ? NOTHING : new Float32Array(GRID).fill(value));

/** Hours since 1970 in the city's time: what slow noise is counted in. */
export const hourOf = (day: number, i: number): number => day * 24 + i / PER_HOUR;

/** The days before `day` and itself, joined: for what remembers. */
export function joined(world: Fields, driver: Driver, { town, day, back }: { town: number; day: number; back: number }): Float32Array {
  const whole = new Float32Array(GRID * (back + 1));
  for (let b = back; b >= 0; b--) whole.set(world.day(driver, town, day - b), GRID * (back - b));
  return whole;
}

/** Share of a store that is left after five minutes when half is gone in `halfHours`. */
export const keptPerStep = (halfHours: number): number => 0.5 ** (1 / (PER_HOUR * halfHours));

export const clamp = (value: number, low: number, high: number): number => (value < low ? low : Math.min(value, high));
