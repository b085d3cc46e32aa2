create materialized view reading_1m with (timescaledb.continuous, timescaledb.materialized_only = false) as
select series_id, time_bucket('1 minute', observed_at) as bucket,
  (count(*) filter (where quality & 3 <> 2))::int as count,
  coalesce(sum(value) filter (where quality & 3 <> 2), 0) as sum,
  min(value) filter (where quality & 3 <> 2) as min,
  max(value) filter (where quality & 3 <> 2) as max,
  last(value, observed_at) filter (where quality & 3 <> 2) as last,
  (count(*) filter (where quality & 3 = 2))::int as bad_count,
  (count(*) filter (where quality & 3 = 1))::int as suspect_count
from reading group by 1, 2
with no data;

create materialized view reading_1h with (timescaledb.continuous, timescaledb.materialized_only = false) as
select series_id, time_bucket('1 hour', bucket) as bucket, sum(count)::int as count, sum(sum) as sum, min(min) as min, max(max) as max,
  last(last, bucket) filter (where count > 0) as last, sum(bad_count)::int as bad_count, sum(suspect_count)::int as suspect_count
from reading_1m group by series_id, time_bucket('1 hour', bucket)
with no data;

create materialized view reading_1d with (timescaledb.continuous, timescaledb.materialized_only = false) as
select series_id, time_bucket('1 day', bucket, :time_zone) as bucket, sum(count)::int as count, sum(sum) as sum, min(min) as min, max(max) as max,
  last(last, bucket) filter (where count > 0) as last, sum(bad_count)::int as bad_count, sum(suspect_count)::int as suspect_count
from reading_1h group by series_id, time_bucket('1 day', bucket, :time_zone)
with no data;
