/**
 * The city's vector tiles in the map's quiet tones: built-up ground, woods and relief a shade apart, water, then lines that come with
 * the zoom. Never a signal colour, never green as a sign: this is ground, not data. Pure.
 */
import type { DataDrivenPropertyValueSpecification, FillLayerSpecification, LayerSpecification, VectorSourceSpecification } from 'maplibre-gl';
import type { CityAnswer } from '../../server/contract/index.ts';
import type { Palette } from './palette.ts';

export const TILES = 'tiles';
type Tiles = NonNullable<CityAnswer['basemap']['tiles']>;

/** Read by the `pmtiles` protocol, which the map's maker registers: byte ranges of one file. */
export const tileSource = ({ url, minZoom, maxZoom }: Tiles): VectorSourceSpecification => ({
  type: 'vector',
  tiles: [`pmtiles://${url}/{z}/{x}/{y}`],
  minzoom: minZoom,
  maxzoom: maxZoom,
});

type Width = DataDrivenPropertyValueSpecification<number>;
/** CSS pixels at zooms, straight between them. */
const widths = (...stops: readonly (readonly [zoom: number, px: number])[]): Width => ['interpolate', ['exponential', 1.4], ['zoom'], ...stops.flat()] as Width;

/** What lies under the districts' tint and the water. */
export function groundLayers(palette: Palette): LayerSpecification[] {
  const fill = (id: string, paint: NonNullable<FillLayerSpecification['paint']>): LayerSpecification => ({
    id: `tiles-${id}`,
    type: 'fill',
    source: TILES,
    'source-layer': id,
    paint,
  });
  return [
    fill('urban', { 'fill-color': palette.road, 'fill-opacity': ['match', ['get', 'level'], 2, 0.2, 0.26], 'fill-antialias': false }),
    fill('green', { 'fill-color': palette.green, 'fill-opacity': ['match', ['get', 'kind'], 'wood', 0.85, 1] }),
    fill('relief', {
      'fill-color': ['case', ['>', ['get', 'shade'], 0], palette.text, palette.page],
      'fill-opacity': ['match', ['get', 'shade'], 1, 0.022, 2, 0.03, -1, 0.28, -2, 0.34, 0],
      'fill-antialias': false,
    }),
  ];
}

export function waterLayers(palette: Palette): LayerSpecification[] {
  const shallow = ['match', ['get', 'kind'], 'pond', 0.55, 1] as DataDrivenPropertyValueSpecification<number>;
  return [
    { id: 'tiles-water', type: 'fill', source: TILES, 'source-layer': 'water', paint: { 'fill-color': palette.water, 'fill-opacity': shallow } },
    // Lines of shallow water along the banks, as on a chart.
    ...[9, 5, 2.5].map(
      (width, i): LayerSpecification => ({
        id: `tiles-shallows-${i}`,
        type: 'line',
        source: TILES,
        'source-layer': 'water',
        filter: ['==', ['get', 'kind'], 'river'],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.shore,
          'line-opacity': 0.2,
          'line-width': widths([8, width / 3], [11, width], [14, width * 2]),
          'line-offset': widths([8, -width / 6], [11, -width / 2], [14, -width]),
        },
      }),
    ),
    {
      id: 'tiles-shore',
      type: 'line',
      source: TILES,
      'source-layer': 'water',
      filter: ['!=', ['get', 'kind'], 'pond'],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.shore, 'line-width': widths([8, 0.5], [14, 1.4]), 'line-opacity': 0.9 },
    },
    {
      id: 'tiles-waterway',
      type: 'line',
      source: TILES,
      'source-layer': 'waterway',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': palette.shore,
        'line-opacity': ['match', ['get', 'kind'], 'canal', 0.85, 'stream', 0.6, 0.4],
        'line-width': [
          'interpolate',
          ['exponential', 1.5],
          ['zoom'],
          9,
          ['match', ['get', 'kind'], 'canal', 0.6, 0.3],
          12,
          ['match', ['get', 'kind'], 'canal', 1.5, 'stream', 1, 0.5],
          15,
          ['match', ['get', 'kind'], 'canal', 6, 'stream', 3, 1.6],
        ],
      },
    },
  ];
}

/** Roads from the smallest to the expressways, then rails; buildings below them all. */
export function wayLayers(palette: Palette): LayerSpecification[] {
  const road = (rank: number, look: { colour: string; from: number; width: Width; opacity: Width }): LayerSpecification => ({
    id: `tiles-road-${rank}`,
    type: 'line',
    source: TILES,
    'source-layer': 'road',
    minzoom: look.from,
    filter: ['==', ['get', 'class'], rank],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': look.colour, 'line-width': look.width, 'line-opacity': look.opacity },
  });
  return [
    {
      id: 'tiles-building',
      type: 'fill',
      source: TILES,
      'source-layer': 'building',
      minzoom: 13,
      paint: { 'fill-color': palette.road, 'fill-opacity': widths([13, 0.28], [14.5, 0.6]) },
    },
    road(5, { colour: palette.road, from: 13, width: widths([13, 0.4], [15, 1.6]), opacity: widths([13, 0.35], [14.5, 0.8]) }),
    road(4, { colour: palette.road, from: 12, width: widths([12, 0.5], [15, 2.6]), opacity: widths([12, 0.5], [14, 0.9]) }),
    road(3, { colour: palette.road, from: 11, width: widths([11, 0.5], [15, 4.2]), opacity: widths([11, 0.7], [13, 1]) }),
    road(2, { colour: palette.road, from: 9, width: widths([9, 0.5], [12, 1.7], [15, 6]), opacity: widths([9, 0.8], [11, 1]) }),
    road(0, { colour: palette.roadMajor, from: 10, width: widths([10, 1.5], [15, 16]), opacity: 0.6 }),
    { ...casing(palette), id: 'tiles-road-casing' },
    road(1, { colour: palette.roadMajor, from: 8, width: widths([8, 0.8], [11, 2], [15, 8]), opacity: 1 }),
    {
      id: 'tiles-rail',
      type: 'line',
      source: TILES,
      'source-layer': 'rail',
      paint: { 'line-color': palette.boundary, 'line-opacity': 0.75, 'line-width': widths([9, 0.7], [15, 2.4]), 'line-dasharray': [5, 3] },
    },
    {
      id: 'tiles-metro',
      type: 'line',
      source: TILES,
      'source-layer': 'metro',
      minzoom: 10.5,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.boundary, 'line-opacity': 0.5, 'line-width': widths([10, 0.7], [15, 2.6]), 'line-dasharray': [1, 1.6] },
    },
  ] as LayerSpecification[];
}

/** A dark edge, so that an expressway crosses streets instead of joining them. */
const casing = (palette: Palette): object => ({
  type: 'line',
  source: TILES,
  'source-layer': 'road',
  filter: ['==', ['get', 'class'], 1],
  layout: { 'line-cap': 'round', 'line-join': 'round' },
  paint: { 'line-color': palette.land, 'line-width': widths([8, 1.6], [11, 3.6], [15, 11]) },
});
