/** Regions as the map needs them: where a name is written, and what part of the earth a region covers. Pure. */
import type { Feature, FeatureCollection, Geometry, Point, Position } from 'geojson';

export type Bounds = [west: number, south: number, east: number, north: number];

const polygonsOf = (geometry: Geometry): Position[][][] => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : []);

/** Twice the signed area and the centroid of a ring, in degrees: good enough to place a name. */
function ringCentre(ring: readonly Position[]): { area: number; centre: [number, number] } {
  let [area, x, y] = [0, 0, 0];
  ring.forEach((point, i) => {
    const next = ring[(i + 1) % ring.length] ?? point;
    const [ax = 0, ay = 0] = point;
    const [bx = 0, by = 0] = next;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  });
  const [first = [0, 0]] = ring;
  return area === 0 ? { area: 0, centre: [first[0] ?? 0, first[1] ?? 0] } : { area: Math.abs(area), centre: [x / (3 * area), y / (3 * area)] };
}

/**
 * One point for each region, in the middle of its largest part, with the region's properties and whether other regions lie
 * in it. A name set on the polygon itself would be repeated in every tile.
 */
export function regionLabels(regions: FeatureCollection): FeatureCollection<Point> {
  const parents = new Set(regions.features.map((feature): unknown => feature.properties?.['parent']));
  const features: Feature<Point>[] = [];
  for (const { geometry, properties } of regions.features) {
    const largest = polygonsOf(geometry)
      .map((polygon) => ringCentre(polygon[0] ?? []))
      .reduce<{ area: number; centre: [number, number] } | null>((best, one) => (best === null || one.area > best.area ? one : best), null);
    if (largest === null) continue;
    const hasParts = parents.has(properties?.['id']);
    features.push({ type: 'Feature', properties: { ...properties, hasParts }, geometry: { type: 'Point', coordinates: largest.centre } });
  }
  return { type: 'FeatureCollection', features };
}

/** The bounds of the region with this id, or null. */
export function regionBounds(regions: FeatureCollection, id: string): Bounds | null {
  const region = regions.features.find((feature) => feature.properties?.['id'] === id);
  if (region === undefined) return null;
  const bounds: Bounds = [180, 90, -180, -90];
  for (const polygon of polygonsOf(region.geometry)) {
    for (const [longitude = 0, latitude = 0] of polygon[0] ?? []) {
      bounds[0] = Math.min(bounds[0], longitude);
      bounds[1] = Math.min(bounds[1], latitude);
      bounds[2] = Math.max(bounds[2], longitude);
      bounds[3] = Math.max(bounds[3], latitude);
    }
  }
  return bounds[0] <= bounds[2] ? bounds : null;
}

/** MapLibre takes the whole turn of the earth, 180° to 180°, for no width at all and fails; a hair less is a world. */
const EDGE = 179.99;

/** `bounds` as MapLibre can keep the camera inside them. */
export function withinWorld([west, south, east, north]: Bounds): Bounds {
  return [Math.max(west, -EDGE), south, Math.min(east, EDGE), north];
}
