/** Cuts the layers into vector tiles, zoom by zoom. */
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { extent } from './land.ts';
import type { LayerFeature, LayerName, Layers } from './layers.ts';
import { toDegrees } from './plane.ts';
import { pmtilesFile, type Tile } from './pmtiles-file.ts';
import { simulatedNote } from './write-places.ts';

export const minZoom = 8;
export const maxZoom = 14;
/** Units a tile is divided into: at zoom 14 one is 0.6 m. */
const tileUnits = 4096;

/** From this zoom on only what the city's bounds hold is cut: nobody gets nearer to the rest. */
const closeZoom = 12;
const closeBounds = [...toDegrees([-41, -46]), ...toDegrees([54, 35.5])] as [number, number, number, number];

/** How far a line may be straightened, in units: shades of relief are blurred anyway, a house is small. */
const tolerances: Partial<Record<LayerName, number>> = { building: 1, relief: 14 };

const bounds = [...toDegrees([extent.west, extent.south]), ...toDegrees([extent.east, extent.north])] as [number, number, number, number];

/** The archive with all layers, z8 to z14. */
export function archiveOf(layers: Layers): Uint8Array {
  const names = Object.keys(layers) as LayerName[];
  return pmtilesFile(tilesOf(layers), {
    minZoom,
    maxZoom,
    bounds,
    metadata: { name: 'linjiang', attribution: `${simulatedNote.zh} ${simulatedNote.en}`, vector_layers: names.map((id) => ({ id, fields: {} })) },
  });
}

function tilesOf(layers: Layers): Tile[] {
  const tiles: Tile[] = [];
  for (let z = minZoom; z <= maxZoom; z++) {
    const indexes = indexesAt(layers, z);
    const [left, bottom, right, top] = z < closeZoom ? bounds : closeBounds;
    const [west, north] = tileAt(left, top, z);
    const [east, south] = tileAt(right, bottom, z);
    for (let x = west; x <= east; x++) {
      for (let y = north; y <= south; y++) {
        const parts = indexes.flatMap(([name, index]) => {
          const tile = index.getTile(z, x, y);
          return tile === null || tile.features.length === 0 ? [] : [[name, tile] as const];
        });
        if (parts.length > 0) tiles.push({ z, x, y, content: fromGeojsonVt(Object.fromEntries(parts), { version: 2, extent: tileUnits }) });
      }
    }
  }
  return tiles;
}

/** Only what is worth drawing at this zoom; its outlines as fine as a pixel. */
function indexesAt(layers: Layers, z: number): (readonly [string, GeoJSONVT])[] {
  return Object.entries(layers).flatMap(([name, features]) => {
    const shown = features.filter(({ from }) => from <= z).map(({ type, properties, geometry }: LayerFeature) => ({ type, properties, geometry }));
    if (shown.length === 0) return [];
    const index = new GeoJSONVT(
      { type: 'FeatureCollection', features: shown },
      { maxZoom: z + 1, indexMaxZoom: z, indexMaxPoints: 0, tolerance: tolerances[name as LayerName] ?? 5, buffer: 48, extent: tileUnits },
    );
    return [[name, index] as const];
  });
}

function tileAt(longitude: number, latitude: number, z: number): [number, number] {
  const side = 2 ** z;
  const angle = (latitude * Math.PI) / 180;
  return [Math.floor(((longitude + 180) / 360) * side), Math.floor(((1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2) * side)];
}
