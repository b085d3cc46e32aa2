/** Scenarios placed in time, made into what drivers and series meet. */
import type { Driver } from './drivers.ts';
import { GRID_MS, isNothing, type World } from './fields.ts';
import { type Chunk, HOUR, type SeriesContext } from './model.ts';
import { normal, unit } from './noise.ts';
import { GRID } from './profiles.ts';
import type { DriverEffect, Occurrence, Overlay, Scenario } from './scenario.ts';
import type { Influence } from './world.ts';

export interface Happening {
  scenario: Scenario;
  from: number;
  to: number;
}

/** @throws Error naming a scenario that is not known. */
export function happeningsOf(occurrences: readonly Occurrence[], scenarios: ReadonlyMap<string, Scenario>): Happening[] {
  return occurrences.map(({ scenario: id, startsAt, stopsAt = Number.POSITIVE_INFINITY }) => {
    const scenario = scenarios.get(id);
    if (scenario === undefined) throw new Error(`unknown scenario ${JSON.stringify(id)}; known: ${[...scenarios.keys()].join(', ')}`);
    return { scenario, from: startsAt, to: Math.min(startsAt + scenario.durationMs, stopsAt) };
  });
}

export const influenceOf =
  (happenings: readonly Happening[]) =>
  (world: World): Influence =>
  (driver: Driver, town: number, day: number) => {
    const dayFrom = world.startOf(day);
    let sum: Float32Array | null = null;
    for (const { scenario, from, to } of happenings) {
      if (from >= dayFrom + GRID * GRID_MS || to <= dayFrom) continue;
      const effect = (scenario.drivers as Partial<Record<Driver, DriverEffect>> | undefined)?.[driver];
      if (effect === undefined) continue;
      sum ??= new Float32Array(GRID);
      for (let i = 0; i < GRID; i++) {
        const at = dayFrom + i * GRID_MS;
        if (at >= from && at < to) (sum[i] as number) += effect((at - from) / HOUR, town < 0 ? null : (world.towns[town] ?? null));
      }
    }
    return sum === null || isNothing(sum) ? null : sum;
  };

/** An overlay on one series. */
export interface Laid {
  overlay: Overlay;
  /** Epoch ms. */
  scenarioFrom: number;
  from: number;
  to: number;
}

const typeOf = (place: string): string => place.replace(/_\d+$/, '');

/** The overlays that fall on a series. @param town the id of the town it lies in */
export function overlaysOn(happenings: readonly Happening[], { indicator, place, facet, key }: SeriesContext, town: string | null): Laid[] {
  return happenings.flatMap(({ scenario, from, to }) =>
    (scenario.overlays ?? []).flatMap((overlay, n) => {
      const { indicators, types, places, facets, share = 1 } = overlay;
      if (indicators !== undefined && !indicators.includes(indicator)) return [];
      if (types !== undefined && !types.includes(typeOf(place))) return [];
      if (places !== undefined && !places.includes(place) && !(town !== null && places.includes(town))) return [];
      if (facets !== undefined && !facets.includes(facet ?? '')) return [];
      if (share < 1 && unit(key ^ 0x3c6ef372, n) >= share) return [];
      const [begins, ends] = [from + overlay.from * HOUR, Math.min(from + overlay.to * HOUR, to)];
      return begins < ends ? [{ overlay, scenarioFrom: from, from: begins, to: ends }] : [];
    }),
  );
}

/** What overlays add to true values; undefined when none does. */
export function trueOverlay(laid: readonly Laid[]): ((chunk: Chunk, out: Float64Array) => void) | undefined {
  const changing = laid.filter(({ overlay }) => overlay.what.kind === 'add' || overlay.what.kind === 'multiply');
  if (changing.length === 0) return undefined;
  return ({ from, stepMs, count }, out) => {
    for (const { overlay, scenarioFrom, from: begins, to: ends } of changing) {
      if (from >= ends || from + count * stepMs <= begins) continue;
      const { what } = overlay;
      for (let i = 0; i < count; i++) {
        const at = from + i * stepMs;
        if (at < begins || at >= ends) continue;
        const [part, hours] = [(at - begins) / (ends - begins), (at - scenarioFrom) / HOUR];
        if (what.kind === 'add') (out[i] as number) += what.amount(part, hours);
        else if (what.kind === 'multiply') (out[i] as number) *= what.factor(part, hours);
      }
    }
  };
}

/** What overlays make of one reading: silence (null), a value to be repeated from an earlier instant, or a number added. */
export function sensorOverlay(laid: readonly Laid[], instant: number): { silent: boolean; stuckSince: number | null; sd: number } {
  const found = { silent: false, stuckSince: null as number | null, sd: 0 };
  for (const { overlay, from, to } of laid) {
    if (instant < from || instant >= to) continue;
    if (overlay.what.kind === 'silent') found.silent = true;
    else if (overlay.what.kind === 'stuck') found.stuckSince = from;
    else if (overlay.what.kind === 'noisy') found.sd = overlay.what.sd;
  }
  return found;
}

export const isOnSensor = ({ overlay }: Laid): boolean => overlay.what.kind === 'silent' || overlay.what.kind === 'stuck' || overlay.what.kind === 'noisy';

/** A jump of a noisy sensor. */
export const jump = (key: number, n: number, sd: number): number => sd * normal(key ^ 0x7f4a7c15, n);
