/**
 * The map's picture of the city, for React: brought up to date once a second from the store. What did not change stays the same object,
 * a place, the columns, the whole picture, so that nothing is drawn or counted anew for it.
 */
import { useMemo, useRef } from 'react';
import { useIndicatorMap, usePlaces, useRules, useSeries } from '../catalogue/use-catalogue.ts';
import { useLive } from '../live/use-live.ts';
import { type Column, columnsOf } from './columns.ts';
import { drawKey, type StationView, stationsOf, stationViews } from './station-states.ts';

export function useStations(): readonly StationView[] {
  const places = usePlaces().data?.places;
  const series = useSeries().data?.series;
  const indicators = useIndicatorMap();
  const latest = useLive((state) => state.latest);
  const alerts = useLive((state) => state.alerts);
  const now = useLive((state) => state.now);
  const stations = useMemo(() => (places === undefined || series === undefined ? [] : stationsOf({ places, series, indicators })), [places, series, indicators]);
  const before = useRef<ReadonlyMap<string, StationView>>(new Map());
  return useMemo(() => {
    const views = stationViews({ stations, latest, alerts: alerts.values(), now, before: before.current });
    before.current = new Map(views.map((view) => [view.place.id, view]));
    return views;
  }, [stations, latest, alerts, now]);
}

/** `stations` as they are drawn: another array only when a mark is another. */
export function useDrawn(stations: readonly StationView[]): readonly StationView[] {
  const key = useMemo(() => drawKey(stations), [stations]);
  const drawn = useRef({ key, stations });
  if (drawn.current.key !== key) drawn.current = { key, stations };
  return drawn.current.stations;
}

const isSameColumn = (a: Column, b: Column | undefined): boolean =>
  b !== undefined && a.place === b.place && a.value === b.value && a.px === b.px && a.level === b.level && a.acknowledged === b.acknowledged && a.isPresent === b.isPresent;

/** Another array only when a column is another. */
export function useColumns(stations: readonly StationView[]): readonly Column[] {
  const rules = useRules().data?.rules;
  const kept = useRef<readonly Column[]>([]);
  return useMemo(() => {
    const columns = columnsOf(stations, rules ?? []);
    const isKept = columns.length === kept.current.length && columns.every((one, i) => isSameColumn(one, kept.current[i]));
    if (!isKept) kept.current = columns;
    return kept.current;
  }, [stations, rules]);
}
