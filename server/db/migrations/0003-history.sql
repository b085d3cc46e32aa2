-- What years of history need beside the readings themselves, on every engine.

-- When a series got its first reading: a bucket that ended before cannot have been complete then.
alter table series add column first_received_at timestamptz;

-- Hours whose rollup no longer agrees with the readings. Whoever reads such an hour takes it from the readings; it leaves this
-- table when the hour is over, has been quiet and was rolled up. `mark` tells a change that came during the refresh.
create table dirty_hour (
  series_id int not null,
  hour timestamptz not null,
  mark bigint not null,
  first_changed_at timestamptz not null,
  last_changed_at timestamptz not null,
  primary key (series_id, hour)
);
create index dirty_hour_order on dirty_hour (hour);

-- Readings that came or changed after their time had passed, by exact spans (every minute between first and last got one).
create table late_range (
  series_id int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  received_at timestamptz not null
);
create index late_range_key on late_range (series_id, first_at);

-- Aggregates from another system, for time of which no readings were sent. What a bucket shows is its readings and these together.
-- given: sent as it stands; else summed up from the finer ones below.
create table imported (
  series_id int not null,
  -- 1: one minute, 2: one hour, 3: one day of the city.
  resolution int2 not null check (resolution in (1, 2, 3)),
  bucket timestamptz not null,
  -- The time it stands for: a sender may know only quarters of an hour.
  width_s int not null,
  given boolean not null,
  count int not null,
  sum float8 not null,
  min float8,
  max float8,
  last float8,
  bad_count int not null,
  suspect_count int not null,
  primary key (series_id, resolution, bucket)
);

-- Windows of time whose readings outlive retention: a flood.
create table preserved_window (
  id bigint generated always as identity primary key,
  name text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Null: every indicator, every place.
  indicator_ids text[],
  place_ids text[],
  created_at timestamptz not null,
  created_by jsonb not null,
  check (from_at < to_at)
);

-- Readings of such windows, moved here when their own time is over.
create table reading_preserved (
  series_id int not null,
  observed_at timestamptz not null,
  value float8 not null,
  quality int2 not null,
  primary key (series_id, observed_at)
);
