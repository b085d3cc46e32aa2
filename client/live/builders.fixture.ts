/** Named builders of the wire's shapes for tests: a whole, valid thing with only what matters said. */
import type { Alert, Indicator, Latest, Place, ReadingDelta, Series } from '../../server/contract/index.ts';

/** Without brands: a test writes ids as they are. */
type Loose<V> = V extends string ? string : V extends number ? number : V;
type Plain<T> = { [K in keyof T]?: Loose<T[K]> };

export function aLatest(change: Plain<Latest> = {}): Latest {
  return {
    series: 1,
    indicator: 'depth',
    place: 'a',
    facet: null,
    observedAt: 1000,
    receivedAt: 1100,
    value: 1,
    quality: 'good',
    qualityReason: null,
    stale: false,
    simulated: false,
    ...change,
  } as Latest;
}

export function aDelta(change: Plain<ReadingDelta> = {}): ReadingDelta {
  const { stale: _stale, ...delta } = aLatest(change as Plain<Latest>);
  return delta;
}

export function anAlert(change: Plain<Alert> = {}): Alert {
  return {
    id: '1',
    rule: 'flood',
    ruleName: { zh: '积水', en: 'Flood' },
    series: 1,
    indicator: 'depth',
    place: 'a',
    facet: null,
    condition: 'firing',
    level: 'yellow',
    worstLevel: 'yellow',
    acknowledged: false,
    acknowledgedAt: null,
    acknowledgedBy: null,
    suppression: null,
    lifeSafety: false,
    since: 1000,
    firedAt: 1000,
    resolvedAt: null,
    unknownSince: null,
    value: 12,
    observedAt: 1000,
    limit: 10,
    simulated: false,
    journalId: 1,
    ...change,
  } as Alert;
}

export function anIndicator(change: Plain<Indicator> = {}): Indicator {
  return {
    id: 'depth',
    name: { zh: '深度', en: 'Depth' },
    domain: 'flood',
    domainName: { zh: '防汛', en: 'Flood' },
    group: null,
    unit: 'cm',
    unitLabel: { zh: 'cm', en: 'cm' },
    kind: 'gauge',
    grain: 'station',
    fold: 'max',
    intervalMs: 60_000,
    staleAfterMs: 300_000,
    worse: 'high',
    decimals: 1,
    facets: [],
    mapStyle: 'column',
    retired: false,
    ...change,
  } as Indicator;
}

export function aPlace(change: Plain<Place> = {}): Place {
  return { id: 'a', kind: 'station', name: { zh: '甲', en: 'A' }, parent: 'city', location: null, note: null, retired: false, ...change } as Place;
}

export function aSeries(change: Plain<Series> = {}): Series {
  return { id: 1, indicator: 'depth', place: 'a', facet: null, simulated: false, source: null, ...change } as Series;
}
