/** What the simulator knows of the towns: from the geography where it made the city, else plain middling facts, so that any city's folder can be simulated. */
import type { Catalogue } from '../../server/catalogue/catalogue.ts';
import facts from '../geography/facts.json' with { type: 'json' };

export interface TownFacts {
  id: string;
  population: number;
  terrain: 'urban' | 'plain' | 'hill' | 'coast';
  /** How densely it is built, 0 to 1. */
  density: number;
  /** Kilometres east and north of the district's middle. */
  x: number;
  y: number;
}

export interface GaugeFacts {
  /** Kilometres below the upstream end of its water. */
  km: number;
  /** Kilometres below the river's entry where its water ends. */
  mouthKm: number;
}

/** People in an average town: what `scale: population` is measured against. */
export const MEAN_POPULATION = 2_700_000 / 22;

const known: Readonly<Record<string, { population: number; terrain: string; density: number; centreKm: { x: number; y: number } }>> = facts.towns;
const gauges: Readonly<Record<string, GaugeFacts>> = facts.gauges;

/** The regions of a catalogue in its order; the number of a town is its index. */
export function townFacts(catalogue: Catalogue): TownFacts[] {
  return [...catalogue.places.values()]
    .filter(({ kind }) => kind === 'region')
    .map(({ id }, i) => {
      const fact = known[id];
      if (fact === undefined) return { id, population: MEAN_POPULATION, terrain: 'plain', density: 0.4, x: (i % 5) * 6 - 12, y: Math.floor(i / 5) * 6 - 12 };
      return { id, population: fact.population, terrain: fact.terrain as TownFacts['terrain'], density: fact.density, ...fact.centreKm };
    });
}

/** Where along its water a gauge stands; a gauge nobody surveyed stands by its number. */
export function gaugeFacts(place: string, { number, of }: { number: number; of: number }): GaugeFacts {
  return gauges[place] ?? { km: (facts.riverKm * (number - 0.5)) / Math.max(of, 1), mouthKm: facts.riverKm };
}
