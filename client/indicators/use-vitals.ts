/** What the catalogue expects, and what fires, ready for the panels that count and show it. */
import { useMemo } from 'react';
import { useIndicatorMap, usePlaceMap, useSeries } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { expectedVitals, firingBySeries, type Moment, type Vital } from './vitals.ts';

/** All expected series; empty until the catalogue is there. */
export function useVitals(): readonly Vital[] {
  const series = useSeries().data?.series;
  const indicators = useIndicatorMap();
  const places = usePlaceMap();
  return useMemo(() => expectedVitals({ series: series ?? [], indicators, places }), [series, indicators, places]);
}

/** This moment's readings, alerts and time. New once a second. */
export function useMoment(): Moment {
  const latest = useLive((state) => state.latest);
  const alerts = useLive((state) => state.alerts);
  const now = useLive((state) => state.now);
  const firing = useMemo(() => firingBySeries(alerts), [alerts]);
  return useMemo(() => ({ latest, firing, now }), [latest, firing, now]);
}
