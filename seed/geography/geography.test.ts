/** The district as it is committed: made anew from its seed and compared, then looked at as a map-maker would. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readStationsCsv } from '../../server/catalogue/read-csv.ts';
import { chanceOf } from './chance.ts';
import { factsOf, type GeographyFacts } from './facts.ts';
import { outline } from './land.ts';
import { linjiang } from './linjiang.ts';
import { divideTowns, type TownArea } from './partition.ts';
import { areaOf, fromDegrees, isInside, type Point } from './plane.ts';
import { stationTypes } from './station-types.ts';
import { type PlacedStation, placeStations } from './stations.ts';
import { factsText, regionsText, stationsText } from './write-places.ts';

const folder = resolve(import.meta.dirname, '../../metrics-config/linjiang');
const committed = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

let areas: TownArea[];
let stations: PlacedStation[];
let facts: GeographyFacts;
beforeAll(() => {
  areas = divideTowns();
  stations = placeStations(areas);
  facts = factsOf(areas, stations);
}, 60_000);

describe('the committed places', () => {
  test('are what the seed number makes, byte for byte', async () => {
    expect(regionsText(areas, 'linjiang')).toBe(await committed('places/regions.geojson'));
    expect(stationsText(stations)).toBe(await committed('places/stations.csv'));
    expect(factsText(facts)).toBe(await readFile(join(import.meta.dirname, 'facts.json'), 'utf8'));
  });

  test('are read by the catalogue without a finding', () => {
    const answer = readStationsCsv(stationsText(stations), 'places/stations.csv');
    expect(answer.problems).toEqual([]);
    expect(answer.stations).toHaveLength(stations.length);
  });
});

describe('the towns', () => {
  test('fill the district without gap or overlap', () => {
    expect(areas).toHaveLength(22);
    expect(areas.reduce((sum, { ring }) => sum + areaOf(ring), 0)).toBeCloseTo(areaOf(outline), 1);
    const chance = chanceOf('test points');
    for (let i = 0; i < 4000; i++) {
      const point: Point = [-20 + 45 * chance(), -20 + 34 * chance()];
      const holders = areas.filter(({ ring }) => isInside(ring, point)).map(({ id }) => id);
      expect(holders.length, `${point.join(', ')} in ${holders.join(' and ')}`).toBe(isInside(outline, point) ? 1 : holders.length === 1 ? 1 : 0);
    }
  });

  test('share every inner border to the last digit: each edge belongs to two towns, run in opposite directions', () => {
    const edges = new Map<string, number>();
    for (const { geometry } of (JSON.parse(regionsText(areas, 'linjiang')) as { features: { geometry: { coordinates: [number, number][][] } }[] }).features) {
      const [ring = []] = geometry.coordinates;
      for (let i = 1; i < ring.length; i++) edges.set(`${ring[i - 1]} ${ring[i]}`, (edges.get(`${ring[i - 1]} ${ring[i]}`) ?? 0) + 1);
    }
    expect(Math.max(...edges.values())).toBe(1);
    const lonely = [...edges.keys()].filter((edge) => !edges.has(edge.split(' ').reverse().join(' ')));
    const onOutline = lonely.filter((edge) => {
      const [longitude = 0, latitude = 0] = (edge.split(' ')[0] ?? '').split(',').map(Number);
      return outlinePoints.has(keyOf(fromDegrees(longitude, latitude)));
    });
    // The few others begin where an inner border meets the outline between two of its points.
    expect(lonely.length - onOutline.length).toBeLessThan(45);
    expect(lonely.length).toBeGreaterThan(500);
  });

  test('have 2.7 million people, and neighbours that agree', () => {
    expect(facts.population).toBe(2_700_000);
    for (const { id, neighbours } of areas) for (const other of neighbours) expect(areas.find((area) => area.id === other)?.neighbours).toContain(id);
  });
});
const keyOf = ([x, y]: Point): string => `${x.toFixed(2)} ${y.toFixed(2)}`;
const outlinePoints = new Set(outline.flatMap(([x, y]) => [-0.005, 0, 0.005].flatMap((dx) => [-0.005, 0, 0.005].map((dy) => keyOf([x + dx, y + dy])))));

describe('the stations', () => {
  test('are as many of each type as planned, 913 in all', () => {
    expect(stations).toHaveLength(913);
    for (const { prefix, count, kind } of stationTypes) {
      const found = stations.filter(({ id }) => id.startsWith(`${prefix}_`));
      expect(found.length, prefix).toBe(count);
      expect(new Set(found.map((station) => station.kind)), prefix).toEqual(new Set([kind]));
    }
  });

  test('have ids, names and spots of their own', () => {
    for (const of of [({ id }: PlacedStation) => id, ({ name }: PlacedStation) => name.zh, ({ name }: PlacedStation) => name.en, ({ point }: PlacedStation) => point.join(' ')]) {
      expect(new Set(stations.map(of)).size).toBe(stations.length);
    }
  });

  test('stand in the town that is their parent', () => {
    for (const { id, parent, point } of stations)
      expect(
        areas.filter(({ ring }) => isInside(ring, point)).map((area) => area.id),
        id,
      ).toEqual([parent]);
  });

  test('number the river’s gauges downstream, and give upstream more room above the warning level', () => {
    const gauges = Object.entries(facts.gauges).filter(([, { water }]) => water === 'lin');
    expect(gauges).toHaveLength(24);
    const km = gauges.map(([, gauge]) => gauge.km);
    expect(km).toEqual([...km].sort((a, b) => a - b));
    const red = stations.filter(({ id }) => id.startsWith('river_')).map(({ limits }) => Number(limits.find((limit) => limit.includes(':red='))?.split('=')[1]));
    expect(red[0]).toBeGreaterThan((red.at(-1) ?? 0) + 0.4);
  });

  test('tell the simulator the same as the file it reads', () => {
    expect(linjiang).toEqual(facts);
  });
});
