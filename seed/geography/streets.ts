/**
 * The grid of streets: lines of constant u run north–south, of constant v east–west, bent so that they follow the river's south bank
 * and no block is square. The same bend serves the named roads, the small streets of the map and the crossings where stations stand.
 */
import { layeredNoise } from './chance.ts';
import { densityAt, heightAt, isTidal, southShore } from './land.ts';
import { at, clamp, distance, isInside, type Point, smoothStep } from './plane.ts';
import { type Name, roadNames } from './toponyms.ts';
import { lakes, reservoirs, shoreOf } from './waters.ts';
import { runways } from './ways.ts';

/** Kilometres between named roads; every second one is an arterial. */
export const roadSpacing = 0.75;

const bend = layeredNoise('streets', 3);
const bankAt = bankProfile();

/** How far north (km) the bank lies at each kilometre of x, smoothed; its mean is 6.5. */
function bankProfile(): (x: number) => number {
  const samples = new Map<number, number>();
  for (const [x, y] of southShore) if (x > -15 && x < 22 && !samples.has(Math.round(x))) samples.set(Math.round(x), y);
  const raw = (x: number): number => samples.get(clamp(x, -14, 21)) ?? 6.5;
  const mean = (x: number): number => [-3, -2, -1, 0, 1, 2, 3].reduce((sum, d) => sum + raw(x + d), 0) / 7;
  return (x) => {
    const low = Math.floor(x);
    return mean(low) + (mean(low + 1) - mean(low)) * (x - low);
  };
}

/** The point of the plane where the street lines u and v (km) meet. */
export function streetPoint(u: number, v: number): Point {
  const follow = (bankAt(u) - 6.5) * smoothStep(-9, 7.5, v) * 0.9;
  const x = u + 0.75 * bend(u * 0.13, v * 0.13) + 0.12 * bend(u * 0.6 + 5, v * 0.6) - 0.16 * v * smoothStep(12, 2, Math.abs(u + 3));
  const y = v + follow + 0.85 * bend(u * 0.12 - 31, v * 0.12 + 17) + 0.12 * bend(u * 0.6 - 9, v * 0.6 + 3);
  return [x, y];
}

const blocked = [...lakes, ...reservoirs].map((water) => ({ centre: water.centre, reach: Math.max(...water.size) * 1.8, ring: shoreOf(water, 0.5) }));

/** Whether a street may lie here: on dry, fairly level land, and not on the airport. */
export function isBuildable(point: Point): boolean {
  if (blocked.some(({ centre, reach, ring }) => distance(point, centre) < reach && isInside(ring, point))) return false;
  return !isAirfield(point) && heightAt(point) < 34 && !isTidal(point);
}

/** The ground of the airport: around both runways. */
export function isAirfield([x, y]: Point): boolean {
  const [start, end] = [at(at(runways, 1), 0), at(at(runways, 0), 1)];
  const length = distance(start, end);
  const [ex, ey] = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
  const [along, across] = [(x - start[0]) * ex + (y - start[1]) * ey, (y - start[1]) * ex - (x - start[0]) * ey];
  return along > -0.9 && along < length + 0.7 && across > -0.75 && across < 0.95;
}

const firstLine = { north: -28, east: -22 };
/** The named road on a street line: 街 run north–south (u), 路 east–west (v). */
export function roadAt(direction: 'u' | 'v', line: number): Name {
  const index = direction === 'u' ? line - firstLine.north : line - firstLine.east + 61;
  const [zh, en] = at(roadNames, ((index * 37) % roadNames.length) + 0);
  return direction === 'u' ? { zh: `${zh}街`, en: `${en} Street` } : { zh: `${zh}路`, en: `${en} Road` };
}

export interface Corner {
  point: Point;
  /** The east–west road, and the north–south one. */
  road: Name;
  street: Name;
  density: number;
  /** Both are arterials. */
  isMain: boolean;
}

/** Every crossing of named roads that lies in a built-up part; `shift` moves half a block along the road. */
export function corners(shift: 0 | 0.5): Corner[] {
  const found: Corner[] = [];
  for (let row = -22; row <= 16; row++) {
    for (let column = -27; column <= 32; column++) {
      const point = streetPoint((column + shift) * roadSpacing, row * roadSpacing);
      const density = densityAt(point);
      if (density < 0.2 || !isBuildable(point)) continue;
      found.push({ point, road: roadAt('v', row), street: roadAt('u', column), density, isMain: row % 2 === 0 && column % 2 === 0 });
    }
  }
  return found;
}
