import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { FeatureCollection } from 'geojson';
import { describe, expect, test } from 'vitest';
import { LABEL_FONT, labelLetters, mapStyle, STATIONS, type StyleInput } from './map-style.ts';
import type { Palette } from './palette.ts';

const none: FeatureCollection = { type: 'FeatureCollection', features: [] };
const palette = { land: '#111111', water: '#222222', level: {} } as Palette;
/** A palette whose every colour is there. */
const everyColour = new Proxy({ level: {} }, { get: () => '#123456' }) as Palette;
const input: StyleInput = {
  tiles: null,
  basemap: [
    { id: 'names', kind: 'label', url: '/names' },
    { id: 'sea', kind: 'water', url: '/sea' },
    { id: 'ground', kind: 'land', url: '/ground' },
    { id: 'ways', kind: 'road', url: '/ways' },
  ],
  labels: new Map([['names', none]]),
  regions: none,
  regionLabels: none,
  stations: none,
  palette,
  language: 'en',
};

describe('the map’s style', () => {
  test('land lies under water, both under roads, and stations over everything', () => {
    const ids = mapStyle(input).layers.map((layer) => layer.id);
    const order = ['ground', 'base-ground', 'base-sea', 'base-ways', 'base-names', STATIONS].map((id) => ids.indexOf(id));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(ids.at(-1)).toBe(STATIONS);
  });

  test('without land the ground is land, else water', () => {
    const ground = (basemap: StyleInput['basemap']) => mapStyle({ ...input, basemap }).layers[0]?.paint;
    expect(ground(input.basemap)).toEqual({ 'background-color': palette.water });
    expect(ground([])).toEqual({ 'background-color': palette.land });
  });

  test('labels are drawn in the page’s font and language, and no glyphs are asked for', () => {
    const style = mapStyle(input);
    expect(style.glyphs).toBeUndefined();
    expect(style.layers.find((layer) => layer.id === 'base-names')?.layout).toMatchObject({
      'text-font': [LABEL_FONT],
      'text-field': ['coalesce', ['get', 'name_en'], ['get', 'name_zh'], ['get', 'name']],
    });
  });

  test('tiles lie over the districts’ tint and under their borders, names and stations', () => {
    const ids = mapStyle({ ...input, tiles: { url: '/tiles', minZoom: 8, maxZoom: 14 } }).layers.map((layer) => layer.id);
    const order = [
      'ground',
      'regions-fill',
      'tiles-relief',
      'tiles-water',
      'tiles-building',
      'tiles-road-1',
      'regions-line',
      'stations-calm',
      'base-names',
      'region-names',
      STATIONS,
    ].map((id) => ids.indexOf(id));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(mapStyle(input).layers.some((layer) => layer.id.startsWith('tiles-'))).toBe(false);
  });

  test('the style is one that the map accepts', () => {
    expect(validateStyleMin(mapStyle({ ...input, palette: everyColour, tiles: { url: '/tiles', minZoom: 8, maxZoom: 14 } }))).toEqual([]);
  });

  test('the letters of all names in both languages are told once each', () => {
    const names: FeatureCollection = {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { name_zh: '东河东', name_en: 'East' }, geometry: { type: 'Point', coordinates: [0, 0] } }],
    };
    expect(labelLetters([names, none])).toBe('East东河');
  });
});
