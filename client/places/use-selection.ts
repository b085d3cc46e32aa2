/** What is selected, between the map and the rest of the page: picking a place selects its worst series; a selection made elsewhere moves the map there. */
import type { FeatureCollection } from 'geojson';
import { useCallback, useEffect, useRef } from 'react';
import { usePlaceMap } from '../catalogue/use-catalogue.ts';
import { liveStore, type Selection } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { isChosenByPage } from '../shell/address.ts';
import type { MapEngine } from './map-engine.ts';
import { seriesToSelect } from './next-series.ts';
import { regionBounds } from './regions.ts';
import type { StationView } from './station-states.ts';

/** So long after the last selection the map sets off: whoever runs down a list is not dragged along. */
const SETTLE_MS = 250;

/** Selects by place, for clicks on the map; the map stays where it is, as the place is under the pointer. */
export function usePick(stations: readonly StationView[]): { pick(place: string): void; isOwn(selected: Selection | null): boolean } {
  const newest = useRef(stations);
  newest.current = stations;
  const own = useRef<Selection | null>(null);
  const pick = useCallback((place: string): void => {
    const station = newest.current.find((one) => one.place.id === place);
    if (station === undefined) return;
    const next = seriesToSelect(station, liveStore.getState().selected);
    own.current = next;
    if (next !== null) liveStore.getState().select(next);
  }, []);
  const isOwn = useCallback((selected: Selection | null) => selected !== null && selected === own.current, []);
  return { pick, isOwn };
}

export interface FollowInput {
  engine: MapEngine | null;
  regions: FeatureCollection | null;
  isOwn(selected: Selection | null): boolean;
}

/**
 * Moves the map to what is selected elsewhere. The map opens on the whole city: what the page itself chooses to show first never
 * moves it, and what a link names does only when the place is not in view.
 */
export function useFollowSelection({ engine, regions, isOwn }: FollowInput): void {
  const selected = useLive((state) => state.selected);
  const places = usePlaceMap();
  /** The place the map has been taken to, or need not be taken to; null before the first. */
  const settled = useRef<string | null>(null);
  useEffect(() => {
    if (engine === null || places.size === 0 || selected === null || selected.place === settled.current) return;
    const location = places.get(selected.place)?.location ?? null;
    const isFirst = settled.current === null;
    if (isOwn(selected) || (isFirst && (isChosenByPage() || location === null || engine.isInView(location.longitude, location.latitude)))) {
      settled.current = selected.place;
      return;
    }
    const timer = setTimeout(() => {
      settled.current = selected.place;
      const bounds = regions === null ? null : regionBounds(regions, selected.place);
      if (location !== null) engine.showPlace(location.longitude, location.latitude);
      else if (bounds !== null) engine.showBounds(bounds);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [engine, regions, places, selected, isOwn]);
}
