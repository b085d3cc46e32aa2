/** The one definition of what a bucket holds, in SQL. Bad readings are counted and otherwise left out; suspect ones are in. */

/** The columns of every rollup relation after `series_id` and `bucket`. */
export const ROLLUP_COLUMNS = 'count, sum, min, max, last, bad_count, suspect_count';

/** From readings `r`; quality's verdict is its lowest two bits (2: bad, 1: suspect). */
export const FROM_READINGS = `count(*) filter (where r.quality & 3 <> 2)::int as count,
  coalesce(sum(r.value) filter (where r.quality & 3 <> 2), 0) as sum,
  min(r.value) filter (where r.quality & 3 <> 2) as min,
  max(r.value) filter (where r.quality & 3 <> 2) as max,
  (array_agg(r.value order by r.observed_at desc) filter (where r.quality & 3 <> 2))[1] as last,
  count(*) filter (where r.quality & 3 = 2)::int as bad_count,
  count(*) filter (where r.quality & 3 = 1)::int as suspect_count`;

/** From finer buckets `f` of a rollup. */
export const FROM_BUCKETS = `sum(f.count)::int as count, sum(f.sum) as sum, min(f.min) as min, max(f.max) as max,
  (array_agg(f.last order by f.bucket desc) filter (where f.count > 0))[1] as last,
  sum(f.bad_count)::int as bad_count, sum(f.suspect_count)::int as suspect_count`;
