-- Programs inside other networks that make calls there for connections (apps/agent).
create table agents (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null,
  token_hash text unique, -- null: revoked
  token_start text not null,
  allowed_hosts text[] not null, -- host:port; the agent has a list of its own on top
  created_by text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz,
  unique (workspace_id, id)
);
create unique index agents_by_name on agents (workspace_id, lower(name));

-- Each running agent, by the folder that it keeps its journal in: `boot` counts its starts, `turn` the questions of the present one. Older ones get nothing.
create table agent_instances (
  workspace_id text not null references workspaces (id) on delete cascade,
  agent_id text not null references agents (id) on delete cascade,
  instance text not null,
  boot bigint not null,
  process text not null,
  turn bigint not null,
  machine text not null,
  version text not null,
  allowed_hosts text[] not null,
  running integer not null default 0,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (agent_id, instance)
);

-- Calls on their way over an agent. A row is there as long as somebody waits for it; what it holds is sealed.
create table agent_calls (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  agent_id text not null references agents (id) on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'leased', 'done')),
  epoch integer not null default 0, -- grows with each lease
  instance text, -- which running agent has it
  request bytea not null,
  request_key_id text not null,
  answer bytea,
  answer_key_id text,
  created_at timestamptz not null default now(),
  deadline_at timestamptz not null
);
create index agent_calls_pending on agent_calls (agent_id, created_at) where state = 'pending';
create index agent_calls_leased on agent_calls (agent_id, instance) where state = 'leased';
create index agent_calls_by_deadline on agent_calls (deadline_at);

-- How a connection's calls leave the house, when not straight to their target: {"kind": "proxy", "url", "username"}, or an agent.
alter table credentials
  add column via_proxy jsonb,
  add column via_secret bytea, -- the proxy's password, sealed
  add column via_key_id text,
  add column via_agent_id text,
  add constraint credentials_agent foreign key (workspace_id, via_agent_id) references agents (workspace_id, id),
  add constraint credentials_one_way check (via_proxy is null or via_agent_id is null);
create index credentials_by_agent on credentials (workspace_id, via_agent_id) where via_agent_id is not null;
