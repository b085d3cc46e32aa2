import { describe, expect, test } from 'vitest';
import type { RuleSummary } from '../../server/contract/index.ts';
import { aLatest, anAlert, anIndicator, aPlace, aSeries } from '../live/builders.fixture.ts';
import { type Column, columnPx, columnsOf, labelled, MAX_LABELS, MAX_PX, metresPerPixel, REFERENCE_PX, referenceValue, type Standing } from './columns.ts';
import { distanceToSegment, placeAt } from './hit-test.ts';
import { regionBounds, regionLabels, withinWorld } from './regions.ts';
import type { SeriesView, StationView } from './station-states.ts';

const aColumn = (place: string, more: Partial<Column> = {}): Column => ({
  place,
  longitude: 0,
  latitude: 0,
  value: 10,
  decimals: 0,
  px: 10,
  level: null,
  acknowledged: true,
  isPresent: true,
  ...more,
});
const standing = (entries: Record<string, [number, number]>): Map<string, Standing> =>
  new Map(Object.entries(entries).map(([place, top]) => [place, { place, foot: [top[0], top[1] + 10] as const, top }]));
/** A place whose one series is drawn as a column. */
function aStation(place: string, latest: { value: number }, more: Partial<SeriesView> = {}): StationView {
  const column: SeriesView = { series: aSeries({ place }), indicator: anIndicator(), latest: aLatest({ place, ...latest }), state: 'good', alert: null, ...more };
  return { place: aPlace({ id: place }), longitude: 0, latitude: 0, mark: 'normal', alert: null, level: null, isUrgent: false, series: [column], column };
}

describe('columns', () => {
  test('twice the value is twice the height, up to the tallest', () => {
    expect(columnPx(10, 40) * 2).toBeCloseTo(columnPx(20, 40));
    expect(columnPx(40, 40)).toBe(REFERENCE_PX);
    expect(columnPx(4000, 40)).toBe(MAX_PX);
  });

  test('zero has no height, and whatever is above zero is seen', () => {
    expect(columnPx(0, 40)).toBe(0);
    expect(columnPx(-1, 40)).toBe(0);
    expect(columnPx(0.001, 40)).toBeGreaterThanOrEqual(3);
  });

  test('the reference is the highest upper limit, without limits the largest value', () => {
    const rule = { kind: 'threshold', indicator: 'depth', direction: 'above', limits: [{ value: 5 }, { value: 35 }] } as RuleSummary;
    expect(referenceValue('depth', [rule], 80)).toBe(35);
    expect(referenceValue('rain', [rule], 80)).toBe(80);
  });

  test('limits that are not values of the indicator, or warn of too little, are no reference', () => {
    const limits = [{ value: 3 }];
    const rules = [
      { kind: 'ratio', indicator: 'depth', direction: 'above', limits },
      { kind: 'threshold', indicator: 'depth', direction: 'below', limits },
    ] as RuleSummary[];
    expect(referenceValue('depth', rules, 80)).toBe(80);
  });

  test('they stand lowest first, each with the level of its own series', () => {
    const stations = [aStation('deep', { value: 40 }, { alert: anAlert({ level: 'red', acknowledged: true }) }), aStation('low', { value: 10 })];
    const rule = { kind: 'threshold', indicator: 'depth', direction: 'above', limits: [{ value: 40 }] } as RuleSummary;
    expect(columnsOf(stations, [rule])).toEqual([
      aColumn('low', { value: 10, decimals: 1, px: REFERENCE_PX / 4 }),
      aColumn('deep', { value: 40, decimals: 1, px: REFERENCE_PX, level: 'red', acknowledged: true }),
    ]);
  });

  test('an unacknowledged alert stays so on its column', () => {
    expect(columnsOf([aStation('a', { value: 9 }, { alert: anAlert({ acknowledged: false }) })], [])[0]?.acknowledged).toBe(false);
  });

  test('each indicator is measured by its own largest value where no limit is known', () => {
    const rain = aStation('wet', { value: 2 }, { indicator: anIndicator({ id: 'rain' }) });
    expect(columnsOf([aStation('deep', { value: 200 }), rain], []).map((one) => one.px)).toEqual([REFERENCE_PX, REFERENCE_PX]);
  });

  test('a value that no longer tells the present is still drawn, and known as past', () => {
    expect(
      columnsOf([aStation('old', { value: 9 }, { state: 'stale' }), aStation('odd', { value: 8 }, { state: 'suspect' })], []).map((one) => [one.place, one.isPresent]),
    ).toEqual([
      ['odd', true],
      ['old', false],
    ]);
  });

  test('a place without a column has none', () => {
    expect(columnsOf([{ ...aStation('a', { value: 9 }), column: null }], [])).toEqual([]);
  });

  test('no more numbers are written than can be read, and the highest are kept', () => {
    const columns = Array.from({ length: MAX_LABELS + 5 }, (_, i) => aColumn(`p${i}`, { value: i }));
    const chosen = labelled(columns, standing(Object.fromEntries(columns.map((one, i) => [one.place, [i * 100, 0] as [number, number]]))));
    expect(chosen).toHaveLength(MAX_LABELS);
    expect([chosen[0]?.value, chosen.at(-1)?.value]).toEqual([MAX_LABELS + 4, 5]);
  });

  test('of numbers that would overlap the worse level is written', () => {
    const columns = [aColumn('deep', { value: 90 }), aColumn('red', { value: 40, level: 'red' }), aColumn('far', { value: 1 })];
    expect(labelled(columns, standing({ deep: [100, 100], red: [110, 104], far: [400, 100] })).map((one) => one.place)).toEqual(['red', 'far']);
  });

  test('a column out of sight has no number', () => {
    expect(labelled([aColumn('a')], new Map())).toEqual([]);
  });

  test('a pixel covers half the ground with each zoom, and less towards the pole', () => {
    expect(metresPerPixel(0, 10) / metresPerPixel(0, 11)).toBeCloseTo(2);
    expect(metresPerPixel(60, 10) / metresPerPixel(0, 10)).toBeCloseTo(0.5);
  });
});

describe('pointing at a place', () => {
  const dot = (place: string, x: number, y: number): Standing => {
    const foot = [x, y] as const;
    return { place, foot, top: foot };
  };
  test('the nearest mark within reach is meant, none beyond it', () => {
    expect(placeAt([100, 100], [dot('a', 90, 100), dot('b', 104, 100)])).toBe('b');
    expect(placeAt([100, 100], [dot('a', 130, 100)])).toBeNull();
  });

  test('a column is met along its whole height', () => {
    expect(placeAt([103, 40], [{ place: 'tall', foot: [100, 100], top: [100, 10] }])).toBe('tall');
  });

  test('the mark under the pointer is meant, not a column that passes behind it', () => {
    const tall: Standing = { place: 'tall', foot: [100, 160], top: [100, 60] };
    expect(placeAt([100, 100], [tall, dot('mark', 105, 100)])).toBe('mark');
    expect(placeAt([100, 100], [dot('mark', 105, 100), tall])).toBe('mark');
  });

  test('a column under the pointer is meant, not a mark that is merely within reach', () => {
    const tall: Standing = { place: 'tall', foot: [100, 160], top: [100, 60] };
    expect(placeAt([100, 100], [tall, dot('mark', 112, 100)])).toBe('tall');
  });

  test('past its top or beside it a column is not met', () => {
    const tall: Standing = { place: 'tall', foot: [100, 100], top: [100, 10] };
    expect([placeAt([100, 2], [tall]), placeAt([108, 50], [tall])]).toEqual([null, null]);
  });

  test('of two at one spot the one drawn above is meant', () => {
    expect(placeAt([0, 0], [dot('below', 0, 0), dot('above', 0, 0)])).toBe('above');
  });

  test('distance to a segment ends at its ends', () => {
    expect(distanceToSegment([0, 5], [0, 0], [10, 0])).toBe(5);
    expect(distanceToSegment([13, 4], [0, 0], [10, 0])).toBe(5);
    expect(distanceToSegment([3, 4], [0, 0], [0, 0])).toBe(5);
  });
});

describe('regions', () => {
  const square = (id: string, at: number, side: number, parent?: string) => ({
    type: 'Feature' as const,
    properties: { id, ...(parent === undefined ? {} : { parent }) },
    geometry: {
      type: 'MultiPolygon' as const,
      coordinates: [
        [
          [
            [at, at],
            [at + side, at],
            [at + side, at + side],
            [at, at + side],
            [at, at],
          ],
        ],
        [
          [
            [50, 50],
            [50.1, 50],
            [50.1, 50.1],
            [50, 50],
          ],
        ],
      ],
    },
  });
  const regions = { type: 'FeatureCollection' as const, features: [square('whole', 0, 4), square('part', 0, 2, 'whole')] };

  test('a name stands in the middle of the largest part, and a region with parts is known', () => {
    const [whole, part] = regionLabels(regions).features;
    expect(whole?.geometry.coordinates[0]).toBeCloseTo(2);
    expect(whole?.geometry.coordinates[1]).toBeCloseTo(2);
    expect([whole?.properties?.['hasParts'], part?.properties?.['hasParts']]).toEqual([true, false]);
  });

  test('bounds hold all parts; an unknown region has none', () => {
    expect(regionBounds(regions, 'part')).toEqual([0, 0, 50.1, 50.1]);
    expect(regionBounds(regions, 'nowhere')).toBeNull();
  });

  test('a polygon of one part has its name and bounds too; a thing without an area has neither', () => {
    const ring = [
      [-74, 40],
      [-73, 40],
      [-73, 42],
      [-74, 42],
      [-74, 40],
    ];
    const single = {
      type: 'FeatureCollection' as const,
      features: [
        { type: 'Feature' as const, properties: { id: 'park' }, geometry: { type: 'Polygon' as const, coordinates: [ring] } },
        { type: 'Feature' as const, properties: { id: 'spot' }, geometry: { type: 'Point' as const, coordinates: [-74, 40] } },
      ],
    };
    const labels = regionLabels(single).features;
    expect(labels.map((label) => label.properties?.['id'])).toEqual(['park']);
    expect(labels[0]?.geometry.coordinates[0]).toBeCloseTo(-73.5);
    expect(labels[0]?.geometry.coordinates[1]).toBeCloseTo(41);
    expect([regionBounds(single, 'park'), regionBounds(single, 'spot')]).toEqual([[-74, 40, -73, 42], null]);
  });

  test('bounds of the whole world leave a hair at the date line', () => {
    expect(withinWorld([-180, -58, 180, 78])).toEqual([-179.99, -58, 179.99, 78]);
    expect(withinWorld([116, 39, 117, 40])).toEqual([116, 39, 117, 40]);
  });
});
