/**
 * The series that exist, by number and by (indicator, place, facet): the door's look-up, hot. A series is made at its first
 * reading, or when the city's folder expects it; it is never removed.
 */
import type { Series } from '../contract/index.ts';

export interface SeriesKey {
  indicator: string;
  place: string;
  facet: string | null;
}

export interface SeriesRegistry {
  get(id: number): Series | undefined;
  find(indicator: string, place: string, facet: string | null): Series | undefined;
  all(): IterableIterator<Series>;
  readonly size: number;
  /** Series of these indicators and places; an empty list means any. */
  select(filter: { indicators: readonly string[]; places: readonly string[]; facet?: string | null | undefined }): Series[];
  put(series: Series): void;
}

export function createSeriesRegistry(initial: Iterable<Series>): SeriesRegistry {
  const byId = new Map<number, Series>();
  const byKey = new Map<string, Map<string, Map<string | null, Series>>>();

  const put = (series: Series): void => {
    byId.set(series.id, series);
    const places = byKey.get(series.indicator) ?? new Map<string, Map<string | null, Series>>();
    byKey.set(series.indicator, places);
    const facets = places.get(series.place) ?? new Map<string | null, Series>();
    places.set(series.place, facets);
    facets.set(series.facet, series);
  };
  for (const series of initial) put(series);

  return {
    get: (id) => byId.get(id),
    find: (indicator, place, facet) => byKey.get(indicator)?.get(place)?.get(facet),
    all: () => byId.values(),
    get size() {
      return byId.size;
    },
    select({ indicators, places, facet }) {
      const wantedIndicators = new Set(indicators);
      const wantedPlaces = new Set(places);
      return [...byId.values()].filter(
        (series) =>
          (wantedIndicators.size === 0 || wantedIndicators.has(series.indicator)) &&
          (wantedPlaces.size === 0 || wantedPlaces.has(series.place)) &&
          (facet === undefined || series.facet === facet),
      );
    },
    put,
  };
}
