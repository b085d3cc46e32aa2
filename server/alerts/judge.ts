/**
 * Pure: readings of some series against their rules, alert by alert. What the evaluator reads and writes is the loop's business;
 * here only `step` is driven, in the order of time, and what came of it is collected.
 */
import type { ThresholdRule } from '../catalogue/schema.ts';
import { decodeQuality } from '../readings/quality.ts';
import { evaluateThreshold } from '../rules/evaluate.ts';
import { type AlertState, breachedLevels, newAlert, type Terms } from './state.ts';
import { type AlertEvent, stepAll } from './step.ts';
import type { Change } from './transition.ts';

export interface JudgedReading {
  observedAt: number;
  value: number;
  /** The stored code. */
  quality: number;
}

/** A state with what led to it. `id`: the alert's row, or null while it has none. */
export interface Track {
  id: number | null;
  state: AlertState;
  changes: Change[];
  /** True when the state differs from the stored one. */
  moved: boolean;
}

export function termsOf(rule: ThresholdRule, staleAfter: number | null): Terms {
  return { holdFor: rule.holdFor, keepFiringFor: rule.keepFiringFor, staleAfter, limits: rule.limits };
}

export function openTrack(stored: { id: number; state: AlertState } | null, terms: Terms): Track {
  return { id: stored?.id ?? null, state: stored?.state ?? newAlert(terms), changes: [], moved: false };
}

/** Applies one event; an event that ends the alert may begin the next one, so one track may become two. The last is the living one. */
export function applyEvent(track: Track, event: AlertEvent, now: number): Track[] {
  const [first, ...rest] = stepAll(track.state, event, now);
  if (first === undefined) return [track];
  const moved = track.moved || first.alert !== track.state;
  const here: Track = { id: track.id, state: first.alert, changes: [...track.changes, ...first.changes], moved };
  return [here, ...rest.map((result) => ({ id: null, state: result.alert, changes: result.changes, moved: true }))];
}

/** Judges the readings (in the order of time) and then lets time pass to `now`. Returns every track that this led to; the last one lives. */
export function judgeSeries(start: Track, rule: ThresholdRule, input: { readings: readonly JudgedReading[]; now: number }): Track[] {
  const tracks: Track[] = [start];
  const apply = (event: AlertEvent): void => {
    const living = tracks.pop();
    if (living !== undefined) tracks.push(...applyEvent(living, event, input.now));
  };
  for (const reading of input.readings) {
    const state = tracks.at(-1)?.state ?? start.state;
    const { quality } = decodeQuality(reading.quality);
    const verdicts = evaluateThreshold(rule, breachedLevels(state, reading.observedAt), { value: reading.value, quality });
    apply(quality === 'bad' ? { kind: 'unknown', since: reading.observedAt, why: 'bad' } : { kind: 'reading', observedAt: reading.observedAt, value: reading.value, verdicts });
  }
  apply({ kind: 'tick' });
  return tracks;
}

/** True when a track without a row of its own has nothing worth one: nobody would miss it. */
export function isIdle(track: Track): boolean {
  return track.id === null && track.state.condition === 'inactive' && Object.keys(track.state.latches).length === 0;
}
