-- What the migrations make on plain PostgreSQL, for reading: the migrations are what is run.
-- Made by "npm run db:dump"; "npm run db:check" fails when it is behind them.

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the journal is append-only';
end
$function$;

create table account (
  id text not null,
  username text not null,
  name text not null,
  role text not null,
  password_hash text,
  created_at timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_username_key UNIQUE (username),
  constraint account_role_check CHECK (role = 'admin'::text)
);

create table alert (
  id bigint not null generated always as identity,
  rule_id text not null,
  catalogue_version_id integer not null,
  series_id integer not null,
  condition text not null,
  level text,
  state jsonb not null,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone,
  ended_at timestamp with time zone,
  journal_id bigint not null,
  constraint alert_pkey PRIMARY KEY (id),
  constraint alert_catalogue_version_id_fkey FOREIGN KEY (catalogue_version_id) REFERENCES catalogue_version(id),
  constraint alert_series_id_fkey FOREIGN KEY (series_id) REFERENCES series(id),
  constraint alert_condition_check CHECK (condition = ANY (ARRAY['inactive'::text, 'pending'::text, 'firing'::text, 'resolved'::text])),
  constraint alert_level_check CHECK (level = ANY (ARRAY['blue'::text, 'yellow'::text, 'orange'::text, 'red'::text]))
);
CREATE INDEX alert_due ON alert USING btree (due_at) WHERE ended_at IS NULL AND due_at IS NOT NULL;
CREATE UNIQUE INDEX alert_open ON alert USING btree (rule_id, series_id) WHERE ended_at IS NULL;
CREATE INDEX alert_opened ON alert USING btree (opened_at DESC);
CREATE INDEX alert_series ON alert USING btree (series_id, opened_at DESC);

create table catalogue_version (
  id integer not null generated always as identity,
  hash text not null,
  files jsonb not null,
  loaded_at timestamp with time zone not null,
  constraint catalogue_version_pkey PRIMARY KEY (id),
  constraint catalogue_version_hash_key UNIQUE (hash)
);

create table dirty_hour (
  series_id integer not null,
  hour timestamp with time zone not null,
  mark bigint not null,
  first_changed_at timestamp with time zone not null,
  last_changed_at timestamp with time zone not null,
  constraint dirty_hour_pkey PRIMARY KEY (series_id, hour)
);
CREATE INDEX dirty_hour_order ON dirty_hour USING btree (hour);

create table evaluation (
  series_id integer not null,
  evaluated_through timestamp with time zone not null,
  constraint evaluation_pkey PRIMARY KEY (series_id),
  constraint evaluation_series_id_fkey FOREIGN KEY (series_id) REFERENCES series(id)
);

create table event (
  id bigint not null generated always as identity,
  kind text not null,
  name_zh text not null,
  name_en text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  created_by jsonb not null,
  constraint event_pkey PRIMARY KEY (id),
  constraint event_check CHECK (from_at < to_at)
);
CREATE INDEX event_order ON event USING btree (from_at);

create table imported_block (
  series_id integer not null,
  resolution smallint not null,
  block timestamp with time zone not null,
  given integer[] not null,
  data bytea not null,
  constraint imported_block_pkey PRIMARY KEY (series_id, resolution, block),
  constraint imported_block_resolution_check CHECK (resolution = ANY (ARRAY[1, 2, 3]))
);

create table indicator (
  id text not null,
  definition jsonb not null,
  retired_at timestamp with time zone,
  constraint indicator_pkey PRIMARY KEY (id)
);

create table journal (
  id bigint not null,
  at timestamp with time zone not null,
  kind text not null,
  alert_id bigint,
  actor jsonb not null,
  detail jsonb not null,
  hash text not null,
  constraint journal_pkey PRIMARY KEY (id)
);
CREATE INDEX journal_alert ON journal USING btree (alert_id, id) WHERE alert_id IS NOT NULL;
CREATE TRIGGER journal_append_only BEFORE DELETE OR UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_never_truncated BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table late_range (
  series_id integer not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  received_at timestamp with time zone not null
);
CREATE INDEX late_range_key ON late_range USING btree (series_id, first_at);

create table migration (
  number integer not null,
  name text not null,
  hash text not null,
  ran_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (number)
);

create table place (
  id text not null,
  kind text not null,
  parent_id text,
  name_zh text not null,
  name_en text not null,
  longitude double precision,
  latitude double precision,
  note_zh text,
  note_en text,
  retired_at timestamp with time zone,
  constraint place_pkey PRIMARY KEY (id),
  constraint place_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES place(id) DEFERRABLE INITIALLY DEFERRED,
  constraint place_kind_check CHECK (kind = ANY (ARRAY['city'::text, 'region'::text, 'station'::text, 'facility'::text]))
);

create table preserved_window (
  id bigint not null generated always as identity,
  name text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  indicator_ids text[],
  place_ids text[],
  created_at timestamp with time zone not null,
  created_by jsonb not null,
  constraint preserved_window_pkey PRIMARY KEY (id),
  constraint preserved_window_check CHECK (from_at < to_at)
);

create table quarantine (
  id bigint not null generated always as identity,
  source_id text not null,
  hash bytea not null,
  received_at timestamp with time zone not null,
  last_received_at timestamp with time zone not null,
  times integer not null,
  code text not null,
  path text not null,
  message text not null,
  format text not null,
  original bytea not null,
  is_cut boolean not null,
  detail jsonb not null,
  bytes integer not null,
  constraint quarantine_pkey PRIMARY KEY (id),
  constraint quarantine_original UNIQUE (source_id, hash)
);
CREATE INDEX quarantine_age ON quarantine USING btree (last_received_at);
CREATE INDEX quarantine_order ON quarantine USING btree (source_id, id) INCLUDE (bytes);

create table quarantine_size (
  source_id text not null,
  entries integer not null default 0,
  bytes bigint not null default 0,
  dropped bigint not null default 0,
  constraint quarantine_size_pkey PRIMARY KEY (source_id)
);

create table reading (
  series_id integer not null,
  observed_at timestamp with time zone not null,
  value double precision not null,
  quality smallint not null,
  constraint reading_pkey PRIMARY KEY (series_id, observed_at) INCLUDE (value, quality)
) partition by RANGE (observed_at);

create table reading_1d (
  series_id integer not null,
  bucket timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  min double precision,
  max double precision,
  last double precision,
  bad_count integer not null,
  suspect_count integer not null,
  constraint reading_1d_pkey PRIMARY KEY (series_id, bucket) INCLUDE (count, sum, min, max, last, bad_count, suspect_count)
);

create table reading_1h (
  series_id integer not null,
  bucket timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  min double precision,
  max double precision,
  last double precision,
  bad_count integer not null,
  suspect_count integer not null,
  constraint reading_1h_pkey PRIMARY KEY (series_id, bucket) INCLUDE (count, sum, min, max, last, bad_count, suspect_count)
);

create table reading_1m (
  series_id integer not null,
  bucket timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  min double precision,
  max double precision,
  last double precision,
  bad_count integer not null,
  suspect_count integer not null,
  constraint reading_1m_pkey PRIMARY KEY (series_id, bucket) INCLUDE (count, sum, min, max, last, bad_count, suspect_count)
) partition by RANGE (bucket);

create table reading_6h (
  series_id integer not null,
  bucket timestamp with time zone not null,
  count integer not null,
  sum double precision not null,
  min double precision,
  max double precision,
  last double precision,
  bad_count integer not null,
  suspect_count integer not null,
  constraint reading_6h_pkey PRIMARY KEY (series_id, bucket) INCLUDE (count, sum, min, max, last, bad_count, suspect_count)
);

create table reading_preserved (
  series_id integer not null,
  observed_at timestamp with time zone not null,
  value double precision not null,
  quality smallint not null,
  constraint reading_preserved_pkey PRIMARY KEY (series_id, observed_at)
);

create table reading_revision (
  series_id integer not null,
  observed_at timestamp with time zone not null,
  value double precision not null,
  quality smallint not null,
  replaced_at timestamp with time zone not null
);
CREATE INDEX reading_revision_key ON reading_revision USING btree (series_id, observed_at);

create table series (
  id integer not null generated always as identity,
  indicator_id text not null,
  place_id text not null,
  facet text,
  simulated boolean not null default false,
  source_id text,
  created_at timestamp with time zone not null,
  first_received_at timestamp with time zone,
  constraint series_pkey PRIMARY KEY (id),
  constraint series_key UNIQUE NULLS NOT DISTINCT (indicator_id, place_id, facet),
  constraint series_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES indicator(id),
  constraint series_place_id_fkey FOREIGN KEY (place_id) REFERENCES place(id)
);

create table session (
  token_hash bytea not null,
  account_id text not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (token_hash),
  constraint session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id)
);

create table simulation (
  singleton boolean not null default true,
  real_at timestamp with time zone not null,
  city_at timestamp with time zone not null,
  speed double precision not null,
  fast_until timestamp with time zone,
  progress jsonb not null default '{}'::jsonb,
  constraint simulation_pkey PRIMARY KEY (singleton),
  constraint simulation_singleton_check CHECK (singleton),
  constraint simulation_speed_check CHECK (speed >= 1::double precision)
);

create table simulation_scenario (
  id bigint not null generated always as identity,
  scenario text not null,
  name_zh text not null,
  name_en text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  stopped_at timestamp with time zone,
  created_at timestamp with time zone not null,
  created_by jsonb not null,
  constraint simulation_scenario_pkey PRIMARY KEY (id),
  constraint simulation_scenario_check CHECK (starts_at < ends_at)
);

create table source_state (
  source_id text not null,
  state text not null,
  since timestamp with time zone not null,
  last_success_at timestamp with time zone,
  last_observed_at timestamp with time zone,
  constraint source_state_pkey PRIMARY KEY (source_id),
  constraint source_state_state_check CHECK (state = ANY (ARRAY['never'::text, 'ok'::text, 'silent'::text, 'failing'::text]))
);

create table store (
  only_one boolean not null default true,
  city_id text not null,
  time_zone text not null,
  engine text not null,
  created_at timestamp with time zone not null,
  raw_floor timestamp with time zone,
  constraint store_pkey PRIMARY KEY (only_one),
  constraint store_engine_check CHECK (engine = ANY (ARRAY['postgresql'::text, 'timescaledb'::text])),
  constraint store_only_one_check CHECK (only_one)
);

create table token (
  id text not null,
  kind text not null,
  name text not null,
  token_hash bytea not null,
  source_id text,
  account_id text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint token_pkey PRIMARY KEY (id),
  constraint token_token_hash_key UNIQUE (token_hash),
  constraint token_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint token_kind_check CHECK (kind = ANY (ARRAY['ingest'::text, 'wall'::text, 'sign_in_link'::text]))
);

create table touched (
  id bigint not null generated always as identity,
  transaction_id xid8 not null default pg_current_xact_id(),
  received_at timestamp with time zone not null,
  source_id text,
  series_ids integer[] not null,
  first_at timestamp with time zone[] not null,
  last_at timestamp with time zone[] not null,
  constraint touched_pkey PRIMARY KEY (id)
);
CREATE INDEX touched_order ON touched USING btree (transaction_id, id);

create table watermark (
  consumer text not null,
  transaction_id xid8 not null,
  touched_id bigint not null,
  constraint watermark_pkey PRIMARY KEY (consumer)
);
