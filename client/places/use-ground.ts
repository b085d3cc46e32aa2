/** What has to be there before a map can be made: the regions, the base map's names, and the fonts for their letters. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { FeatureCollection, GeoJSON } from 'geojson';
import type { CityAnswer } from '../../server/contract/index.ts';
import { getJson } from '../http/call.ts';
import { LEVEL_SHAPES } from './column-layers.ts';
import { NUMBER_FONT } from './map-engine.ts';
import { LABEL_FONT, labelLetters } from './map-style.ts';

export interface Ground {
  regions: FeatureCollection;
  labels: ReadonlyMap<string, GeoJSON>;
}

async function fetchGround(city: CityAnswer, signal: AbortSignal): Promise<Ground> {
  const names = city.basemap.layers.filter((layer) => layer.kind === 'label');
  const [regions, ...labels] = await Promise.all([
    getJson<FeatureCollection>('/api/v1/regions.geojson', signal),
    ...names.map((layer) => getJson<FeatureCollection>(layer.url, signal)),
  ]);
  // Letters that are not loaded when MapLibre draws them come out as boxes, for good.
  await Promise.all([
    document.fonts.load(`24px "${LABEL_FONT}"`, labelLetters([regions, ...labels])),
    document.fonts.load(`600 24px "${NUMBER_FONT}"`),
    document.fonts.load(`24px "${LABEL_FONT}"`, LEVEL_SHAPES),
  ]);
  return { regions, labels: new Map(names.map((layer, i) => [layer.id, labels[i] as GeoJSON])) };
}

export function useGround(city: CityAnswer | undefined): UseQueryResult<Ground> {
  return useQuery({
    queryKey: ['catalogue', 'ground', city?.basemap.layers ?? null],
    queryFn: ({ signal }) => (city === undefined ? Promise.reject(new Error('no city')) : fetchGround(city, signal)),
    enabled: city !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
