/**
 * How the city stands, in counts: every series that is expected is normal, alerting or unknown, and nothing else. A series
 * without a believable present value is unknown, never normal; one that fires stays alerting even when its data are gone.
 */
import type { Alert, Indicator, Latest, Place, Series } from '../../server/contract/index.ts';
import { worseLevel } from '../ui/levels.ts';

/** A series together with what it is about. */
export interface Vital {
  series: Series;
  indicator: Indicator;
  place: Place;
}

export interface CatalogueParts {
  series: readonly Series[];
  indicators: ReadonlyMap<string, Indicator>;
  places: ReadonlyMap<string, Place>;
}

/** All series that readings are expected for: those whose indicator and place are still in service. */
export function expectedVitals({ series, indicators, places }: CatalogueParts): Vital[] {
  const vitals: Vital[] = [];
  for (const one of series) {
    const indicator = indicators.get(one.indicator);
    const place = places.get(one.place);
    if (indicator === undefined || place === undefined || indicator.retired || place.retired) continue;
    vitals.push({ series: one, indicator, place });
  }
  return vitals;
}

/** The worst firing alert of each series, by series id. */
export function firingBySeries(alerts: ReadonlyMap<string, Alert>): ReadonlyMap<number, Alert> {
  const worst = new Map<number, Alert>();
  for (const alert of alerts.values()) {
    if (alert.condition !== 'firing') continue;
    const known = worst.get(alert.series);
    if (known === undefined || (worseLevel(alert.level, known.level) === alert.level && alert.level !== known.level)) worst.set(alert.series, alert);
  }
  return worst;
}

export interface Standing {
  normal: number;
  alerting: number;
  unknown: number;
  total: number;
}

export interface Moment {
  latest: ReadonlyMap<number, Latest>;
  firing: ReadonlyMap<number, Alert>;
  /** Server time. */
  now: number;
}

/** Above this share of unknown series nobody can say how the city stands: half is where "mostly known" ends. */
const VERDICT_LIMIT = 0.5;

/** Whether so much is known that a verdict may be given at all. */
export function allowsVerdict(standing: Standing): boolean {
  return standing.total > 0 && standing.unknown / standing.total <= VERDICT_LIMIT;
}
