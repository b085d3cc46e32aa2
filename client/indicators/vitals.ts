/**
 * How the city stands, in counts: every series that is expected is normal, alerting or unknown, and nothing else. A series
 * without a believable present value is unknown, never normal; one that fires stays alerting even when its data are gone.
 */
import type { Alert, Indicator, Latest, Place, Series } from '../../server/contract/index.ts';
import { worseLevel } from '../ui/levels.ts';
import { dataState, tellsThePresent } from '../ui/state-of.ts';

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

export function standingOf(vitals: readonly Vital[], { latest, firing, now }: Moment): Standing {
  const standing = { normal: 0, alerting: 0, unknown: 0, total: vitals.length };
  for (const { series, indicator } of vitals) {
    if (firing.has(series.id)) standing.alerting += 1;
    else if (tellsThePresent(dataState(latest.get(series.id), indicator, now))) standing.normal += 1;
    else standing.unknown += 1;
  }
  return standing;
}

/** Above this share of unknown series nobody can say how the city stands: half is where "mostly known" ends. */
const VERDICT_LIMIT = 0.5;

/** Whether so much is known that a verdict may be given at all. */
export function allowsVerdict(standing: Standing): boolean {
  return standing.total > 0 && standing.unknown / standing.total <= VERDICT_LIMIT;
}

export interface Ages {
  /** When the newest reading of all was observed; null without any. */
  newest: number | null;
  /** The series whose newest reading is the oldest of all; null without any. */
  oldest: { vital: Vital; observedAt: number } | null;
}

export function agesOf(vitals: readonly Vital[], latest: ReadonlyMap<number, Latest>): Ages {
  const ages: Ages = { newest: null, oldest: null };
  for (const vital of vitals) {
    const observedAt = latest.get(vital.series.id)?.observedAt;
    if (observedAt === undefined) continue;
    if (ages.newest === null || observedAt > ages.newest) ages.newest = observedAt;
    if (ages.oldest === null || observedAt < ages.oldest.observedAt) ages.oldest = { vital, observedAt };
  }
  return ages;
}
