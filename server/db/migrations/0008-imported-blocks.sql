-- Imported aggregates in blocks: one row holds the buckets of a fixed span of time, packed (server/readings/import-block.ts says how), at a
-- tenth of the room of a row for each. What is there already is moved as columns side by side, the form that SQL can write.
set local statement_timeout = 0;

create table imported_block (
  series_id int not null,
  -- 1: minutes of a day of UTC, 2: hours of 8 days, 3: days of the city that begin within 128 days.
  resolution int2 not null check (resolution in (1, 2, 3)),
  -- Start of the span: a multiple of its length since 1970 in UTC.
  block timestamptz not null,
  -- Starts of the buckets that were sent as they stand, in runs of equal steps: first, last and step of each, seconds from the block's start.
  given int[] not null,
  data bytea not null,
  primary key (series_id, resolution, block)
);
-- It is packed already.
alter table imported_block alter column data set storage external;

with placed as (
  select i.*, s.block, extract(epoch from i.bucket - s.block)::int as at_s
  from imported i
  cross join lateral (select case i.resolution when 1 then 86400 when 2 then 8 * 86400 else 128 * 86400 end as span_s) l
  cross join lateral (select to_timestamp(floor(extract(epoch from i.bucket) / span_s) * span_s) as block) s),
packed as (
  select series_id, resolution, block,
    '\x00'::bytea || int4send(count(*)::int) || string_agg(int4send(at_s), '' order by at_s) || string_agg(int4send(width_s), '' order by at_s)
      || string_agg(boolsend(given), '' order by at_s) || string_agg(int4send(count), '' order by at_s) || string_agg(float8send(sum), '' order by at_s)
      || string_agg(float8send(coalesce(min, 'NaN')), '' order by at_s) || string_agg(float8send(coalesce(max, 'NaN')), '' order by at_s)
      || string_agg(float8send(coalesce(last, 'NaN')), '' order by at_s) || string_agg(int4send(bad_count), '' order by at_s)
      || string_agg(int4send(suspect_count), '' order by at_s) as data
  from placed group by series_id, resolution, block),
-- A run goes on where a bucket begins as the one before it ends.
stepped as (
  select series_id, resolution, block, at_s, width_s,
    case when at_s - lag(at_s) over neighbours = width_s and lag(width_s) over neighbours = width_s then 0 else 1 end as begins
  from placed where given window neighbours as (partition by series_id, resolution, block order by at_s)),
numbered as (
  select stepped.*, sum(begins) over (partition by series_id, resolution, block order by at_s) as run from stepped),
runs as (
  select series_id, resolution, block, run, min(at_s) as first_s, max(at_s) as last_s, min(width_s) as step_s
  from numbered group by series_id, resolution, block, run),
given as (
  select series_id, resolution, block, array_agg(part.s order by run, part.n) as runs
  from runs cross join lateral unnest(array[first_s, last_s, step_s]) with ordinality as part (s, n)
  group by series_id, resolution, block)
insert into imported_block (series_id, resolution, block, given, data)
select series_id, resolution, block, coalesce(given.runs, '{}'), packed.data from packed left join given using (series_id, resolution, block);

drop table imported;
