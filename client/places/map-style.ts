/**
 * The map's style: a quiet base in three tones and hairlines, region names, station marks. Built whole from its inputs, so
 * that a change of language or theme is a new style and MapLibre works out what differs. Pure.
 */
import type { FeatureCollection, GeoJSON } from 'geojson';
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import type { CityAnswer } from '../../server/contract/index.ts';
import type { Language } from '../ui/format.ts';
import type { Palette } from './palette.ts';
import { TIERS } from './thin-out.ts';
import { groundLayers, TILES, tileSource, waterLayers, wayLayers } from './tile-layers.ts';

/** The CSS family that draws the labels: MapLibre draws them itself, from the page's fonts, when no glyphs are served. */
export const LABEL_FONT = 'Noto Sans SC Variable';

type BasemapLayer = CityAnswer['basemap']['layers'][number];
type Kind = BasemapLayer['kind'];

export interface StyleInput {
  tiles: CityAnswer['basemap']['tiles'];
  basemap: readonly BasemapLayer[];
  /** Contents of the layers of kind `label`, by layer id: their letters had to be known beforehand. */
  labels: ReadonlyMap<string, GeoJSON>;
  regions: FeatureCollection;
  regionLabels: FeatureCollection;
  stations: FeatureCollection;
  palette: Palette;
  language: Language;
}

export const STATIONS = 'stations';
const CALM_STATIONS = 'stations-calm';
const REGIONS = 'regions';
const REGION_LABELS = 'region-labels';

/** From the ground up. */
const kindOrder: readonly Kind[] = ['land', 'green', 'water', 'road', 'boundary', 'label'];

function baseLayer({ id, kind }: BasemapLayer, palette: Palette, language: Language): LayerSpecification[] {
  const source = baseSource(id);
  const fill = (colour: string): LayerSpecification => ({
    id: source,
    type: 'fill',
    source,
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': colour, 'fill-antialias': true },
  });
  switch (kind) {
    case 'land':
      return [fill(palette.land), { id: `${source}-shore`, type: 'line', source, paint: { 'line-color': palette.shore, 'line-width': 0.8 } }];
    case 'green':
      return [fill(palette.green)];
    case 'water':
      return [
        fill(palette.water),
        {
          id: `${source}-line`,
          type: 'line',
          source,
          filter: ['==', ['geometry-type'], 'LineString'],
          paint: { 'line-color': palette.shore, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.5, 14, 2] },
        },
      ];
    case 'road':
      return [
        {
          id: source,
          type: 'line',
          source,
          layout: { 'line-cap': 'round', 'line-join': 'round' },
          paint: { 'line-color': palette.road, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.5, 15, 3] },
        },
      ];
    case 'boundary':
      return [{ id: source, type: 'line', source, paint: { 'line-color': palette.boundary, 'line-width': 0.8, 'line-dasharray': [3, 2] } }];
    case 'label':
      return nameLayers(source, palette, language);
  }
}

const baseSource = (id: string): string => `base-${id}`;

interface LabelLook {
  id: string;
  source: string;
  colour: string;
  halo: string;
  size: number;
  language: Language;
}

/** Names of the base step aside for each other and, as far as they can, for what is measured. */
function labelLayer({ id, source, colour, halo, size, language }: LabelLook): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source,
    layout: {
      'text-field': ['coalesce', ['get', `name_${language}`], ['get', 'name_zh'], ['get', 'name']],
      'text-font': [LABEL_FONT],
      'text-size': size,
      'text-letter-spacing': 0.04,
      'text-max-width': 8,
      'text-padding': 3,
      'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
      'text-radial-offset': 0.7,
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.2 },
  };
}

/**
 * Names by what they name. A feature may say its `kind` (river, sea, water and road are drawn in their own way), `from` which zoom
 * it is worth reading, and for a water its `turn` in degrees.
 */
function nameLayers(source: string, palette: Palette, language: Language): LayerSpecification[] {
  const from: ExpressionSpecification = ['>=', ['zoom'], ['coalesce', ['get', 'from'], 0]];
  const isOneOf = (...kinds: string[]): ExpressionSpecification => ['match', ['coalesce', ['get', 'kind'], ''], kinds, true, false];
  const look = { source, colour: palette.label, halo: palette.land, size: 11, language };
  const plain = labelLayer({ ...look, id: source });
  const water = labelLayer({ ...look, id: `${source}-water`, colour: palette.labelWater, halo: palette.water, size: 12 });
  const road = labelLayer({ ...look, id: `${source}-road`, size: 10.5 });
  const wide: ExpressionSpecification = ['match', ['get', 'kind'], ['sea', 'river'], 0.5, 0.04];
  return [
    {
      ...road,
      filter: ['all', from, isOneOf('road')],
      layout: { ...without(road.layout), 'symbol-placement': 'line', 'symbol-spacing': 420 },
      paint: { ...road.paint, 'text-opacity': 0.75 },
    },
    { ...plain, filter: ['all', from, ['!', isOneOf('river', 'sea', 'water', 'road')]] },
    {
      ...water,
      filter: ['all', from, isOneOf('river', 'sea', 'water')],
      layout: {
        ...without(water.layout),
        'text-rotate': ['coalesce', ['get', 'turn'], 0],
        'text-rotation-alignment': 'map',
        'text-max-width': 30,
        'text-letter-spacing': wide,
        'text-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          8,
          12,
          11,
          ['match', ['get', 'kind'], ['sea', 'river'], 17, 11.5],
          14,
          ['match', ['get', 'kind'], ['sea', 'river'], 24, 14],
        ],
      },
    },
  ] as LayerSpecification[];
}

/** A label that stays where it is: along a line or a river it must not step aside. */
function without(layout: LayerSpecification['layout']): object {
  const { 'text-variable-anchor': _anchor, 'text-radial-offset': _offset, ...rest } = { ...layout } as Record<string, unknown>;
  return rest;
}

const regionFill = (palette: Palette): LayerSpecification => ({ id: 'regions-fill', type: 'fill', source: REGIONS, paint: { 'fill-color': palette.landIn, 'fill-opacity': 0.55 } });
const regionLine = (palette: Palette): LayerSpecification => ({
  id: 'regions-line',
  type: 'line',
  source: REGIONS,
  layout: { 'line-join': 'round' },
  paint: { 'line-color': palette.boundary, 'line-width': 1 },
});

/** From here on the parts of a city are told apart, and its own name would stand among theirs. */
const PARTS_ZOOM = 9;

function regionNames(palette: Palette, language: Language): LayerSpecification[] {
  const look = { source: REGION_LABELS, colour: palette.label, halo: palette.land, size: 12.5, language };
  return [
    { ...labelLayer({ ...look, id: 'region-names' }), filter: ['!', ['get', 'hasParts']], minzoom: PARTS_ZOOM - 2 },
    { ...labelLayer({ ...look, id: 'region-parents' }), filter: ['get', 'hasParts'], maxzoom: PARTS_ZOOM },
  ] as LayerSpecification[];
}

/**
 * Grey dots step back where they are many, to specks until the zoom of their tier, and lie under the names; whatever is not normal keeps
 * its size and lies over everything.
 */
function stationLayers(): [calm: LayerSpecification, abnormal: LayerSpecification] {
  const isNormal: ExpressionSpecification = ['==', ['get', 'mark'], 'normal'];
  const bySpeck = (zoom: number, speck: number, mark: number): ExpressionSpecification => ['case', ['>', ['get', 'tier'], zoom], speck, mark];
  const sizes = TIERS.flatMap((zoom, i) => [zoom, bySpeck(zoom, 0.34, 0.58 + 0.09 * i)]);
  const opacities = [bySpeck(TIERS[0], 0.45, 1), ...TIERS.slice(1).flatMap((zoom) => [zoom, bySpeck(zoom, 0.5, 1)])];
  const layout: SymbolLayerSpecification['layout'] = { 'icon-image': ['get', 'mark'], 'icon-allow-overlap': true, 'icon-ignore-placement': true };
  return [
    {
      id: CALM_STATIONS,
      type: 'symbol',
      source: STATIONS,
      filter: isNormal,
      layout: { ...layout, 'icon-size': ['interpolate', ['linear'], ['zoom'], ...sizes] as ExpressionSpecification },
      paint: { 'icon-opacity': ['step', ['zoom'], ...opacities] as ExpressionSpecification },
    },
    {
      id: STATIONS,
      type: 'symbol',
      source: STATIONS,
      filter: ['!', isNormal],
      layout: { ...layout, 'symbol-sort-key': ['get', 'rank'], 'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.86, 12.5, 1] },
    },
  ];
}

/** The whole style. */
export function mapStyle(input: StyleInput): StyleSpecification {
  const { tiles, basemap, labels, palette, language } = input;
  const ordered = [...basemap].sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind));
  const sources: Record<string, SourceSpecification> = {
    [REGIONS]: { type: 'geojson', data: input.regions },
    [REGION_LABELS]: { type: 'geojson', data: input.regionLabels },
    [STATIONS]: { type: 'geojson', data: input.stations },
  };
  const [calm, abnormal] = stationLayers();
  if (tiles !== null) sources[TILES] = tileSource(tiles);
  const fromTiles = (layers: (palette: Palette) => LayerSpecification[]): LayerSpecification[] => (tiles === null ? [] : layers(palette));
  for (const { id, url } of ordered) sources[baseSource(id)] = { type: 'geojson', data: labels.get(id) ?? url };
  const ground = ordered.filter((layer) => layer.kind === 'land' || layer.kind === 'green' || layer.kind === 'water');
  const lines = ordered.filter((layer) => layer.kind === 'road' || layer.kind === 'boundary');
  const names = ordered.filter((layer) => layer.kind === 'label');
  const draw = (layers: readonly BasemapLayer[]): LayerSpecification[] => layers.flatMap((layer) => baseLayer(layer, palette, language));
  const hasLand = ordered.some((layer) => layer.kind === 'land');
  return {
    version: 8,
    sources,
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': hasLand ? palette.water : palette.land } },
      ...draw(ground.filter((layer) => layer.kind === 'land')),
      regionFill(palette),
      ...fromTiles(groundLayers),
      ...fromTiles(waterLayers),
      ...draw(ground.filter((layer) => layer.kind !== 'land')),
      ...fromTiles(wayLayers),
      // Over the ground's water and ways: the towns' borders are what the page speaks of.
      regionLine(palette),
      ...draw(lines),
      calm,
      ...draw(names),
      ...regionNames(palette, language),
      abnormal,
    ],
  };
}

/** Every letter that the labels of `collections` may show, in any language: the fonts are loaded for these before the map is made. */
export function labelLetters(collections: Iterable<GeoJSON>): string {
  const letters = new Set<string>();
  for (const collection of collections) {
    if (collection.type !== 'FeatureCollection') continue;
    for (const feature of collection.features) {
      for (const key of ['name', 'name_zh', 'name_en']) {
        const name: unknown = feature.properties?.[key];
        if (typeof name === 'string') for (const letter of name) letters.add(letter);
      }
    }
  }
  return [...letters].sort().join('');
}
