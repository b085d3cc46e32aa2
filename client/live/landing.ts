/**
 * How what the hub sent becomes what the page shows. Readings are gathered and land together once a second; an older
 * reading never hides a newer one, and an older version of an alert never hides a newer one, in whatever order they come.
 */
import type { Alert, Latest, ReadingDelta } from '../../server/contract/index.ts';

/** `latest` with `deltas` applied: the same map when nothing changed, else a new one. */
export function landReadings(latest: ReadonlyMap<number, Latest>, deltas: readonly ReadingDelta[]): ReadonlyMap<number, Latest> {
  let next: Map<number, Latest> | null = null;
  for (const delta of deltas) {
    const known = (next ?? latest).get(delta.series);
    if (known !== undefined && known.observedAt > delta.observedAt) continue;
    next ??= new Map(latest);
    // Staleness is told by the page's own clock (`dataState`), so what the server would have said at that moment is not kept.
    next.set(delta.series, { ...delta, stale: false });
  }
  return next ?? latest;
}

/** Whether an alert belongs on the list: it fires, or it has resolved and nobody has taken notice yet. */
export function isOpen(alert: Alert): boolean {
  switch (alert.condition) {
    case 'firing':
      return true;
    case 'resolved':
      return !alert.acknowledged;
    case 'pending':
    case 'inactive':
      return false;
  }
}

/** `alerts` with newer versions applied; ended ones leave. The same map when nothing changed. */
export function landAlerts(alerts: ReadonlyMap<string, Alert>, changed: readonly Alert[]): ReadonlyMap<string, Alert> {
  let next: Map<string, Alert> | null = null;
  for (const alert of changed) {
    const known = (next ?? alerts).get(alert.id);
    if (known !== undefined && known.journalId > alert.journalId) continue;
    if (known === undefined && !isOpen(alert)) continue;
    next ??= new Map(alerts);
    if (isOpen(alert)) next.set(alert.id, alert);
    else next.delete(alert.id);
  }
  return next ?? alerts;
}

/** Seconds that the strip of received readings shows. */
export const RATE_SECONDS = 60;

/** `rate` moved on by `seconds` whole seconds, the newest at the end; what came in them is counted in the last. */
export function pushRate(rate: readonly number[], seconds: number, received: number): readonly number[] {
  const steps = Math.min(Math.max(1, seconds), RATE_SECONDS);
  const moved = [...rate, ...new Array<number>(steps - 1).fill(0), received];
  return moved.slice(-RATE_SECONDS);
}
