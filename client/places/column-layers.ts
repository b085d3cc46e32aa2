/** deck.gl's part of the map: the columns and the numbers over them. */
import { type Layer, WebMercatorViewport } from '@deck.gl/core';
import { ColumnLayer, TextLayer } from '@deck.gl/layers';
import { formatNumber, type Language } from '../ui/format.ts';
import { type Column, labelled, metresPerPixel, type Standing } from './columns.ts';
import { type Palette, rgba } from './palette.ts';

/** The camera, as MapLibre has it. */
export interface Camera {
  width: number;
  height: number;
  longitude: number;
  latitude: number;
  zoom: number;
  pitch: number;
  bearing: number;
}

/** Half of a column's side, CSS pixels. */
const RADIUS_PX = 6;
/** What no longer tells the present steps back. */
const DIMMED = 90;
const levelShapes = { red: '■', orange: '◆', yellow: '▲', blue: '●' } as const;
export const LEVEL_SHAPES = Object.values(levelShapes).join('');

const metres = (column: Column, zoom: number): number => column.px * metresPerPixel(column.latitude, zoom);

/** Where each column stands on the screen, foot and top, for labels and for pointing. */
export function standings(columns: readonly Column[], camera: Camera): Map<string, Standing> {
  const viewport = new WebMercatorViewport(camera);
  const found = new Map<string, Standing>();
  for (const column of columns) {
    const [fx = 0, fy = 0] = viewport.project([column.longitude, column.latitude]);
    const [tx = 0, ty = 0] = viewport.project([column.longitude, column.latitude, metres(column, camera.zoom)]);
    found.set(column.place, { place: column.place, foot: [fx, fy], top: [tx, ty] });
  }
  return found;
}

export interface ColumnLook {
  palette: Palette;
  language: Language;
  numberFont: string;
}

const labelText = (column: Column, language: Language): string => {
  const number = formatNumber(column.value, column.decimals, language);
  return column.level === null ? number : `${levelShapes[column.level]} ${number}`;
};

const inView = ({ top: [x, y] }: Standing, camera: Camera): boolean => x > 0 && y > 0 && x < camera.width && y < camera.height;

/** The layers for these columns seen by this camera. */
export function columnLayers(columns: readonly Column[], camera: Camera, look: ColumnLook): Layer[] {
  const { palette, language } = look;
  const { zoom } = camera;
  const standing = new Map([...standings(columns, camera)].filter(([, one]) => inView(one, camera)));
  const colour = (column: Column): [number, number, number, number] => rgba(column.level === null ? palette.series : palette.level[column.level], column.isPresent ? 235 : DIMMED);
  return [
    new ColumnLayer<Column>({
      id: 'columns',
      data: columns as Column[],
      diskResolution: 4,
      angle: 45,
      radius: RADIUS_PX,
      radiusUnits: 'pixels',
      extruded: true,
      flatShading: true,
      getPosition: (column) => [column.longitude, column.latitude],
      getElevation: (column) => metres(column, 0),
      // Heights are in pixels: the ground under a pixel halves with each zoom, and no buffer is written anew for it.
      elevationScale: 2 ** -zoom,
      getFillColor: colour,
      material: { ambient: 0.5, diffuse: 0.72, shininess: 1, specularColor: [0, 0, 0] },
      updateTriggers: { getFillColor: palette },
    }),
    new TextLayer<Column>({
      id: 'column-labels',
      data: labelled(columns, standing),
      characterSet: `0123456789.,\u2212 ${LEVEL_SHAPES}`,
      fontFamily: look.numberFont,
      fontWeight: 600,
      fontSettings: { fontSize: 48, sdf: true, buffer: 6, radius: 10 },
      outlineWidth: 3,
      outlineColor: rgba(palette.page, 255),
      getText: (column) => labelText(column, language),
      getPosition: (column) => [column.longitude, column.latitude, metres(column, zoom)],
      getPixelOffset: [0, -10],
      getSize: 15,
      getColor: (column) => rgba(column.level === null ? palette.text : palette.level[column.level], column.isPresent ? 255 : 160),
      parameters: { depthCompare: 'always' },
      updateTriggers: { getPosition: zoom, getColor: palette, getText: language },
    }),
  ];
}
