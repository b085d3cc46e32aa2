/**
 * What the catalogue says (city, indicators, places, series, rules), fetched once and fetched anew when the server says that
 * its version changed. The old answer stays on the page until the new one is there.
 */
import { type QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
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

/** One index for one answer, however many components ask for it. */
function indexOnce<T extends object, I>(make: (list: readonly T[]) => I): (list: readonly T[] | undefined) => I {
  const made = new WeakMap<readonly T[], I>();
  const empty = make([]);
  return (list) => {
    if (list === undefined) return empty;
    const known = made.get(list);
    if (known !== undefined) return known;
    const index = make(list);
    made.set(list, index);
    return index;
  };
}

const byId = <T extends { id: string }>(list: readonly T[]): ReadonlyMap<string, T> => new Map(list.map((one) => [one.id, one]));
const indicatorsById = indexOnce<Indicator, ReadonlyMap<string, Indicator>>(byId);
const placesById = indexOnce<Place, ReadonlyMap<string, Place>>(byId);
const rulesByIndicator = indexOnce<RuleSummary, ReadonlyMap<string, readonly RuleSummary[]>>((rules) => {
  const index = new Map<string, RuleSummary[]>();
  for (const rule of rules) {
    if (rule.indicator === null) continue;
    const known = index.get(rule.indicator);
    if (known === undefined) index.set(rule.indicator, [rule]);
    else known.push(rule);
  }
  return index;
});
const noRules: readonly RuleSummary[] = [];

/** Indicators by id; empty until they are there. */
export function useIndicatorMap(): ReadonlyMap<string, Indicator> {
  return indicatorsById(useIndicators().data?.indicators);
}

/** Places by id; empty until they are there. */
export function usePlaceMap(): ReadonlyMap<string, Place> {
  return placesById(usePlaces().data?.places);
}

/** The rules that speak of one indicator. */
export function useRulesOf(indicator: string): readonly RuleSummary[] {
  return rulesByIndicator(useRules().data?.rules).get(indicator) ?? noRules;
}

/** Fetches the catalogue anew whenever the hub tells another version. Returns how to stop. */
export function followCatalogue(store: LiveStore, queries: QueryClient): () => void {
  return store.subscribe((state, before) => {
    const version = state.catalogue?.version;
    if (version !== undefined && before.catalogue !== null && before.catalogue.version !== version) void queries.invalidateQueries({ queryKey: [CATALOGUE] });
  });
}
