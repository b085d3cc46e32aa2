/** How a station finds its spot: evenly scattered where some weight says so, along a line, or at the nearest dry place of the district. */
import { chanceOf } from './chance.ts';
import { isInDistrict, outline } from './land.ts';
import type { TownArea } from './partition.ts';
import { at, distance, isInside, type Line, lengthOf, nearestOn, type Point, pointAlong } from './plane.ts';
import { type Name, Names } from './toponyms.ts';
import type { Terrain } from './towns.ts';

/** Where a station stands, what it is called and what limits of its own it has (`rule:level=value`). */
export interface Site {
  point: Point;
  name: Name;
  limits?: readonly string[];
}

export interface Survey {
  areas: readonly TownArea[];
  names: Names;
  /** The town a point lies in; undefined outside the district. */
  townOf: (point: Point) => TownArea | undefined;
}

export function surveyOf(areas: readonly TownArea[]): Survey {
  return { areas, names: new Names(), townOf: (point) => areas.find(({ ring }) => isInside(ring, point)) };
}

const bounds = {
  west: Math.min(...outline.map(([x]) => x)),
  east: Math.max(...outline.map(([x]) => x)),
  south: Math.min(...outline.map(([, y]) => y)),
  north: Math.max(...outline.map(([, y]) => y)),
};

/**
 * `count` points of the district, spread out: of some candidates, drawn by `weight` (0 to 1), the one farthest from the earlier ones.
 * Ordered from west to east within bands from north to south, so that numbers on the map are easy to find.
 */
export function scattered(purpose: string, count: number, weight: (point: Point) => number): Point[] {
  const chance = chanceOf(`sites ${purpose}`);
  const chosen: Point[] = [];
  while (chosen.length < count) {
    let best: { point: Point; room: number } | undefined;
    for (let candidates = 0, tries = 0; candidates < 14; tries++) {
      if (tries > 50_000) throw new Error(`The district has no room for ${purpose}`);
      const point: Point = [bounds.west + chance() * (bounds.east - bounds.west), bounds.south + chance() * (bounds.north - bounds.south)];
      if (chance() >= weight(point) || !isWellInside(point)) continue;
      candidates += 1;
      const room = Math.min(40, ...chosen.map((other) => distance(other, point)));
      if (best === undefined || room > best.room) best = { point, room };
    }
    if (best !== undefined) chosen.push(best.point);
  }
  return inReadingOrder(chosen);
}

/** From the candidates, `count` that are spread out, preferring those with more weight (0 to 1); in reading order. */
export function spreadOver<T extends { point: Point }>(
  candidates: readonly T[],
  { count, weight, purpose }: { count: number; weight: (candidate: T) => number; purpose: string },
): T[] {
  const chance = chanceOf(`choice ${purpose}`);
  const able = candidates.filter((candidate) => isWellInside(candidate.point)).map((candidate) => ({ candidate, worth: weight(candidate) * (0.75 + 0.5 * chance()) }));
  const chosen: T[] = [];
  while (chosen.length < count) {
    let best: { candidate: T; score: number } | undefined;
    for (const { candidate, worth } of able) {
      const room = Math.min(6, ...chosen.map(({ point }) => distance(point, candidate.point)));
      const score = room < 0.12 ? 0 : worth * room;
      if (score > (best?.score ?? 0)) best = { candidate, score };
    }
    if (best === undefined) throw new Error(`Too few candidates for ${purpose}: ${chosen.length} of ${count}`);
    chosen.push(best.candidate);
  }
  return inOrder(chosen, ({ point }) => point);
}

const isWellInside = (point: Point): boolean => isInDistrict(point) && nearestOn(outline, point).distance > 0.04;
const inReadingOrder = (points: readonly Point[]): Point[] => inOrder(points, (point) => point);
function inOrder<T>(list: readonly T[], pointOf: (item: T) => Point): T[] {
  const band = (item: T): number => Math.round(-pointOf(item)[1] / 3);
  return [...list].sort((a, b) => band(a) - band(b) || pointOf(a)[0] - pointOf(b)[0]);
}

/** Points at equal distances along a line, half a distance from its ends. */
export function evenlyAlong(line: Line, count: number): Point[] {
  const length = lengthOf(line);
  return Array.from({ length: count }, (_, i) => pointAlong(line, ((i + 0.5) * length) / count));
}

/** The point itself, or the nearest spot at least 60 m inside the district: what stands on a bank belongs to the town behind it. */
export function ashore(point: Point): Point {
  if (isWellInside(point)) return point;
  const foot = nearestOn(outline, point).point;
  for (let radius = 0.06; radius < 4; radius += 0.04) {
    for (let step = 0; step < 24; step++) {
      const angle = (step * Math.PI) / 12;
      const tried: Point = [foot[0] + radius * Math.cos(angle), foot[1] + radius * Math.sin(angle)];
      if (isInDistrict(tried) && nearestOn(outline, tried).distance > 0.055) return tried;
    }
  }
  throw new Error(`No dry spot near ${point.join(', ')}`);
}

/** The kind of names that fit a town. */
export const landOf = (survey: Survey, point: Point): Terrain => survey.townOf(point)?.terrain ?? 'plain';

/** Sites with drawn village or quarter names that fit the land they stand on. */
export function named(survey: Survey, points: readonly Point[], { purpose, zh, en }: { purpose: string; zh: string; en: string }): Site[] {
  const chance = chanceOf(`names ${purpose}`);
  return points.map((point) => ({ point, name: survey.names.draw(landOf(survey, point), chance, (place) => ({ zh: `${place.zh}${zh}`, en: `${place.en} ${en}` })) }));
}

/** Sites with given names, in the order of both lists. */
export function called(survey: Survey, points: readonly Point[], names: readonly (readonly [zh: string, en: string])[]): Site[] {
  if (points.length !== names.length) throw new Error(`${points.length} points for ${names.length} names, from ${at(names, 0)[0]}`);
  return points.map((point, i) => ({ point, name: survey.names.keep({ zh: at(names, i)[0], en: at(names, i)[1] }) }));
}
