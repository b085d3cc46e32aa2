import { describe, expect, test } from 'vitest';
import type { Alert, Indicator, Latest, Place, Series } from '../../server/contract/index.ts';
import { seriesToSelect } from './next-series.ts';
import { alertRank, countMarks, drawKey, drawRank, type StationView, stationsOf, stationViews } from './station-states.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

const aPlace = (id: string, more: Partial<Place> = {}): Place =>
  ({ id, kind: 'station', name: { zh: id, en: id }, parent: 'city', location: { longitude: -74, latitude: 40.7 }, note: null, retired: false, ...more }) as Place;
const anIndicator = (id: string, more: Partial<Indicator> = {}): Indicator =>
  ({ id, staleAfterMs: 15 * MINUTE, mapStyle: 'dot', decimals: 1, retired: false, ...more }) as Indicator;
const aSeries = (id: number, indicator: string, place = 'a'): Series => ({ id, indicator, place, facet: null, simulated: false, source: null }) as unknown as Series;
const aLatest = (series: number, more: Partial<Latest> = {}): Latest => ({ series, observedAt: NOW - MINUTE, value: 1, quality: 'good', qualityReason: null, ...more }) as Latest;
const anAlert = (series: number, more: Partial<Alert> = {}): Alert =>
  ({ id: String(series), series, condition: 'firing', level: 'yellow', acknowledged: false, unknownSince: null, ...more }) as Alert;

interface Given {
  latest?: Latest[];
  alerts?: Alert[];
  series?: Series[];
  places?: Place[];
  before?: ReadonlyMap<string, StationView>;
}
function views({ latest = [], alerts = [], series = [aSeries(1, 'depth'), aSeries(2, 'temperature')], places = [aPlace('a')], before = new Map() }: Given) {
  const indicators = new Map([anIndicator('depth', { mapStyle: 'column' }), anIndicator('temperature')].map((one) => [one.id as string, one]));
  return stationViews({ stations: stationsOf({ places, series, indicators }), latest: new Map(latest.map((one) => [one.series as number, one])), alerts, now: NOW, before });
}
const mark = (given: Given) => views(given)[0]?.mark;

describe('what the map says of a place', () => {
  test('it is normal only when every series tells the present', () => {
    expect(mark({ latest: [aLatest(1), aLatest(2)] })).toBe('normal');
    expect(mark({ latest: [aLatest(1), aLatest(2, { observedAt: NOW - 16 * MINUTE })] })).toBe('stale');
    expect(mark({ latest: [aLatest(1)] })).toBe('stale');
    expect(mark({ latest: [aLatest(1), aLatest(2, { quality: 'suspect' })] })).toBe('suspect');
    expect(mark({ latest: [aLatest(1), aLatest(2, { quality: 'bad' })] })).toBe('bad');
  });

  test('a place without any reading is missing, never normal', () => {
    expect(mark({})).toBe('missing');
  });

  test('the worst firing alert speaks for it, solid until somebody acknowledged it', () => {
    const latest = [aLatest(1), aLatest(2)];
    expect(mark({ latest, alerts: [anAlert(1), anAlert(2, { level: 'red' })] })).toBe('red-solid');
    expect(mark({ latest, alerts: [anAlert(1, { level: 'orange', acknowledged: true })] })).toBe('orange-hollow');
  });

  test('a firing alert whose data are gone is drawn as unknown, at its last level', () => {
    expect(mark({ latest: [aLatest(2)], alerts: [anAlert(1, { level: 'red' })] })).toBe('red-unknown');
    expect(mark({ latest: [aLatest(1), aLatest(2)], alerts: [anAlert(1, { level: 'red', unknownSince: NOW })] })).toBe('red-unknown');
  });

  test('pending and resolved alerts colour nothing', () => {
    const latest = [aLatest(1), aLatest(2)];
    expect(mark({ latest, alerts: [anAlert(1, { condition: 'pending', level: null }), anAlert(2, { condition: 'resolved', level: 'red' })] })).toBe('normal');
  });

  test('only an unacknowledged orange or red is urgent', () => {
    const latest = [aLatest(1), aLatest(2)];
    const urgent = (more: Partial<Alert>) => views({ latest, alerts: [anAlert(1, more)] })[0]?.isUrgent;
    expect([urgent({ level: 'red' }), urgent({ level: 'orange' }), urgent({ level: 'yellow' }), urgent({ level: 'red', acknowledged: true })]).toEqual([true, true, false, false]);
  });

  test('its series come worst first, a column before dots', () => {
    const order = (alerts: Alert[]) => views({ alerts })[0]?.series.map((view) => view.series.id);
    expect(order([])).toEqual([1, 2]);
    expect(order([anAlert(2)])).toEqual([2, 1]);
  });

  test('no depth is no column, and a bad depth neither', () => {
    expect(views({ latest: [aLatest(1, { value: 0 })] })[0]?.column).toBeNull();
    expect(views({ latest: [aLatest(1, { quality: 'bad' })] })[0]?.column).toBeNull();
    expect(views({ latest: [aLatest(1, { value: 3 })] })[0]?.column?.latest?.value).toBe(3);
  });

  test('places without a location, without series or retired are left out', () => {
    const places = [aPlace('a', { location: null }), aPlace('b'), aPlace('c', { retired: true })];
    expect(views({ places, series: [aSeries(1, 'depth', 'a'), aSeries(2, 'depth', 'c')] })).toEqual([]);
  });

  test('the worst is drawn last, and each place is counted once', () => {
    const places = ['a', 'b', 'c'].map((id) => aPlace(id));
    const series = places.map((place, i) => aSeries(i + 1, 'depth', place.id));
    const stations = views({ places, series, latest: [aLatest(1), aLatest(2)], alerts: [anAlert(1, { level: 'red' })] });
    expect(stations.map((station) => station.place.id)).toEqual(['b', 'c', 'a']);
    expect(countMarks(stations)).toEqual({ levels: { blue: 0, yellow: 0, orange: 0, red: 1 }, unknown: 1, suspect: 0, normal: 1 });
  });

  test('of two alerts on one series the worse speaks, whichever came first', () => {
    const latest = [aLatest(1), aLatest(2)];
    const alerts = [anAlert(1, { level: 'orange' }), anAlert(1, { level: 'red', acknowledged: true })];
    expect([mark({ latest, alerts }), mark({ latest, alerts: [...alerts].reverse() })]).toEqual(['red-hollow', 'red-hollow']);
  });

  test('an acknowledged level is drawn under the same level unacknowledged, and over any lower one', () => {
    const ranks = [anAlert(1, { level: 'red' }), anAlert(1, { level: 'red', acknowledged: true }), anAlert(1, { level: 'orange' }), null].map(alertRank);
    expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
  });

  test('what is not known is drawn over what is normal, and under every level', () => {
    const rank = (given: Given) => drawRank(views(given)[0]!);
    const fresh = [aLatest(1), aLatest(2)];
    const ranks = [rank({ latest: fresh }), rank({}), rank({ latest: fresh, alerts: [anAlert(1, { level: 'blue', acknowledged: true })] })];
    expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
  });

  test('a series of an indicator that is unknown or retired says nothing', () => {
    const latest = [aLatest(1), aLatest(2)];
    expect(mark({ latest, series: [aSeries(1, 'depth'), aSeries(9, 'unknown')] })).toBe('normal');
    expect(views({ latest, series: [aSeries(9, 'unknown')] })).toEqual([]);
    const indicators = new Map([['depth', anIndicator('depth', { retired: true })]]);
    expect(
      stationViews({ stations: stationsOf({ places: [aPlace('a')], series: [aSeries(1, 'depth')], indicators }), latest: new Map(), alerts: [], now: NOW, before: new Map() }),
    ).toEqual([]);
  });

  test('a stale depth keeps its column', () => {
    expect(views({ latest: [aLatest(1, { value: 3, observedAt: NOW - 60 * MINUTE })] })[0]?.column?.state).toBe('stale');
  });

  test('suspect places are counted apart from unknown and from normal ones', () => {
    const station = (given: Given) => views({ ...given, series: [aSeries(1, 'depth')] });
    const stations = [...station({ latest: [aLatest(1, { quality: 'suspect' })] }), ...station({ latest: [aLatest(1, { quality: 'bad' })] }), ...station({ latest: [aLatest(1)] })];
    expect(countMarks(stations)).toMatchObject({ suspect: 1, unknown: 1, normal: 1 });
  });

  test('facets of one indicator are picked one by one, and a selection elsewhere starts at the worst', () => {
    const facets = [aSeries(1, 'depth'), { ...aSeries(2, 'depth'), facet: 'night' } as Series];
    const station = views({ series: facets })[0]!;
    expect(seriesToSelect(station, { indicator: 'depth', place: 'a', facet: null })).toEqual({ indicator: 'depth', place: 'a', facet: 'night' });
    expect(seriesToSelect(station, { indicator: 'depth', place: 'a', facet: 'night' })).toEqual({ indicator: 'depth', place: 'a', facet: null });
    expect(seriesToSelect(station, { indicator: 'depth', place: 'b', facet: null })).toEqual({ indicator: 'depth', place: 'a', facet: null });
  });

  test('picking a place selects its worst series, picking it again the next', () => {
    const station = views({})[0]!;
    const first = seriesToSelect(station, null);
    expect(first).toMatchObject({ indicator: 'depth', place: 'a' });
    const second = seriesToSelect(station, first);
    expect(second).toMatchObject({ indicator: 'temperature' });
    expect(seriesToSelect(station, second)).toMatchObject({ indicator: 'depth' });
  });
});

describe('from one second to the next', () => {
  const places = [aPlace('a'), aPlace('b')];
  const series = [aSeries(1, 'depth'), aSeries(2, 'depth', 'b')];
  const latest = [aLatest(1), aLatest(2)];
  const first = views({ places, series, latest });
  const before = new Map(first.map((view) => [view.place.id as string, view]));
  const byPlace = (list: readonly StationView[]) => new Map(list.map((view) => [view.place.id as string, view]));

  test('a place about which nothing changed keeps its view, and one with a new reading has another', () => {
    const next = byPlace(views({ places, series, latest: [aLatest(1, { value: 2 }), latest[1] as Latest], before }));
    expect([next.get('a') === before.get('a'), next.get('b') === before.get('b')]).toEqual([false, true]);
    expect(next.get('a')?.series[0]?.latest?.value).toBe(2);
  });

  test('an alert, its end, and a reading that became stale are changes too', () => {
    const firing = views({ places, series, latest, alerts: [anAlert(1)], before });
    expect(byPlace(firing).get('a')?.level).toBe('yellow');
    expect(byPlace(views({ places, series, latest, before: byPlace(firing) })).get('a')?.level).toBeNull();
    expect(byPlace(views({ places, series, latest: [latest[0] as Latest, aLatest(2, { observedAt: NOW - 16 * MINUTE })], before })).get('b')?.mark).toBe('stale');
  });

  test('two pictures are drawn alike when only values differ', () => {
    const values = views({ places, series, latest: [aLatest(1, { value: 9 }), latest[1] as Latest], before });
    expect(drawKey(values)).toBe(drawKey(first));
    expect(drawKey(views({ places, series, latest, alerts: [anAlert(1)], before }))).not.toBe(drawKey(first));
  });
});
