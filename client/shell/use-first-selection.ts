/** What the chart shows when the address names nothing: the worst alert's series, else the first vital sign's. */
import { useEffect } from 'react';
import { orderAlerts } from '../alerts/order.ts';
import { useCity } from '../catalogue/use-catalogue.ts';
import { summaryStore } from '../indicators/summaries.ts';
import type { Summaries } from '../indicators/summary.ts';
import { tileOf } from '../indicators/tile.ts';
import { momentNow, useSummaries } from '../indicators/use-vitals.ts';
import type { Vital } from '../indicators/vitals.ts';
import { chooseWall, type WallTile } from '../indicators/wall.ts';
import { liveStore } from '../live/store.ts';
import { useLive } from '../live/use-live.ts';
import { useParam } from '../ui/query-params.ts';

/** The series that the first tile shows; without one, any that has a value. */
function firstOf(tiles: readonly WallTile[], { byIndicator, vitals }: Pick<Summaries, 'byIndicator' | 'vitals'>): Vital | undefined {
  const moment = momentNow();
  const [tile] = tiles;
  const summary = byIndicator.get(tile?.indicator ?? '');
  const first = tile === undefined || summary === undefined ? null : tileOf({ indicator: summary.indicator, vitals: summary.vitals, place: tile.place }, moment).vital;
  return first ?? vitals.find((vital) => moment.latest.has(vital.series.id));
}

export function useFirstSelection(): void {
  const ready = useLive((state) => state.snapshots > 0);
  const city = useCity().data;
  const wall = useParam('wall');
  const vitals = useSummaries((summaries) => summaries.vitals);
  useEffect(() => {
    const { selected, select, alerts } = liveStore.getState();
    if (!ready || city === undefined || vitals.length === 0 || selected !== null) return;
    const alert = orderAlerts(alerts)[0];
    if (alert !== undefined) {
      select({ indicator: alert.indicator, place: alert.place, facet: alert.facet });
      return;
    }
    const first = firstOf(chooseWall(city.walls, wall)?.tiles ?? [], summaryStore.getState());
    if (first !== undefined) select({ indicator: first.indicator.id, place: first.place.id, facet: first.series.facet });
  }, [ready, city, wall, vitals]);
}
