-- Readings on plain PostgreSQL: one partition a UTC month, made ahead and on demand by partitions.ts.
-- No foreign key to series: it would cost a look-up for every copied row, and only the ingest door writes here.
create table reading (
  series_id int not null,
  observed_at timestamptz not null,
  value float8 not null,
  -- Verdict (0 good, 1 suspect, 2 bad) + 4 × reason; see readings/quality.ts.
  quality int2 not null,
  primary key (series_id, observed_at)
) partition by range (observed_at);

-- Hourly rollup, refreshed from `touched`. Bad readings are counted and otherwise left out; suspect ones are in.
create table reading_1h (
  series_id int not null,
  bucket timestamptz not null,
  count int not null,
  sum float8 not null,
  min float8,
  max float8,
  last float8,
  bad_count int not null,
  suspect_count int not null,
  primary key (series_id, bucket)
);
