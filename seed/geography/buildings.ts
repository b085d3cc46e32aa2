/** Buildings of the dense quarters, block by block between the streets: long rows of flats, towers, sheds; never two alike. */
import { chanceOf } from './chance.ts';
import { densityAt } from './land.ts';
import type { Line, Point } from './plane.ts';
import { isBuildable, roadSpacing, streetPoint } from './streets.ts';

export interface Building {
  ring: Line;
  /** Metres. */
  height: number;
}

/** Blocks lie between streets (class 4); denser than this they are drawn. */
const blockKm = roadSpacing / 3;
const leastDensity = 0.5;

export function buildings(): Building[] {
  const chance = chanceOf('buildings');
  const found: Building[] = [];
  for (let row = -36; row <= 32; row++) {
    for (let column = -70; column <= 84; column++) {
      const at = (u: number, v: number): Point => streetPoint((column + u) * blockKm, (row + v) * blockKm);
      const middle = at(0.5, 0.5);
      const density = densityAt(middle);
      if (density < leastDensity || !isBuildable(middle) || chance() < 0.14) continue;
      found.push(...block(at, density, chance).filter(({ ring }) => ring.every(isBuildable)));
    }
  }
  return found;
}

/** Two to four rows of houses facing south, or a few towers. */
function block(at: (u: number, v: number) => Point, density: number, chance: () => number): Building[] {
  const rows = 2 + Math.floor(chance() * 3);
  const columns = 2 + Math.floor(chance() * 3);
  const isTall = density > 0.8 && chance() < 0.3;
  const built: Building[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (chance() > 0.55 + 0.4 * density) continue;
      const [west, south] = [0.1 + (0.8 * column) / columns + 0.03 * chance(), 0.1 + (0.8 * row) / rows + 0.03 * chance()];
      const [east, north] = [west + (0.8 / columns) * (0.55 + 0.35 * chance()), south + (0.8 / rows) * (0.3 + 0.35 * chance())];
      const ring = [at(west, south), at(east, south), at(east, north), at(west, north)];
      built.push({ ring: [...ring, ring[0] ?? [0, 0]], height: Math.round(isTall ? 40 + 120 * chance() : 9 + 40 * density * chance()) });
    }
  }
  return built;
}
