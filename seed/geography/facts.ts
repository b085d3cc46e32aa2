/**
 * What the simulator needs to know of the land, worked out once by the generator and read from `facts.json`: where along its water a
 * gauge stands, and how each town lives. Stations themselves are in the city's folder.
 */
import { densityAt, heightAt, riverStart } from './land.ts';
import type { TownArea } from './partition.ts';
import { isInside, lengthOf, nearestOn, type Point } from './plane.ts';
import { districtBank, riverKm } from './sites-flood.ts';
import type { PlacedStation } from './stations.ts';
import type { Terrain } from './towns.ts';
import { canals } from './ways.ts';

export interface TownFacts {
  population: number;
  areaKm2: number;
  terrain: Terrain;
  /** How densely it is built, 0 to 1: the mean over the town. */
  density: number;
  /** Mean metres above the sea. */
  heightM: number;
  neighbours: string[];
  /** Kilometres east and north of the district's middle. */
  centreKm: { x: number; y: number };
}

export interface GaugeFacts {
  /** `lin`, or the id of a canal. */
  water: string;
  /** 1 is the farthest upstream on its water. */
  order: number;
  /** Kilometres below the upstream end: for the river from where it enters the district. */
  km: number;
  /** Where the water ends in the river or the sea, in kilometres below the river's entry: when the tide and the river's flood hold it back. */
  mouthKm: number;
}

export interface GeographyFacts {
  population: number;
  /** The river's length within the district (km). */
  riverKm: number;
  towns: Record<string, TownFacts>;
  /** By station id: `river_01`…, `canal_01`…. */
  gauges: Record<string, GaugeFacts>;
  /** How densely it is built around each station (0 to 1), and its height (m). */
  stations: Record<string, { density: number; heightM: number }>;
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

export function factsOf(areas: readonly TownArea[], stations: readonly PlacedStation[]): GeographyFacts {
  return {
    population: areas.reduce((sum, { population }) => sum + population, 0),
    riverKm: rounded(lengthOf(districtBank), 1),
    towns: Object.fromEntries(areas.map((area) => [area.id, townFacts(area)])),
    gauges: gaugeFacts(stations),
    stations: Object.fromEntries(stations.map(({ id, point }) => [id, { density: rounded(Math.min(1, densityAt(point)), 2), heightM: rounded(heightAt(point), 0) }])),
  };
}

/** Means over points 500 m apart. */
function townFacts({ ring, population, areaKm2, terrain, neighbours, centre }: TownArea): TownFacts {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  const samples: Point[] = [];
  for (let x = Math.min(...xs); x < Math.max(...xs); x += 0.5) for (let y = Math.min(...ys); y < Math.max(...ys); y += 0.5) if (isInside(ring, [x, y])) samples.push([x, y]);
  const mean = (of: (point: Point) => number): number => samples.reduce((sum, point) => sum + of(point), 0) / samples.length;
  return {
    population,
    areaKm2: rounded(areaKm2, 1),
    terrain,
    density: rounded(
      mean((point) => Math.min(1, densityAt(point))),
      2,
    ),
    heightM: rounded(mean(heightAt), 0),
    neighbours,
    centreKm: { x: rounded(centre[0], 1), y: rounded(centre[1], 1) },
  };
}

function gaugeFacts(stations: readonly PlacedStation[]): Record<string, GaugeFacts> {
  const facts: Record<string, GaugeFacts> = {};
  const onRiver = stations.filter(({ id }) => id.startsWith('river_'));
  const mouth = rounded(riverKm([21, 17.2]) - riverStart, 1);
  for (const [i, { id, point }] of onRiver.entries()) facts[id] = { water: 'lin', order: i + 1, km: rounded(Math.max(0, riverKm(point) - riverStart), 1), mouthKm: mouth };
  const orders = new Map<string, number>();
  for (const { id, name, point } of stations.filter((station) => station.id.startsWith('canal_'))) {
    const canal = canals.find(({ zh }) => name.zh.startsWith(zh));
    if (canal === undefined) throw new Error(`${id} stands on no canal`);
    const order = (orders.get(canal.id) ?? 0) + 1;
    orders.set(canal.id, order);
    const end = canal.line.at(-1) ?? point;
    facts[id] = { water: canal.id, order, km: rounded(nearestOn(canal.line, point).along, 1), mouthKm: rounded(riverKm(end) - riverStart, 1) };
  }
  return facts;
}
