/** The places as the city's folder holds them: `regions.geojson` and `stations.csv`, one feature or row a line, to be read and compared. */
import type { GeographyFacts } from './facts.ts';
import type { TownArea } from './partition.ts';
import { type Line, toDegrees } from './plane.ts';
import type { PlacedStation } from './stations.ts';

export const simulatedNote = { zh: '演示地理（合成数据，非真实地图）', en: 'Synthetic demonstration geography, not a real map' };

/** GeoJSON wants a ring's last point to repeat its first; points that fall together after rounding are dropped. */
export function degreesOf(ring: Line): [number, number][] {
  const points = ring.map(toDegrees);
  return points.filter(([x, y], i) => i === 0 || x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1]);
}

export function regionsText(areas: readonly TownArea[], city: string): string {
  const features = areas.map(({ id, zh, en, ring }) =>
    JSON.stringify({ type: 'Feature', properties: { id, name_zh: zh, name_en: en, parent: city }, geometry: { type: 'Polygon', coordinates: [degreesOf(ring)] } }),
  );
  return `{"type":"FeatureCollection","features":[\n${features.join(',\n')}\n]}\n`;
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function stationsText(stations: readonly PlacedStation[]): string {
  const rows = stations.map(({ id, name, kind, parent, point, indicators, limits }) => {
    const [longitude, latitude] = toDegrees(point);
    return [id, name.zh, name.en, kind, parent, longitude.toFixed(5), latitude.toFixed(5), indicators.join(';'), limits.join(' ')].map(cell).join(',');
  });
  return `${['id,name_zh,name_en,kind,parent,longitude,latitude,indicators,limits', ...rows].join('\n')}\n`;
}

/** JSON with what has no parts of its own on one line, as the formatter of the repository wants it. */
export function factsText(facts: GeographyFacts): string {
  return `${JSON.stringify(facts, null, 2)
    .replaceAll(/\[\s+([^[\]{}]*?)\s+\]/g, (_, inside: string) => `[${inside.replaceAll(/\s*\n\s*/g, ' ')}]`)
    .replaceAll(/\{\s+([^{}]*?)\s+\}/g, (_, inside: string) => `{ ${inside.replaceAll(/\s*\n\s*/g, ' ')} }`)}\n`;
}
