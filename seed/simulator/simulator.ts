/**
 * The simulated city: for the same catalogue, seed number and scenarios always the same readings, for any window, in any order, in any
 * process. It knows no clock; whoever feeds a server from it says which window is due.
 */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import { models } from '../models/index.ts';
import { scenarios } from '../scenarios/index.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';
import { defaultModel } from './generate.ts';
import { mildestLimit } from './limits.ts';
import type { SeriesContext } from './model.ts';
import { hash, keyOf } from './noise.ts';
import { happeningsOf, influenceOf, overlaysOn } from './occurrences.ts';
import type { Occurrence } from './scenario.ts';
import { type Column, createPlayer, type SeriesPlayer } from './series.ts';
import { createWorld } from './world.ts';

export type { Delivery } from './deliveries.ts';
export type { Occurrence } from './scenario.ts';
export type { Column } from './series.ts';

export interface SimulatedSeries {
  indicator: string;
  place: string;
  facet: string | null;
  intervalMs: number;
}

export interface Simulator {
  /** Every expected series of the catalogue, in its order. */
  readonly series: readonly SimulatedSeries[];
  /**
   * What the sensor of a series (by its index) reports in `[from, to)`, epoch ms: gaps are absent; stuck and impossible values are in it.
   * Interval counts stand at their interval's start, and days at the city's midnight.
   */
  readings(series: number, from: number, to: number): Column;
  /** Everything that is to be sent in `[after, until)`, in order of delivery: new, late, and sent twice. */
  deliveries(after: number, until: number): Delivery[];
}

export interface SimulatorOptions {
  catalogue: Catalogue;
  seed: number;
  scenarios: readonly Occurrence[];
}

/** @throws Error when an occurrence names a scenario that is not known. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const players = playersOf(options);
  const deliveries = createDeliveries(players);
  return {
    series: players.map(({ context: { indicator, place, facet, intervalMs } }) => ({ indicator, place, facet, intervalMs })),
    readings(series, from, to) {
      const player = players[series];
      if (player === undefined) throw new RangeError(`there is no series ${series}: there are ${players.length}`);
      return player.readings(from, to);
    },
    deliveries,
  };
}

function playersOf({ catalogue, seed, scenarios: occurrences }: SimulatorOptions): SeriesPlayer[] {
  const happenings = happeningsOf(occurrences, scenarios);
  const world = createWorld({ catalogue, seed, influence: influenceOf(happenings) });
  const townOf = townFinder(catalogue, new Map(world.towns.map(({ id }, town) => [id, town])));
  const counts = new Map<string, number>();
  for (const place of catalogue.places.keys()) counts.set(typeOf(place), (counts.get(typeOf(place)) ?? 0) + 1);
  return catalogue.expectedSeries.flatMap(({ indicator, place, facet }) => {
    const definition = catalogue.definitions.get(indicator);
    if (definition === undefined) return [];
    const model = models[indicator] ?? defaultModel(definition, mildestLimit(catalogue, indicator));
    const placeKey = keyOf(hash(seed, 1), place);
    const town = townOf(place);
    const series: SeriesContext = {
      indicator,
      place,
      facet,
      town,
      number: Number(/_(\d+)$/.exec(place)?.[1] ?? 0),
      of: counts.get(typeOf(place)) ?? 1,
      intervalMs: definition.interval,
      key: keyOf(placeKey, `${indicator} ${facet ?? ''}`),
      placeKey,
      fields: world,
    };
    return [createPlayer({ model, definition, series, world }, overlaysOn(happenings, series, world.towns[town]?.id ?? null))];
  });
}

const typeOf = (place: string): string => place.replace(/_\d+$/, '');

/** The number of the town a place is or lies in; −1 for none. */
function townFinder({ places }: Catalogue, towns: ReadonlyMap<string, number>): (place: string) => number {
  return (place) => {
    for (let at: string | null = place, steps = 0; at !== null && steps < 10; at = places.get(at)?.parent ?? null, steps++) {
      const town = towns.get(at);
      if (town !== undefined) return town;
    }
    return -1;
  };
}
