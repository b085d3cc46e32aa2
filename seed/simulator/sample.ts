/** Reads driver fields at a chunk's instants. The inner loops of the simulator are here and in `noise.ts`: a value costs some tens of nanoseconds. */
import type { Driver } from './drivers.ts';
import { GRID_MS, NOTHING } from './fields.ts';
import type { Chunk, Coupling, Fields } from './model.ts';
import { GRID } from './profiles.ts';

/** Values this far apart or farther are taken at the nearest five minutes before; closer ones on the line between them. */
const COARSE_MS = GRID_MS;

/** Copies a day's field to a part of a chunk. `offsetMs` is where the part begins within the day. */
export function fill(out: Float64Array, field: Float32Array, part: { offsetMs: number; stepMs: number; begin: number; end: number }): void {
  const { offsetMs, stepMs, begin, end } = part;
  if (stepMs >= COARSE_MS) {
    for (let i = begin; i < end; i++) out[i] = field[Math.floor((offsetMs + (i - begin) * stepMs) / GRID_MS)] as number;
    return;
  }
  for (let i = begin; i < end; i++) {
    const x = (offsetMs + (i - begin) * stepMs) / GRID_MS;
    const own = Math.floor(x);
    const left = field[own] as number;
    const right = own + 1 < GRID ? (field[own + 1] as number) : left;
    out[i] = left + (right - left) * (x - own);
  }
}

/**
 * Writes a driver's values at the chunk's instants less `lagMs` into `out`.
 * @returns false when they are all 0; `out` is then untouched
 */
export function sample(out: Float64Array, { from, stepMs, count }: Chunk, what: { fields: Fields; driver: Driver; town: number; lagMs: number }): boolean {
  const { fields, driver, town, lagMs } = what;
  let begin = 0;
  let any = false;
  while (begin < count) {
    const at = from + begin * stepMs - lagMs;
    const day = fields.dayOf(at);
    const offsetMs = at - fields.startOf(day);
    const end = Math.min(count, begin + Math.ceil((GRID * GRID_MS - offsetMs) / stepMs));
    const field = fields.day(driver, town, day);
    if (field !== NOTHING) {
      if (!any) out.fill(0, 0, begin);
      any = true;
      fill(out, field, { offsetMs, stepMs, begin, end });
    } else if (any) out.fill(0, begin, end);
    begin = end;
  }
  return any;
}

/** Turns driver values into what a coupling calls x, in place. */
export function shapeOf({ shape = 'linear', from = 0, upTo }: Coupling, values: Float64Array, count: number): void {
  if (shape === 'above') for (let i = 0; i < count; i++) values[i] = Math.max(0, (values[i] as number) - from);
  else if (shape === 'below') for (let i = 0; i < count; i++) values[i] = Math.max(0, from - (values[i] as number));
  else if (shape === 'log') for (let i = 0; i < count; i++) values[i] = Math.log1p(Math.max(0, (values[i] as number) - from));
  else if (from !== 0) for (let i = 0; i < count; i++) (values[i] as number) -= from;
  if (upTo === undefined) return;
  for (let i = 0; i < count; i++) values[i] = Math.max(-upTo, Math.min(upTo, values[i] as number));
}

/** True when a driver of 0 leaves no trace, so that a day without it can be skipped. */
export function isIdleAtZero({ shape = 'linear', from = 0 }: Coupling): boolean {
  if (shape === 'linear') return from === 0;
  return shape === 'below' ? from <= 0 : from >= 0;
}
