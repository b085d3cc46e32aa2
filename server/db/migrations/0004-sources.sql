-- What the doors refused, and how each source fares. No domain timestamp takes its value from SQL.

-- One row for each original: what is sent again by a sender that retries raises a count and fills nothing.
create table quarantine (
  id bigint generated always as identity primary key,
  -- A source of the catalogue (it may have been retired since), or the pseudo-source of what came without one.
  source_id text not null,
  -- SHA-256 of format, detail and the whole original, also where only its beginning is kept.
  hash bytea not null,
  received_at timestamptz not null,
  last_received_at timestamptz not null,
  times int not null,
  code text not null,
  path text not null,
  message text not null,
  format text not null,
  -- Bytes, not text: what is refused need not be text at all.
  original bytea not null,
  is_cut boolean not null,
  -- What the reader needs besides the original: topic, file, row, column names.
  detail jsonb not null,
  -- What the row counts against the source's bound.
  bytes int not null,
  constraint quarantine_original unique (source_id, hash)
);
create index quarantine_order on quarantine (source_id, id) include (bytes);
create index quarantine_age on quarantine (last_received_at);

-- Kept in the rows' own transaction; its row lock also puts the writers of one source in order.
create table quarantine_size (
  source_id text primary key,
  entries int not null default 0,
  bytes bigint not null default 0,
  -- Refused and not kept, or kept and dropped since, because of the bounds.
  dropped bigint not null default 0
);

-- The health of a source that must survive a restart.
create table source_state (
  source_id text primary key,
  state text not null check (state in ('never', 'ok', 'silent', 'failing')),
  since timestamptz not null,
  last_success_at timestamptz,
  -- Newest observation time received.
  last_observed_at timestamptz
);
