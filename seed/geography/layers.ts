/** The basemap's layers as GeoJSON, in degrees. Each feature says from which zoom it is worth drawing (`from`, not written to the tiles). */
import { buildings } from './buildings.ts';
import { chanceOf } from './chance.ts';
import { above, type Field, sampled } from './contours.ts';
import { densityAt, heightAt, isTidal, tidalWater, valleys } from './land.ts';
import { at, beside, type Line, type Point, stretches, toDegrees } from './plane.ts';
import type { Street } from './street-lines.ts';
import { isAirfield, isBuildable, streetPoint } from './streets.ts';
import { towns } from './towns.ts';
import { lakes, reservoirs, shoreOf, type Water, wetlands } from './waters.ts';
import { canals, expressways, metroLines, railways, runways } from './ways.ts';

export type LayerName = 'water' | 'waterway' | 'green' | 'relief' | 'urban' | 'road' | 'rail' | 'metro' | 'building' | 'place';
type Properties = Record<string, string | number>;
export interface LayerFeature {
  type: 'Feature';
  /** The first zoom it is drawn at. */
  from: number;
  properties: Properties;
  geometry: { type: 'Polygon'; coordinates: [number, number][][] } | { type: 'LineString'; coordinates: [number, number][] } | { type: 'Point'; coordinates: [number, number] };
}
export type Layers = Record<LayerName, LayerFeature[]>;

interface Draw {
  from: number;
  properties?: Properties;
}
const area = (rings: readonly Line[], { from, properties = {} }: Draw): LayerFeature => ({
  type: 'Feature',
  from,
  properties,
  geometry: { type: 'Polygon', coordinates: rings.map((ring) => ring.map(toDegrees)) },
});
const line = (points: Line, { from, properties = {} }: Draw): LayerFeature => ({
  type: 'Feature',
  from,
  properties,
  geometry: { type: 'LineString', coordinates: points.map(toDegrees) },
});
const spot = (point: Point, { from, properties = {} }: Draw): LayerFeature => ({ type: 'Feature', from, properties, geometry: { type: 'Point', coordinates: toDegrees(point) } });

export function layersOf(streets: readonly Street[]): Layers {
  const heights = sampled(0.3, (point) => (isTidal(point) ? 0 : heightAt(point)));
  const relief = reliefAreas(heights);
  return {
    water: waterAreas(),
    waterway: waterways(),
    green: greenAreas(heights),
    relief,
    urban: urbanAreas(),
    road: roads(streets),
    rail: railways.map((rail) => line(rail.line, { from: 8, properties: { name_zh: rail.zh, name_en: rail.en } })),
    metro: metroLines.map((metro, i) => line(metro.line, { from: 10, properties: { line: i + 1 } })),
    building: buildings().map(({ ring, height }) => area([ring], { from: 13, properties: { h: height } })),
    place: places(),
  };
}

const waterAreas = (): LayerFeature[] => [
  area([tidalWater], { from: 8, properties: { kind: 'river' } }),
  ...lakes.map((lake) => area([shoreOf(lake, 0.5)], { from: lake.size[0] > 0.6 ? 8 : 11, properties: { kind: 'lake' } })),
  ...reservoirs.map((reservoir) => area([shoreOf(reservoir, 0.85)], { from: 9, properties: { kind: 'reservoir' } })),
  ...fishPonds().map((ring) => area([ring], { from: 12, properties: { kind: 'pond' } })),
];

/** The reclaimed east is a chessboard of fish ponds between straight ditches. */
function fishPonds(): Line[] {
  const chance = chanceOf('fish ponds');
  const ponds: Line[] = [];
  const turn = 0.32;
  const place = (u: number, v: number): Point => [16 + u * Math.cos(turn) - v * Math.sin(turn), 3 + u * Math.sin(turn) + v * Math.cos(turn)];
  for (let row = -24; row < 30; row++) {
    for (let column = -14; column < 26; column++) {
      const [u, v] = [column * 0.42, row * 0.3];
      const ring = [place(u, v), place(u + 0.34, v), place(u + 0.34, v + 0.24), place(u, v + 0.24)];
      const isKept = chance() < 0.5 && ring.every((point) => densityAt(point) < 0.12 && isBuildable(point) && point[0] > 11 && point[1] > -1.5 - (24 - point[0]) * 0.1);
      if (isKept) ponds.push([...ring, at(ring, 0)]);
    }
  }
  return ponds.filter((ring) => isByTheSea(at(ring, 0)));
}
const isByTheSea = ([x, y]: Point): boolean => [0.8, 1.6, 2.4, 3.2].some((reach) => isTidal([x + reach, y]) || isTidal([x, y + reach]));

function waterways(): LayerFeature[] {
  const ditches = [];
  for (let row = -14; row <= 20; row++) {
    const points = Array.from({ length: 400 }, (_, step) => streetPoint(-16 + step * 0.1, (row + 0.5) * 0.75));
    const kept = stretches(points, (point) => densityAt(point) < 0.5 && heightAt(point) < 12 && isBuildable(point) && Math.sin(point[0] * 0.9 + row * 2.3) > -0.55);
    ditches.push(...kept.filter((piece) => piece.length > 8).map((piece) => line(piece, { from: 12, properties: { kind: 'ditch' } })));
  }
  return [
    ...canals.map((canal) => line(canal.line, { from: 9, properties: { kind: 'canal' } })),
    ...valleys
      .filter(({ zh }) => zh !== '')
      .map((valley) => line(stretches(valley.line, (point) => !isTidal(point))[0] ?? valley.line, { from: 10, properties: { kind: 'stream' } })),
    ...ditches,
  ];
}

function greenAreas(heights: Field): LayerFeature[] {
  const chance = chanceOf('parks');
  const parks: Water[] = [];
  for (let tries = 0; tries < 900; tries++) {
    const centre: Point = [-18 + chance() * 42, -10 + chance() * 25];
    const size = [0.1 + 0.3 * chance() ** 2, 0.08 + 0.14 * chance()] as const;
    const turn = chance() * Math.PI;
    if (densityAt(centre) > 0.2 && chance() < 0.4 && isBuildable(centre)) parks.push({ id: '', zh: '', en: '', centre, size, turn });
  }
  return [
    ...above(heights, 34, 0.08).map((rings) => area(rings, { from: 8, properties: { kind: 'wood' } })),
    ...wetlands.map((wetland) => area([shoreOf(wetland, 0.7)], { from: 9, properties: { kind: 'wetland' } })),
    ...parks.map((park) => area([shoreOf(park, 0.3)], { from: park.size[0] > 0.2 ? 11 : 12, properties: { kind: 'park' } })),
  ];
}

/** Light from the north-west on the hills: two shades of shadow (-2, -1) and two of light (1, 2). */
function reliefAreas(heights: Field): LayerFeature[] {
  const { columns, values, stepKm } = heights;
  const light: Field = {
    ...heights,
    values: values.map((_, cell) => {
      const across = ((values[cell + 1] ?? 0) - (values[cell - 1] ?? 0)) / (2000 * stepKm);
      const along = ((values[cell + columns] ?? 0) - (values[cell - columns] ?? 0)) / (2000 * stepKm);
      return (across - along) * Math.SQRT1_2;
    }),
  };
  const dark: Field = { ...light, values: light.values.map((value) => -value) };
  const shades = [
    { shade: 1, field: light, level: 0.045 },
    { shade: 2, field: light, level: 0.13 },
    { shade: -1, field: dark, level: 0.045 },
    { shade: -2, field: dark, level: 0.13 },
  ];
  return shades.flatMap(({ shade, field, level }) => above(field, level, 0.35).map((rings) => area(rings, { from: 8, properties: { shade } })));
}

function urbanAreas(): LayerFeature[] {
  const built = sampled(0.25, (point) => (isAirfield(point) || isTidal(point) ? 0 : densityAt(point)));
  return [1, 2].flatMap((level) => above(built, level === 1 ? 0.3 : 0.62, 0.1).map((rings) => area(rings, { from: 8, properties: { level } })));
}

/** Class 0 is a runway. */
function roads(streets: readonly Street[]): LayerFeature[] {
  const fromZoom = { 2: 9, 3: 11, 4: 12, 5: 13 } as const;
  // A carriageway each way, told apart from zoom 13 on, would need room that a quiet map has not: one line each.
  return [
    ...expressways.map(({ line: points, zh, en }) => line(points, { from: 8, properties: { class: 1, name_zh: zh, name_en: en } })),
    ...streets.map(({ line: points, rank, name }) =>
      line(points, { from: fromZoom[rank], properties: { class: rank, ...(name === undefined ? {} : { name_zh: name.zh, name_en: name.en }) } }),
    ),
    ...runways.map((runway) => line(runway, { from: 10, properties: { class: 0 } })),
    ...runways.map((runway) =>
      line(
        beside(runway, () => 0.22),
        { from: 13, properties: { class: 5 } },
      ),
    ),
  ];
}

const places = (): LayerFeature[] => [
  ...towns.map(({ zh, en, centre }) => spot(centre, { from: 8, properties: { kind: 'town', name_zh: zh, name_en: en } })),
  ...[...lakes, ...reservoirs].filter(({ zh }) => zh !== '').map(({ zh, en, centre }) => spot(centre, { from: 11, properties: { kind: 'water', name_zh: zh, name_en: en } })),
  spot([4.6, 7.25], { from: 8, properties: { kind: 'river', name_zh: '临江', name_en: 'Lin River' } }),
  spot([26, 16], { from: 8, properties: { kind: 'sea', name_zh: '入海口', name_en: 'River Mouth' } }),
];
