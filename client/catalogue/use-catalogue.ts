/**
 * What the catalogue says (city, indicators, places, series, rules), fetched once and fetched anew when the server says that
 * its version changed. The old answer stays on the page until the new one is there.
 */
import { type QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CityAnswer, Indicator, Place, RuleSummary, Series } from '../../server/contract/index.ts';
import { getJson } from '../http/call.ts';
import type { LiveStore } from '../live/store.ts';

const CATALOGUE = 'catalogue';
type Named<K extends string, T> = Record<K, T[]>;

function useCatalogue<T>(name: string): UseQueryResult<T> {
  return useQuery({ queryKey: [CATALOGUE, name], queryFn: ({ signal }) => getJson<T>(`/api/v1/${name}`, signal), staleTime: Number.POSITIVE_INFINITY });
}

export const useCity = (): UseQueryResult<CityAnswer> => useCatalogue<CityAnswer>('city');
export const useIndicators = (): UseQueryResult<Named<'indicators', Indicator>> => useCatalogue('indicators');
export const usePlaces = (): UseQueryResult<Named<'places', Place>> => useCatalogue('places');
export const useSeries = (): UseQueryResult<Named<'series', Series>> => useCatalogue('series');
export const useRules = (): UseQueryResult<Named<'rules', RuleSummary>> => useCatalogue('rules');

/** Indicators by id; empty until they are there. */
export function useIndicatorMap(): ReadonlyMap<string, Indicator> {
  const indicators = useIndicators().data?.indicators;
  return useMemo(() => new Map((indicators ?? []).map((one) => [one.id, one])), [indicators]);
}

/** Places by id; empty until they are there. */
export function usePlaceMap(): ReadonlyMap<string, Place> {
  const places = usePlaces().data?.places;
  return useMemo(() => new Map((places ?? []).map((one) => [one.id, one])), [places]);
}

/** Fetches the catalogue anew whenever the hub tells another version. Returns how to stop. */
export function followCatalogue(store: LiveStore, queries: QueryClient): () => void {
  return store.subscribe((state, before) => {
    const version = state.catalogue?.version;
    if (version !== undefined && before.catalogue !== null && before.catalogue.version !== version) void queries.invalidateQueries({ queryKey: [CATALOGUE] });
  });
}
