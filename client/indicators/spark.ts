/**
 * A series' last day as a tile draws it: at most one point per quarter of an hour with the least, the greatest and the last
 * value in it, so that a peak of one minute survives and a day never costs more than a hundred points.
 */
import type { HistorySeries, ReadingDelta } from '../../server/contract/index.ts';

export const SPARK_SPAN_MS = 24 * 3_600_000;
/** 96 slots a day: about as many as a tile has pixels for. */
export const SPARK_SLOT_MS = 15 * 60_000;

export interface SparkPoint {
  /** When the last value was observed. */
  t: number;
  min: number;
  max: number;
  last: number;
}

export interface Spark {
  points: readonly SparkPoint[];
  /** Neighbours further apart than this have a gap between them. */
  gapMs: number;
}

const slotOf = (t: number): number => Math.floor(t / SPARK_SLOT_MS);

/** Puts `point` where it belongs: into its slot, or as a new one. Late points find their place too. */
function place(points: SparkPoint[], point: SparkPoint): void {
  let at = points.length;
  while (at > 0 && slotOf((points[at - 1] as SparkPoint).t) > slotOf(point.t)) at -= 1;
  const before = points[at - 1];
  if (before === undefined || slotOf(before.t) !== slotOf(point.t)) {
    points.splice(at, 0, point);
    return;
  }
  const newer = point.t >= before.t ? point : before;
  points[at - 1] = { t: newer.t, last: newer.last, min: Math.min(before.min, point.min), max: Math.max(before.max, point.max) };
}

/** From a history answer; buckets that hold only bad readings are left out. */
export function sparkFromHistory(history: HistorySeries): Spark {
  const points: SparkPoint[] = [];
  const middle = (history.bucketMs ?? 0) / 2;
  for (const [i, start] of history.t.entries()) {
    const [min, max, last] = [history.min[i], history.max[i], history.last[i]];
    if (min == null || max == null || last == null) continue;
    place(points, { t: start + middle, min, max, last });
  }
  return { points, gapMs: Math.max(history.gapMs, (history.bucketMs ?? 0) * 1.5, SPARK_SLOT_MS * 2) };
}

/** With one more reading; what is older than a day leaves. Bad readings are not drawn. The same spark when nothing changes. */
export function sparkWith(spark: Spark, reading: Pick<ReadingDelta, 'observedAt' | 'value' | 'quality'>, now: number): Spark {
  const oldest = now - SPARK_SPAN_MS;
  if (reading.quality === 'bad' || reading.observedAt < oldest) return spark;
  const points = spark.points.filter((point) => point.t >= oldest);
  place(points, { t: reading.observedAt, min: reading.value, max: reading.value, last: reading.value });
  return { ...spark, points };
}

/** Runs of points without a gap between them. */
export function sparkRuns({ points, gapMs }: Spark, from: number): SparkPoint[][] {
  const runs: SparkPoint[][] = [];
  let before: SparkPoint | undefined;
  for (const point of points) {
    if (point.t < from) continue;
    if (before === undefined || point.t - before.t > gapMs) runs.push([]);
    runs.at(-1)?.push(point);
    before = point;
  }
  return runs;
}

/** Least and greatest of all points since `from`; null without any. */
export function sparkRange({ points }: Spark, from: number): { min: number; max: number } | null {
  let range: { min: number; max: number } | null = null;
  for (const point of points) {
    if (point.t < from) continue;
    range = range === null ? { min: point.min, max: point.max } : { min: Math.min(range.min, point.min), max: Math.max(range.max, point.max) };
  }
  return range;
}
