/** Which series a pick on the map selects. Pure. */
import type { Selection } from '../live/store.ts';
import type { StationView } from './station-states.ts';

/** The place's series that a pick selects: the worst, and on the next pick of the same place the next. */
export function seriesToSelect(station: StationView, selected: Selection | null): Selection | null {
  const at = station.series.findIndex(({ series }) => selected?.place === series.place && selected.indicator === series.indicator && selected.facet === series.facet);
  const next = station.series[(at + 1) % station.series.length]?.series;
  return next === undefined ? null : { indicator: next.indicator, place: next.place, facet: next.facet };
}
