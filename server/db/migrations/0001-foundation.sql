-- The relations that every engine shares. A migration is final once released: mend by a further one, never here.
-- No domain timestamp takes its value from SQL: the server passes `now`, so that one clock rules and tests can move it.

create table store (
  only_one boolean primary key default true check (only_one),
  city_id text not null,
  -- Day buckets are the city's days, so the zone can never change under stored data.
  time_zone text not null,
  engine text not null check (engine in ('postgresql', 'timescaledb')),
  created_at timestamptz not null
);

create table catalogue_version (
  id int generated always as identity primary key,
  hash text not null unique,
  -- File name to text: what an old alert was judged by can be read years later.
  files jsonb not null,
  loaded_at timestamptz not null
);

create table place (
  id text primary key,
  kind text not null check (kind in ('city', 'region', 'station', 'facility')),
  parent_id text references place (id) deferrable initially deferred,
  name_zh text not null,
  name_en text not null,
  longitude float8,
  latitude float8,
  note_zh text,
  note_en text,
  -- Removed from YAML: kept for its history, refused at the door.
  retired_at timestamptz
);

create table indicator (
  id text primary key,
  definition jsonb not null,
  retired_at timestamptz
);

-- One indicator at one place, split by facet where the indicator has one. The sender is provenance, not key.
create table series (
  id int generated always as identity primary key,
  indicator_id text not null references indicator (id),
  place_id text not null references place (id),
  facet text,
  simulated boolean not null default false,
  source_id text,
  created_at timestamptz not null,
  constraint series_key unique nulls not distinct (indicator_id, place_id, facet)
);

create table reading_revision (
  series_id int not null,
  observed_at timestamptz not null,
  value float8 not null,
  quality int2 not null,
  replaced_at timestamptz not null
);
create index reading_revision_key on reading_revision (series_id, observed_at);

-- Hand-over from ingest to everything that follows: which series were touched, and over which time. Written in the readings'
-- own transaction, so a reading that is stored will be rolled up and evaluated, whatever is killed in between.
-- transaction_id lets a consumer read in commit-safe order: it takes only rows older than every transaction still running.
create table touched (
  id bigint generated always as identity primary key,
  transaction_id xid8 not null default pg_current_xact_id(),
  received_at timestamptz not null,
  source_id text,
  series_ids int[] not null,
  first_at timestamptz[] not null,
  last_at timestamptz[] not null
);
create index touched_order on touched (transaction_id, id);

-- How far each consumer of `touched` has come.
create table watermark (
  consumer text primary key,
  transaction_id xid8 not null,
  touched_id bigint not null
);

-- Up to which observation time a series has been judged: older readings that come later raise nothing twice.
create table evaluation (
  series_id int primary key references series (id),
  evaluated_through timestamptz not null
);

create table alert (
  id bigint generated always as identity primary key,
  rule_id text not null,
  catalogue_version_id int not null references catalogue_version (id),
  series_id int not null references series (id),
  condition text not null check (condition in ('inactive', 'pending', 'firing', 'resolved')),
  level text check (level in ('blue', 'yellow', 'orange', 'red')),
  -- The whole state of the step function; the other columns repeat what queries need.
  state jsonb not null,
  opened_at timestamptz not null,
  -- When time alone could change it (a hold time runs out, its data grow stale); null: never.
  due_at timestamptz,
  ended_at timestamptz,
  -- The newest journal entry about it.
  journal_id bigint not null
);
create index alert_due on alert (due_at) where ended_at is null and due_at is not null;
create unique index alert_open on alert (rule_id, series_id) where ended_at is null;
create index alert_series on alert (series_id, opened_at desc);
create index alert_opened on alert (opened_at desc);

-- Append-only and hash-chained: each row's hash covers the row before it.
create table journal (
  id bigint primary key,
  at timestamptz not null,
  kind text not null,
  alert_id bigint,
  actor jsonb not null,
  detail jsonb not null,
  hash text not null
);
create index journal_alert on journal (alert_id, id) where alert_id is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only';
end
$$;
create trigger journal_append_only before update or delete on journal for each row execute function refuse_change();
create trigger journal_never_truncated before truncate on journal for each statement execute function refuse_change();

create table account (
  id text primary key,
  username text not null unique,
  name text not null,
  role text not null check (role in ('admin')),
  -- argon2id in PHC form; null: only a sign-in link opens it.
  password_hash text,
  created_at timestamptz not null
);

-- Secrets are kept as SHA-256 only: they are random and long, so a fast hash suffices and a copy of the store opens nothing.
create table session (
  token_hash bytea primary key,
  account_id text not null references account (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);

create table token (
  id text primary key,
  kind text not null check (kind in ('ingest', 'wall', 'sign_in_link')),
  name text not null,
  token_hash bytea not null unique,
  -- An ingest token may be bound to one source; null: it may write for any.
  source_id text,
  account_id text references account (id),
  created_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz
);
