-- The connection that the step uses at which a run stopped.
create function attention_credential(p_cause jsonb, p_file jsonb) returns text language sql immutable as $$
  select jsonb_path_query_first(n -> 'config', '$.** ? (@.type() == "string" && @ like_regex "^cred_[0-9a-f]{32}$")') #>> '{}'
    from jsonb_array_elements(p_file -> 'nodes') n where n ->> 'id' = p_cause ->> 'node' limit 1
$$;

-- Runs that stopped for the same cause: over all steps that use the connection which it is about, else of one step of one version.
create function attention_key(p_cause jsonb, p_flow text, p_version text, p_file jsonb) returns text language sql immutable as $$
  select case when c.credential is not null and (c.code like 'credential.%' or c.code in ('upstream.unauthorized', 'upstream.unreachable', 'upstream.timeout',
      'upstream.limited', 'upstream.broken', 'upstream.down', 'upstream.paused')) then c.code || '/' || c.credential
    else c.code || '/' || p_flow || '/' || p_version || '/' || coalesce(p_cause ->> 'node', '') end
  from (select coalesce(p_cause ->> 'code', 'internal') as code, attention_credential(p_cause, p_file) as credential) c
$$;

-- What an operator does to all runs that stopped for one cause. One process at a time works on it, for a moment, with its row locked.
create table repairs (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  cause text not null, -- attention_key
  about jsonb not null, -- the cause in words, as it was
  act jsonb not null,
  -- trying: the first one alone · tried: somebody looks at what came of it · stopping: what was begun still ends
  state text not null check (state in ('trying', 'tried', 'running', 'stopping', 'stopped', 'done')),
  note text,
  by_user_id text,
  by_name text not null,
  stopped_by text, -- null: it stopped by itself
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index repairs_by_workspace on repairs (workspace_id, created_at desc);
create index repairs_open on repairs (created_at) where state in ('trying', 'running', 'stopping');

create table repair_runs (
  repair_id text not null references repairs (id) on delete cascade,
  run_id text not null references runs (id) on delete cascade,
  workspace_id text not null,
  place integer not null,
  -- asked: its override is written, in the same transaction
  state text not null default 'planned' check (state in ('planned', 'asked', 'done', 'failed', 'skipped')),
  override_id text,
  since integer, -- the length of its journal when it was asked
  problem jsonb, -- why it failed again, or why nothing was done
  asked_at timestamptz,
  settled_at timestamptz,
  primary key (repair_id, run_id)
);
create index repair_runs_by_place on repair_runs (repair_id, state, place);
create index repair_runs_by_run on repair_runs (run_id);

-- Whether a connection works, as it was last tried.
create table connection_health (
  credential_id text primary key references credentials (id) on delete cascade,
  workspace_id text not null,
  is_watched boolean not null default true,
  next_at timestamptz not null default now(),
  checked_at timestamptz,
  last_ok_at timestamptz,
  last_failed_at timestamptz,
  problem text, -- the last failure in words, while it stands
  failures integer not null default 0, -- in a row
  told_at timestamptz -- people were told that it fails
);
create index connection_health_due on connection_health (next_at) where is_watched;

-- The window of time in which a live trigger's expected activity is counted next, and the last one that it missed.
create table expected_activity (
  flow_id text not null references flows (id) on delete cascade,
  node_id text not null,
  workspace_id text not null,
  expects jsonb not null,
  window_from timestamptz not null,
  window_until timestamptz not null,
  missed_from timestamptz,
  missed_until timestamptz,
  missed_count integer,
  primary key (flow_id, node_id)
);
create index expected_activity_due on expected_activity (window_until);
