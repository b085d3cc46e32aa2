/**
 * Which place is meant by a point on the screen. Told from projected positions rather than read back from the GPU, which
 * stalls a machine without one. Pure.
 */
import type { Standing } from './columns.ts';

/** A fingertip's and a tired hand's reach, CSS pixels. */
export const REACH_PX = 14;
/** Half a column's width and a little. */
const COLUMN_REACH_PX = 7;
/** About half a mark's width: nearer to its middle, the pointer is on the mark. */
const MARK_RADIUS_PX = 7;

/** Distance from (x, y) to the segment a–b. */
export function distanceToSegment(point: readonly [number, number], a: readonly [number, number], b: readonly [number, number]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length2));
  return Math.hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy);
}

/**
 * The place at `point`: the mark it is on, else the column it lies on, else the nearest mark within reach; of two equally near ones the later
 * (drawn above). Null when there is none.
 */
export function placeAt(point: readonly [number, number], standing: readonly Standing[]): string | null {
  let best: { place: string; distance: number } | null = null;
  for (const { place, foot, top } of standing) {
    const toFoot = Math.hypot(point[0] - foot[0], point[1] - foot[1]);
    const toColumn = top === foot ? Number.POSITIVE_INFINITY : distanceToSegment(point, foot, top);
    // A mark under the pointer wins over a column that merely passes behind it.
    const distance = Math.min(toFoot <= REACH_PX ? toFoot : Number.POSITIVE_INFINITY, toColumn <= COLUMN_REACH_PX ? toColumn + MARK_RADIUS_PX : Number.POSITIVE_INFINITY);
    if (distance !== Number.POSITIVE_INFINITY && (best === null || distance <= best.distance)) best = { place, distance };
  }
  return best?.place ?? null;
}
