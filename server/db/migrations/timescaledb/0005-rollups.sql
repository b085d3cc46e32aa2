-- Rollups on TimescaleDB: continuous aggregates, each made from the finer one, that also show what was not materialised yet. Bad readings
-- are counted and otherwise left out; suspect ones are in. Same columns, same meaning as on plain PostgreSQL.
create materialized view reading_1m with (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = true) as
select series_id, time_bucket('1 minute', observed_at) as bucket,
  (count(*) filter (where quality & 3 <> 2))::int as count,
  coalesce(sum(value) filter (where quality & 3 <> 2), 0) as sum,
  min(value) filter (where quality & 3 <> 2) as min,
  max(value) filter (where quality & 3 <> 2) as max,
  last(value, observed_at) filter (where quality & 3 <> 2) as last,
  (count(*) filter (where quality & 3 = 2))::int as bad_count,
  (count(*) filter (where quality & 3 = 1))::int as suspect_count
from reading group by series_id, time_bucket('1 minute', observed_at)
with no data;

create materialized view reading_1h with (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = true) as
select series_id, time_bucket('1 hour', bucket) as bucket, sum(count)::int as count, sum(sum) as sum, min(min) as min, max(max) as max,
  last(last, bucket) filter (where count > 0) as last, sum(bad_count)::int as bad_count, sum(suspect_count)::int as suspect_count
from reading_1m group by series_id, time_bucket('1 hour', bucket)
with no data;

-- The bucket is the start of the city's day. Where days do not begin on whole hours of UTC, hours do not add up to days; minutes do.
do $migration$
declare
  finer text := 'reading_1h';
begin
  if exists (
    select from generate_series('1990-01-01 00:00Z'::timestamptz, '2060-12-31 00:00Z', interval '1 day') as day where extract(minute from day at time zone :time_zone) <> 0
  ) then
    finer := 'reading_1m';
  end if;
  execute replace($view$
    create materialized view reading_1d with (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = true) as
    select series_id, time_bucket('1 day', bucket, :time_zone) as bucket, sum(count)::int as count, sum(sum) as sum, min(min) as min, max(max) as max,
      last(last, bucket) filter (where count > 0) as last, sum(bad_count)::int as bad_count, sum(suspect_count)::int as suspect_count
    from FINER group by series_id, time_bucket('1 day', bucket, :time_zone)
    with no data$view$, 'FINER', finer);
end
$migration$;

-- The server refreshes each hour when it is over and quiet, and the hours of late readings. These only keep what is shown in real time
-- short: each in one piece, not minute by minute. They reach back less than readings are ever kept, so that what was dropped is never
-- rolled up into nothing.
select add_continuous_aggregate_policy('reading_1m', start_offset => interval '2 days', end_offset => interval '1 hour', schedule_interval => interval '1 hour', buckets_per_batch => 0);
select add_continuous_aggregate_policy('reading_1h', start_offset => interval '2 days', end_offset => interval '1 hour', schedule_interval => interval '1 hour', buckets_per_batch => 0);
select add_continuous_aggregate_policy('reading_1d', start_offset => interval '2 days', end_offset => interval '0 days', schedule_interval => interval '6 hours', buckets_per_batch => 0);

-- Minutes of what is measured once a minute are as many as the readings: they are kept in weeks and compressed like these. Long after the
-- last refresh by policy; the hour of a late reading is refreshed in compressed weeks, too.
select set_chunk_time_interval('reading_1m', interval '7 days');
alter materialized view reading_1m set (timescaledb.enable_columnstore, timescaledb.segmentby = 'series_id', timescaledb.orderby = 'bucket');
select add_compression_policy('reading_1m', compress_after => interval '14 days');

-- Where the past ends: a bucket of this relation that starts before the instant may lack what it was made from, and is never made anew.
create table rollup_floor (
  relation text primary key check (relation in ('reading', 'reading_1m', 'reading_1h', 'reading_1d')),
  dropped_before timestamptz not null
);
