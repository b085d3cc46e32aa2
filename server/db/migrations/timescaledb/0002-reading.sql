-- Readings on TimescaleDB. The key carries its columns, so that what is not compressed yet is read from the index alone.
-- No foreign key to series: it would cost a look-up for every copied row, and only the ingest door writes here.
create table reading (
  series_id int not null,
  observed_at timestamptz not null,
  value float8 not null,
  -- Verdict (0 good, 1 suspect, 2 bad) + 4 × reason; see readings/quality.ts.
  quality int2 not null,
  primary key (series_id, observed_at) include (value, quality)
);

-- A week a chunk: of a thousand series a minute ten million rows, so that the chunk being written and its index stay in memory, while
-- ten years are some five hundred chunks, which a plan still goes through in milliseconds. Retention lets go of whole weeks.
select create_hypertable('reading', by_range('observed_at', interval '7 days'), create_default_indexes => false);

-- One series' readings in order of time: history asks for just that, and neighbours in a column differ little.
alter table reading set (timescaledb.enable_columnstore, timescaledb.segmentby = 'series_id', timescaledb.orderby = 'observed_at');
