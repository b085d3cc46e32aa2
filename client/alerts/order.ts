/**
 * In which order alerts stand and what their cards say. The order is: level, then those nobody has taken notice of (firing before
 * resolved), then the newest. Three axes (condition, acknowledgement, unknown) are read here and nowhere merged.
 */
import type { Alert, Level } from '../../server/contract/index.ts';
import type { MarkState } from '../ui/level-mark.tsx';
import { levelRank, levelsWorstFirst } from '../ui/levels.ts';

/** The level a card carries: of a resolved alert the last one. */
export function levelOf(alert: Alert): Level {
  return alert.level ?? alert.worstLevel ?? 'blue';
}

/** The level that the address names; null when it names none. */
export function levelNamed(text: string | null): Level | null {
  return levelsWorstFirst.find((level) => level === text) ?? null;
}

/** 0: fires and waits for somebody; 1: waits, but has resolved; 2: somebody has taken notice. */
function waitingRank(alert: Alert): number {
  if (alert.acknowledged) return 2;
  return alert.condition === 'firing' ? 0 : 1;
}

const startOf = (alert: Alert): number => alert.firedAt ?? alert.since;

export function compareAlerts(a: Alert, b: Alert): number {
  return (
    levelRank(levelOf(a)) - levelRank(levelOf(b)) ||
    waitingRank(a) - waitingRank(b) ||
    startOf(b) - startOf(a) ||
    // Ids are decimal numbers as strings: the longer is the larger.
    b.id.length - a.id.length ||
    (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
  );
}

export function orderAlerts(alerts: ReadonlyMap<string, Alert>): Alert[] {
  return [...alerts.values()].sort(compareAlerts);
}

/** Unknown first: that the data are gone matters more than who has seen it. */
export function markStateOf(alert: Alert): MarkState {
  if (alert.condition === 'resolved') return 'resolved';
  if (alert.unknownSince !== null) return 'unknown';
  return alert.acknowledged ? 'hollow' : 'solid';
}

/** A slow pulse marks an unacknowledged red or orange alert that fires, and nothing else. */
export function pulses(alert: Alert): boolean {
  return alert.condition === 'firing' && !alert.acknowledged && levelRank(levelOf(alert)) <= levelRank('orange');
}

export interface AlertCounts {
  /** Firing alerts of each level. */
  byLevel: Record<Level, number>;
  firing: number;
  unacknowledged: number;
  /** The value fell back, but nobody has taken notice. */
  resolved: number;
  unknown: number;
}

export function countAlerts(alerts: Iterable<Alert>): AlertCounts {
  const counts: AlertCounts = { byLevel: { red: 0, orange: 0, yellow: 0, blue: 0 }, firing: 0, unacknowledged: 0, resolved: 0, unknown: 0 };
  for (const alert of alerts) {
    if (!alert.acknowledged) counts.unacknowledged += 1;
    if (alert.condition === 'resolved') counts.resolved += 1;
    if (alert.condition !== 'firing') continue;
    counts.firing += 1;
    counts.byLevel[levelOf(alert)] += 1;
    if (alert.unknownSince !== null) counts.unknown += 1;
  }
  return counts;
}

/** The worst level that fires; null when none does. */
export function worstOf(counts: AlertCounts): Level | null {
  return levelsWorstFirst.find((level) => counts.byLevel[level] > 0) ?? null;
}

/** What must be announced: alerts that began to fire, or rose to a worse level, between two states of the list. */
export function newlyFiring(before: ReadonlyMap<string, Alert>, after: ReadonlyMap<string, Alert>): Alert[] {
  const news: Alert[] = [];
  for (const alert of after.values()) {
    if (alert.condition !== 'firing' || alert.acknowledged) continue;
    const known = before.get(alert.id);
    if (known === undefined || known.condition !== 'firing' || levelRank(alert.level) < levelRank(known.level)) news.push(alert);
  }
  return news.sort(compareAlerts);
}

/** The alert to go to from `current` by `step` places in the list; the first when there is none. */
export function stepFrom(ordered: readonly Alert[], current: string | null, step: 1 | -1): Alert | null {
  const at = ordered.findIndex((alert) => alert.id === current);
  if (at === -1) return ordered[0] ?? null;
  return ordered[Math.min(Math.max(at + step, 0), ordered.length - 1)] ?? null;
}

/** After one was acknowledged: the next that still waits, looking down the list first. */
export function nextWaiting(ordered: readonly Alert[], done: string): Alert | null {
  const at = ordered.findIndex((alert) => alert.id === done);
  const turned = [...ordered.slice(at + 1), ...ordered.slice(0, Math.max(at, 0))];
  return turned.find((alert) => !alert.acknowledged && alert.id !== done) ?? null;
}
