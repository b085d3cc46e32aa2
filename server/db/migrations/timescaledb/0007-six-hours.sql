-- Quarters of the city's day, summed up from hours when they are asked for.
create view reading_6h as
select series_id, bucket, sum(count)::int as count, sum(sum) as sum, min(min) as min, max(max) as max, last(last, hour) filter (where count > 0) as last,
  sum(bad_count)::int as bad_count, sum(suspect_count)::int as suspect_count
from (
  select h.series_id, h.bucket as hour, h.count, h.sum, h.min, h.max, h.last, h.bad_count, h.suspect_count,
    day + floor(extract(epoch from h.bucket - day) / 21600) * interval '6 hours' as bucket
  from reading_1h h cross join lateral (select date_trunc('day', h.bucket, :time_zone) as day) d) hours
group by series_id, bucket;
