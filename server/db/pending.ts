/**
 * What is still to be rolled up, for retention: it may drop no reading from which a rollup must still be made, as when a server starts
 * again after months.
 */
import type { Queryable } from './pool.ts';
import type { RetentionClass } from './time-series.ts';

/** A day of the city with an hour that is behind is made from all its readings, and it may have 25 hours. */
const DAY_AND_MORE_MS = 26 * 3_600_000;

/** The classes, with no cutoff after the day of the oldest hour that is behind its readings. */
export async function boundByPending(database: Queryable, classes: readonly RetentionClass[]): Promise<RetentionClass[]> {
  const { rows } = await database.query<{ oldest: number | null }>(
    `select least(
       (select min(hour) from dirty_hour),
       (select min(u.at) from watermark mark join touched t on (t.transaction_id, t.id) > (mark.transaction_id, mark.touched_id)
        cross join lateral unnest(t.first_at) as u (at) where mark.consumer = 'rollup')) as oldest`,
  );
  const oldest = rows[0]?.oldest ?? null;
  if (oldest === null) return [...classes];
  const bound = (before: number | null): number | null => (before === null ? null : Math.min(before, oldest - DAY_AND_MORE_MS));
  return classes.map(({ series, before }) => ({
    series,
    before: { reading: bound(before.reading), reading_1m: bound(before.reading_1m), reading_1h: bound(before.reading_1h), reading_1d: bound(before.reading_1d) },
  }));
}
