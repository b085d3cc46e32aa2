/**
 * What the map says of each place, from the newest readings and the open alerts. The worst series of a place speaks for it:
 * a firing level first, then what is not known. A place is "normal" only when every series expected there tells the present:
 * silence is never drawn as well. Pure: `now` is server time.
 */
import type { Alert, Indicator, Latest, Level, Place, Series } from '../../server/contract/index.ts';
import { levelRank } from '../ui/levels.ts';
import { type DataState, dataState, tellsThePresent } from '../ui/state-of.ts';

/** Name of a sprite: the data's state, or a level with solid = unacknowledged, hollow = acknowledged, unknown = its data are gone. */
export type MarkName = 'normal' | Exclude<DataState, 'good'> | `${Level}-${'solid' | 'hollow' | 'unknown'}`;

export interface SeriesView {
  series: Series;
  indicator: Indicator;
  latest: Latest | undefined;
  state: DataState;
  /** The worst firing alert of this series. */
  alert: Alert | null;
}

export interface StationView {
  place: Place;
  longitude: number;
  latitude: number;
  mark: MarkName;
  /** The worst firing alert of the place. */
  alert: Alert | null;
  level: Level | null;
  /** Unacknowledged orange or red: the only thing that pulses. */
  isUrgent: boolean;
  /** Worst first; never empty. */
  series: readonly SeriesView[];
  /** The series that is drawn as a column, with a value above zero. */
  column: SeriesView | null;
}

/** A place on the map with the series that are expected there. */
export interface Station {
  place: Place;
  series: readonly { series: Series; indicator: Indicator }[];
}

export interface StationInput {
  stations: readonly Station[];
  latest: ReadonlyMap<number, Latest>;
  alerts: Iterable<Alert>;
  now: number;
  /** The picture before, by place: a view about which nothing changed is taken over from it as it is. */
  before: ReadonlyMap<string, StationView>;
}

export interface CatalogueInput {
  places: readonly Place[];
  series: readonly Series[];
  indicators: ReadonlyMap<string, Indicator>;
}

/** The places that have a location and at least one series in service. */
export function stationsOf({ places, series, indicators }: CatalogueInput): Station[] {
  const byPlace = new Map<string, { series: Series; indicator: Indicator }[]>();
  for (const one of series) {
    const indicator = indicators.get(one.indicator);
    if (indicator === undefined || indicator.retired) continue;
    const known = byPlace.get(one.place);
    if (known === undefined) byPlace.set(one.place, [{ series: one, indicator }]);
    else known.push({ series: one, indicator });
  }
  return places.flatMap((place) => {
    const found = byPlace.get(place.id);
    return place.retired || place.location === null || found === undefined ? [] : [{ place, series: found }];
  });
}

/** Draws over it, and is told first: a smaller number is worse. */
export function alertRank(alert: Alert | null): number {
  if (alert?.level == null) return 8;
  return levelRank(alert.level) * 2 + (alert.acknowledged ? 1 : 0);
}

/** Which state of its data a place shows when nothing fires; only an answer of every series is an answer of the place. */
const stateOrder: readonly DataState[] = ['good', 'suspect', 'bad', 'stale', 'missing'];

/** Firing alerts by series: what has resolved belongs on the list, not on the picture of the present. */
function firingBySeries(alerts: Iterable<Alert>): Map<number, Alert> {
  const found = new Map<number, Alert>();
  for (const alert of alerts) {
    if (alert.condition !== 'firing' || alert.level === null) continue;
    const known = found.get(alert.series);
    if (known === undefined || alertRank(alert) < alertRank(known)) found.set(alert.series, alert);
  }
  return found;
}

function markOf(alert: Alert | null, views: readonly SeriesView[]): MarkName {
  if (alert?.level != null) {
    const data = views.find((view) => view.alert === alert)?.state ?? 'missing';
    if (alert.unknownSince !== null || !tellsThePresent(data)) return `${alert.level}-unknown`;
    return `${alert.level}-${alert.acknowledged ? 'hollow' : 'solid'}`;
  }
  if (views.every((view) => view.state === 'missing')) return 'missing';
  const worst = views.reduce((rank, view) => Math.max(rank, Math.min(stateOrder.indexOf(view.state), stateOrder.indexOf('stale'))), 0);
  const state = stateOrder[worst] ?? 'missing';
  return state === 'good' ? 'normal' : state;
}

const isColumn = (view: SeriesView): boolean => view.indicator.mapStyle === 'column';
const compareViews = (a: SeriesView, b: SeriesView): number => alertRank(a.alert) - alertRank(b.alert) || Number(isColumn(b)) - Number(isColumn(a));

function viewPlace(place: Place, views: SeriesView[]): StationView | null {
  if (place.location === null || views.length === 0) return null;
  const series = [...views].sort(compareViews);
  const alert = series[0]?.alert ?? null;
  const level = alert?.level ?? null;
  const column = series.find((view) => isColumn(view) && view.state !== 'bad' && view.latest !== undefined && view.latest.value > 0) ?? null;
  const isUrgent = alert !== null && !alert.acknowledged && (level === 'red' || level === 'orange');
  return { place, ...place.location, mark: markOf(alert, views), alert, level, isUrgent, series, column };
}

const isSameView = (a: SeriesView, b: SeriesView): boolean => a.series === b.series && a.latest === b.latest && a.alert === b.alert && a.state === b.state;

/** Whether `known` says of its place what `views` say, in whatever order. */
function isUnchanged(known: StationView, place: Place, views: readonly SeriesView[]): boolean {
  return known.place === place && known.series.length === views.length && known.series.every((one) => views.some((view) => isSameView(one, view)));
}

/** One view for each station, the worst last, as they are to be drawn. */
export function stationViews({ stations, latest, alerts, now, before }: StationInput): StationView[] {
  const firing = firingBySeries(alerts);
  const found: StationView[] = [];
  for (const { place, series } of stations) {
    const views = series.map(({ series: one, indicator }): SeriesView => {
      const newest = latest.get(one.id);
      return { series: one, indicator, latest: newest, state: dataState(newest, indicator, now), alert: firing.get(one.id) ?? null };
    });
    const known = before.get(place.id);
    const view = known !== undefined && isUnchanged(known, place, views) ? known : viewPlace(place, views);
    if (view !== null) found.push(view);
  }
  return found.sort((a, b) => drawRank(a) - drawRank(b));
}

/** Equal for two pictures that are drawn alike, whatever their numbers. */
export function drawKey(stations: readonly StationView[]): string {
  return stations.map(({ place, mark, isUrgent }) => `${place.id} ${mark}${isUrgent ? '!' : ''}`).join('\n');
}

/** Larger is drawn later, above: normal, then what is not known, then the levels up to an unacknowledged red. */
export function drawRank(station: StationView): number {
  if (station.alert !== null) return 20 - alertRank(station.alert);
  return station.mark === 'normal' ? 0 : 1;
}

/** How many places are in which state, for the legend and for a screen reader. */
export function countMarks(stations: readonly StationView[]): { levels: Record<Level, number>; unknown: number; suspect: number; normal: number } {
  const counts = { levels: { blue: 0, yellow: 0, orange: 0, red: 0 }, unknown: 0, suspect: 0, normal: 0 };
  for (const { level, mark } of stations) {
    if (level !== null) counts.levels[level] += 1;
    else if (mark === 'normal') counts.normal += 1;
    else if (mark === 'suspect') counts.suspect += 1;
    else counts.unknown += 1;
  }
  return counts;
}
