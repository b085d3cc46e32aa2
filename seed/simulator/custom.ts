/** Building blocks of models that have physics of their own. */
import type { Driver } from './drivers.ts';
import { joined, NOTHING } from './fields.ts';
import type { Chunk, CustomModel } from './model.ts';
import { between } from './noise.ts';
import { fill, sample } from './sample.ts';
import { pond } from './water.ts';

/** A value made of one driver at the same instant. */
export function fromDriver(driver: Driver, make: (value: number) => number, lagMs = 0): CustomModel {
  return ({ fields, town }) =>
    (chunk, out) => {
      if (!sample(out, chunk, { fields, driver, town, lagMs })) out.fill(0, 0, chunk.count);
      for (let i = 0; i < chunk.count; i++) out[i] = make(out[i] as number);
    };
}

/** A value made of several drivers at the same instant. `make` gets them in the order of their names. */
export function fromDrivers(drivers: readonly Driver[], make: (values: readonly number[]) => number): CustomModel {
  return ({ fields, town }) => {
    const values = drivers.map(() => 0);
    return (chunk, out) => {
      const sampled = drivers.map((driver, d) => {
        const room = roomOf(d, chunk.count);
        return sample(room, chunk, { fields, driver, town, lagMs: 0 }) ? room : null;
      });
      for (let i = 0; i < chunk.count; i++) {
        for (let d = 0; d < sampled.length; d++) values[d] = sampled[d]?.[i] ?? 0;
        out[i] = make(values);
      }
    };
  };
}

/** Buffers for driver values, shared by all models: none is needed after the chunk that it was filled for. */
const rooms: Float64Array[] = [];

export function roomOf(which: number, count: number): Float64Array {
  let room = rooms[which];
  if (room === undefined || room.length < count) {
    room = new Float64Array(Math.max(count, 1_440));
    rooms[which] = room;
  }
  return room;
}

/** A driver as a place meets it: always a little more or less than its town. */
export const atPlace =
  (driver: Driver, factor: readonly [number, number]): CustomModel =>
  (series) =>
    fromDriver(driver, (value) => value * between(series.placeKey, 1, factor))(series);

export interface WeakSpot {
  /** mm/h that its drains swallow: the weakest and the strongest. */
  capacity: readonly [number, number];
  /** cm of depth for each mm that drains refuse. */
  gather: readonly [number, number];
  /** Half of it is gone in so many hours. */
  halfHours: readonly [number, number];
}

/** Water standing at one spot: each has a drain, a hollow and a local share of the shower of its own. */
export const standingWater =
  (spot: WeakSpot): CustomModel =>
  ({ placeKey, fields, town }) => {
    const drain = { capacity: between(placeKey, 2, spot.capacity), gather: between(placeKey, 3, spot.gather), halfHours: between(placeKey, 4, spot.halfHours) };
    const share = between(placeKey, 5, [0.8, 1.2]);
    const made = new Map<number, Float32Array>();
    const dayOf = (day: number): Float32Array => {
      let depth = made.get(day);
      if (depth === undefined) {
        const rates = joined(fields, 'rain', { town, day, back: 1 });
        for (let k = 0; k < rates.length; k++) (rates[k] as number) *= share;
        depth = rates.some((rate) => rate > drain.capacity) ? pond(rates, drain) : NOTHING;
        if (made.size >= 3) made.clear();
        made.set(day, depth);
      }
      return depth;
    };
    return ({ from, stepMs, count }: Chunk, out) => {
      const day = fields.dayOf(from);
      const depth = dayOf(day);
      if (depth === NOTHING) out.fill(0, 0, count);
      else fill(out, depth, { offsetMs: from - fields.startOf(day), stepMs, begin: 0, end: count });
    };
  };
