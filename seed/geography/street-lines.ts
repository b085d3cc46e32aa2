/** The streets of the map by class: 2 arterials, 3 roads, 4 streets, 5 lanes of the oldest quarters. Expressways are class 1. */
import { chanceOf } from './chance.ts';
import { densityAt, extent } from './land.ts';
import { type Line, type Point, stretches } from './plane.ts';
import { isBuildable, roadAt, roadSpacing, streetPoint } from './streets.ts';
import type { Name } from './toponyms.ts';

export interface Street {
  line: Line;
  rank: 2 | 3 | 4 | 5;
  /** Only classes 2 and 3 have names. */
  name?: Name;
}

/** How densely built it must be for a street of each class, and how often a street of a small class is missing. */
const needs = { 2: { density: 0.07, gaps: 0 }, 3: { density: 0.17, gaps: 0.01 }, 4: { density: 0.31, gaps: 0.05 }, 5: { density: 0.66, gaps: 0.1 } } as const;
const laneSpacing = roadSpacing / 6;

/** A line's class from its place in the grid of lanes: every 12th is an arterial, every 6th a road, every second a street. */
const rankOf = (line: number): Street['rank'] => (line % 12 === 0 ? 2 : line % 6 === 0 ? 3 : line % 2 === 0 ? 4 : 5);

export function streetLines(): Street[] {
  const chance = chanceOf('streets');
  const streets: Street[] = [];
  for (const direction of ['u', 'v'] as const) {
    const [from, to] = direction === 'u' ? [extent.west, extent.east] : [extent.south, extent.north];
    for (let line = Math.ceil(from / laneSpacing); line * laneSpacing < to; line++) {
      const rank = rankOf(line);
      const { density, gaps } = needs[rank];
      const name = rank <= 3 ? nameOf(direction, line / 6) : undefined;
      for (const piece of stretches(pointsOf(direction, line), (point) => densityAt(point) > density && chance() >= gaps && isBuildable(point))) {
        if (piece.length > 3) streets.push({ line: piece, rank, ...(name === undefined ? {} : { name }) });
      }
    }
  }
  return streets;
}

/** Every road of the stations' grid has its name; those of the neighbours have none. */
function nameOf(direction: 'u' | 'v', road: number): Name | undefined {
  const isOurs = direction === 'u' ? road >= -27 && road <= 32 : road >= -22 && road <= 16;
  return isOurs ? roadAt(direction, road) : undefined;
}

function pointsOf(direction: 'u' | 'v', line: number): Point[] {
  const [from, to] = direction === 'u' ? [extent.south, extent.north] : [extent.west, extent.east];
  const across = line * laneSpacing;
  return Array.from({ length: Math.floor((to - from) / laneSpacing) + 1 }, (_, step) => {
    const along = (Math.ceil(from / laneSpacing) + step) * laneSpacing;
    return direction === 'u' ? streetPoint(across, along) : streetPoint(along, across);
  });
}
