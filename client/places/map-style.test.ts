import type { FeatureCollection } from 'geojson';
import { describe, expect, test } from 'vitest';
import { LABEL_FONT, labelLetters, mapStyle, STATIONS, type StyleInput } from './map-style.ts';
import type { Palette } from './palette.ts';

const none: FeatureCollection = { type: 'FeatureCollection', features: [] };
const palette = { land: '#111111', water: '#222222', level: {} } as Palette;
const input: StyleInput = {
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

  test('the letters of all names in both languages are told once each', () => {
    const names: FeatureCollection = {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { name_zh: '东河东', name_en: 'East' }, geometry: { type: 'Point', coordinates: [0, 0] } }],
    };
    expect(labelLetters([names, none])).toBe('East东河');
  });
});
