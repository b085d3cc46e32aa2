/** Words that scenarios are written in: curves over the hours since the beginning, and where in the district something is. Pure. */
import type { DriverEffect } from './scenario.ts';
import type { TownFacts } from './towns.ts';

/** Straight lines between points of (hour, value); before the first and after the last the value of that point. */
export function curve(...points: readonly (readonly [hour: number, value: number])[]): (hours: number) => number {
  return (hours) => {
    const next = points.findIndex(([hour]) => hour > hours);
    if (next === 0) return points[0]?.[1] ?? 0;
    const before = points[(next < 0 ? points.length : next) - 1] ?? [0, 0];
    const after = next < 0 ? undefined : points[next];
    if (after === undefined) return before[1];
    return before[1] + ((after[1] - before[1]) * (hours - before[0])) / (after[0] - before[0]);
  };
}

/** The same in every town, weighed by what kind of land it is. */
export const byTerrain =
  (values: (hours: number) => number, weight: Readonly<Record<TownFacts['terrain'], number>>): DriverEffect =>
  (hours, town) =>
    values(hours) * (town === null ? 1 : weight[town.terrain]);

/** In the named towns alone, each with its weight. */
export const inTowns =
  (values: (hours: number) => number, weight: Readonly<Record<string, number>>): DriverEffect =>
  (hours, town) =>
    town === null ? 0 : values(hours) * (weight[town.id] ?? 0);

/** How near a town is to a point that moves: 1 at its middle, 0.6 at `radiusKm`. Kilometres east and north of the district's middle. */
export function nearness(town: TownFacts, at: { x: number; y: number; radiusKm: number }): number {
  const distance = (town.x - at.x) ** 2 + (town.y - at.y) ** 2;
  return Math.exp(-distance / (2 * at.radiusKm ** 2));
}
