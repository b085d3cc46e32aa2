/** The map's picture of the city, for React: made anew once a second from the store, and the same object when nothing came. */
import { useMemo } from 'react';
import { useIndicatorMap, usePlaces, useRules, useSeries } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { type Column, columnsOf } from './columns.ts';
import { type StationView, stationViews } from './station-states.ts';

export function useStations(): readonly StationView[] {
  const places = usePlaces().data?.places;
  const series = useSeries().data?.series;
  const indicators = useIndicatorMap();
  const latest = useLive((state) => state.latest);
  const alerts = useLive((state) => state.alerts);
  const now = useLive((state) => state.now);
  return useMemo(
    () => (places === undefined || series === undefined ? [] : stationViews({ places, series, indicators, latest, alerts: alerts.values(), now })),
    [places, series, indicators, latest, alerts, now],
  );
}

export function useColumns(stations: readonly StationView[]): readonly Column[] {
  const rules = useRules().data?.rules;
  return useMemo(() => columnsOf(stations, rules ?? []), [stations, rules]);
}
