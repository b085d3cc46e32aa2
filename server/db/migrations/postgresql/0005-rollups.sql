-- Rollups on plain PostgreSQL. Bad readings are counted and otherwise left out; suspect ones are in. The keys carry their columns,
-- so that a year of one series is read from the index alone.
alter table reading drop constraint reading_pkey;
alter table reading add primary key (series_id, observed_at) include (value, quality);

-- Only series that are measured more often than once a minute have rows here: for the others the readings are their minutes.
create table reading_1m (
  series_id int not null,
  bucket timestamptz not null,
  count int not null,
  sum float8 not null,
  min float8,
  max float8,
  last float8,
  bad_count int not null,
  suspect_count int not null,
  primary key (series_id, bucket) include (count, sum, min, max, last, bad_count, suspect_count)
) partition by range (bucket);

alter table reading_1h drop constraint reading_1h_pkey;
alter table reading_1h add primary key (series_id, bucket) include (count, sum, min, max, last, bad_count, suspect_count);

-- The bucket is the start of the city's day.
create table reading_1d (
  series_id int not null,
  bucket timestamptz not null,
  count int not null,
  sum float8 not null,
  min float8,
  max float8,
  last float8,
  bad_count int not null,
  suspect_count int not null,
  primary key (series_id, bucket) include (count, sum, min, max, last, bad_count, suspect_count)
);

-- Days and minutes of what is there already are made by the ordinary way.
insert into dirty_hour (series_id, hour, mark, first_changed_at, last_changed_at) select series_id, bucket, 0, bucket, bucket from reading_1h;
