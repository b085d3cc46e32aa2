/** What the chart shows when the address names nothing: the worst alert's series, else the first vital sign's. */
import { useEffect } from 'react';
import { orderAlerts } from '../alerts/order.ts';
import { useCity } from '../catalogue/use-catalogue.ts';
import { useVitals } from '../indicators/use-vitals.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';

export function useFirstSelection(): void {
  const ready = useLive((state) => state.snapshots > 0);
  const tiles = useCity().data?.tiles;
  const vitals = useVitals();
  useEffect(() => {
    const { selected, select, alerts, latest } = liveStore.getState();
    if (!ready || tiles === undefined || vitals.length === 0 || selected !== null) return;
    const alert = orderAlerts(alerts)[0];
    if (alert !== undefined) {
      select({ indicator: alert.indicator, place: alert.place, facet: alert.facet });
      return;
    }
    const ofFirstTile = vitals.filter((vital) => vital.indicator.id === tiles[0]?.indicator && (tiles[0].place === null || tiles[0].place === vital.place.id));
    const first = ofFirstTile.find((vital) => latest.has(vital.series.id)) ?? ofFirstTile[0] ?? vitals.find((vital) => latest.has(vital.series.id));
    if (first !== undefined) select({ indicator: first.indicator.id, place: first.place.id, facet: first.series.facet });
  }, [ready, tiles, vitals]);
}
