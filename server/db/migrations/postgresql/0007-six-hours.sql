-- Quarters of the city's day, made from hours: a year of a series to the width of a screen is read from some 1,500 rows and not from 8,760.
-- Kept as long as hours are. Only for cities whose days begin on whole hours of UTC; the others read hours.
create table reading_6h (
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

insert into dirty_hour (series_id, hour, mark, first_changed_at, last_changed_at) select series_id, bucket, 0, bucket, bucket from reading_1h on conflict do nothing;
