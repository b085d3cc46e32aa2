/** What the catalogue expects and how it stands, for the panels that count and show it. */
import { useDeferredValue, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useIndicatorMap, usePlaceMap, useSeries } from '../catalogue/use-catalogue.ts';
import { liveStore } from '../live/store.ts';
import { followVitals, summaryStore } from './summaries.ts';
import type { Summaries } from './summary.ts';
import { expectedVitals, type Moment } from './vitals.ts';

/** Keeps the page's summaries as long as the page lives. Used once. */
export function useSummaryLife(): void {
  const series = useSeries().data?.series;
  const indicators = useIndicatorMap();
  const places = usePlaceMap();
  const vitals = useMemo(() => expectedVitals({ series: series ?? [], indicators, places }), [series, indicators, places]);
  useEffect(() => followVitals(liveStore, vitals), [vitals]);
}

/** `select` must return something stable (a member of the state, a primitive), never a new object each time. */
export function useSummaries<T>(select: (summaries: Summaries) => T): T {
  return useStore(summaryStore, select);
}

/**
 * How each indicator stands, for what draws many of them: worked through in small pieces whenever the page has time, so that no second's
 * landing holds it up.
 */
export function useIndicatorSummaries(): Summaries['byIndicator'] {
  return useDeferredValue(useSummaries((summaries) => summaries.byIndicator));
}

/** This moment, for whoever looks closer at an indicator whose summary has just changed. Read, not followed. */
export function momentNow(): Moment {
  const { latest, now } = liveStore.getState();
  return { latest, firing: summaryStore.getState().firing, now };
}
