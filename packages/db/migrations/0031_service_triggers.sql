-- Triggers that listen to a connected system: Shopify and QuickBooks tell us, a Google sheet is looked at.

-- What a connection is told from outside, and how far it was looked after.
create table credential_hooks (
  credential_id text primary key references credentials (id) on delete cascade,
  workspace_id text not null references workspaces (id) on delete cascade,
  -- Sealed: what the system signs its messages with, and the one before for a while. Null: the connection's own secret, or nothing yet.
  secret bytea,
  key_id text,
  received_at timestamptz,
  refused_at timestamptz,
  refusal text,
  -- Subscriptions are looked at again then; one process at a time does it.
  check_at timestamptz not null default now(),
  checked_at timestamptz,
  owner text,
  owned_until timestamptz,
  failures integer not null default 0,
  problem jsonb
);
create index credential_hooks_due on credential_hooks (check_at);

-- What live flows want to hear of a connection. Everything up to known_until came, or was read afterwards.
create table credential_topics (
  credential_id text not null references credentials (id) on delete cascade,
  topic text not null,
  workspace_id text not null references workspaces (id) on delete cascade,
  is_wanted boolean not null default true, -- false: the subscription is to be taken back
  remote_id text, -- of the subscription over there; null: there is none yet, or it needs none
  problem jsonb,
  since timestamptz not null default now(),
  known_until timestamptz not null default now(),
  received_at timestamptz,
  lost_at timestamptz, -- the system had given the subscription up; it was made anew
  primary key (credential_id, topic)
);

-- What came, without its content, so that each event counts once by whatever way it comes.
create table credential_events (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  credential_id text not null references credentials (id) on delete cascade,
  topic text not null,
  subject text not null, -- the thing that it is about
  version text not null, -- its state: a time, or nothing for what happens once
  delivery_id text,
  event_id text,
  came_by text not null check (came_by in ('told', 'read')),
  state text not null check (state in ('started', 'late', 'unwanted')),
  happened_at timestamptz not null,
  received_at timestamptz not null default now()
);
create index credential_events_by_subject on credential_events (credential_id, topic, subject, happened_at);
create index credential_events_by_delivery on credential_events (credential_id, delivery_id) where delivery_id is not null;
create index credential_events_by_age on credential_events (received_at);

-- A sheet that a trigger watches, and how far it got. It outlives publishing.
create table sheet_watches (
  flow_id text not null references flows (id) on delete cascade,
  node_id text not null,
  workspace_id text not null references workspaces (id) on delete cascade,
  place text not null, -- what is watched; another place begins anew
  version_id text not null,
  columns jsonb, -- the names in the first row as they were; null: not looked at yet
  poll_at timestamptz not null default now(),
  polled_at timestamptz,
  owner text,
  owned_until timestamptz,
  round integer not null default 0,
  failures integer not null default 0,
  row_count integer,
  left_over integer not null default 0, -- changed rows that wait for the next look
  found_at timestamptz,
  problem jsonb,
  primary key (flow_id, node_id)
);
create index sheet_watches_due on sheet_watches (poll_at);

-- Rows that are known, as hashes. One that is gone is remembered for a while: it may have been cut to be put elsewhere.
create table sheet_rows (
  flow_id text not null,
  node_id text not null,
  workspace_id text not null references workspaces (id) on delete cascade,
  key text not null, -- of the key column; empty without one
  hash text not null,
  count integer not null,
  position integer not null,
  gone_at timestamptz,
  primary key (flow_id, node_id, key, hash),
  foreign key (flow_id, node_id) references sheet_watches (flow_id, node_id) on delete cascade
);
