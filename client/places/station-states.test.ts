import { describe, expect, test } from 'vitest';
import type { Alert, Indicator, Latest, Place, Series } from '../../server/contract/index.ts';
import { seriesToSelect } from './next-series.ts';
import { countMarks, stationViews } from './station-states.ts';

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
}
function views({ latest = [], alerts = [], series = [aSeries(1, 'depth'), aSeries(2, 'temperature')], places = [aPlace('a')] }: Given) {
  const indicators = new Map([anIndicator('depth', { mapStyle: 'column' }), anIndicator('temperature')].map((one) => [one.id as string, one]));
  return stationViews({ places, series, indicators, latest: new Map(latest.map((one) => [one.series as number, one])), alerts, now: NOW });
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

  test('picking a place selects its worst series, picking it again the next', () => {
    const station = views({})[0]!;
    const first = seriesToSelect(station, null);
    expect(first).toMatchObject({ indicator: 'depth', place: 'a' });
    const second = seriesToSelect(station, first);
    expect(second).toMatchObject({ indicator: 'temperature' });
    expect(seriesToSelect(station, second)).toMatchObject({ indicator: 'depth' });
  });
});
