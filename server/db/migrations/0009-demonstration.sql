-- Marked windows of time that people compare with: a storm, a typhoon, a drill.
create table event (
  id bigint generated always as identity primary key,
  kind text not null,
  name_zh text not null,
  name_en text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  created_at timestamptz not null,
  created_by jsonb not null,
  check (from_at < to_at)
);
create index event_order on event (from_at);

-- The one clock of a demonstration: at the true time `real_at` the city's clock showed `city_at`, and ran `speed` times as fast as true time
-- until it showed `fast_until`. A city that is real has no row.
create table simulation (
  singleton boolean primary key default true check (singleton),
  real_at timestamptz not null,
  city_at timestamptz not null,
  speed float8 not null check (speed >= 1),
  fast_until timestamptz,
  -- What the simulator remembers of its back-fill.
  progress jsonb not null default '{}'
);

-- Scenarios, each at its time on the city's clock.
create table simulation_scenario (
  id bigint generated always as identity primary key,
  scenario text not null,
  name_zh text not null,
  name_en text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  stopped_at timestamptz,
  created_at timestamptz not null,
  created_by jsonb not null,
  check (starts_at < ends_at)
);
