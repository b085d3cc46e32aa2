/** What the chart shows when the address names nothing: the worst alert's series, else the first vital sign's. */
import { useEffect } from 'react';
import type { CityAnswer } from '../../server/contract/index.ts';
import { orderAlerts } from '../alerts/order.ts';
import { useCity } from '../catalogue/use-catalogue.ts';
import { tileOf } from '../indicators/tile.ts';
import { useVitals } from '../indicators/use-vitals.ts';
import { firingBySeries, type Vital } from '../indicators/vitals.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';

/** The series that the first tile shows. */
function firstOf(tiles: CityAnswer['walls'][number]['tiles'], vitals: readonly Vital[]): Vital | undefined {
  const [tile] = tiles;
  const ofTile = vitals.filter((vital) => vital.indicator.id === tile?.indicator);
  const indicator = ofTile[0]?.indicator;
  if (tile === undefined || indicator === undefined) return undefined;
  const { latest, alerts, now } = liveStore.getState();
  return tileOf({ indicator, vitals: ofTile, place: tile.place }, { latest, firing: firingBySeries(alerts), now }).vital ?? undefined;
}

export function useFirstSelection(): void {
  const ready = useLive((state) => state.snapshots > 0);
  const tiles = useCity().data?.walls[0]?.tiles;
  const vitals = useVitals();
  useEffect(() => {
    const { selected, select, alerts } = liveStore.getState();
    if (!ready || tiles === undefined || vitals.length === 0 || selected !== null) return;
    const alert = orderAlerts(alerts)[0];
    if (alert !== undefined) {
      select({ indicator: alert.indicator, place: alert.place, facet: alert.facet });
      return;
    }
    const first = firstOf(tiles, vitals) ?? vitals.find((vital) => liveStore.getState().latest.has(vital.series.id));
    if (first !== undefined) select({ indicator: first.indicator.id, place: first.place.id, facet: first.series.facet });
  }, [ready, tiles, vitals]);
}
