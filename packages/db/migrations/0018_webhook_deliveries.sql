-- A webhook's delivery is the run that it started; what was refused is counted, without its content.

-- The caller's id of the message: the same one starts nothing a second time.
alter table runs add column delivery_id text;
-- The run whose delivery a person let begin again.
alter table runs add column replay_of text;
create unique index runs_one_per_delivery on runs (flow_id, trigger_node_id, delivery_id) where delivery_id is not null;

create table webhook_refusals (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  flow_id text not null references flows (id) on delete cascade,
  node_id text not null,
  code text not null, -- of our error table
  detail text not null,
  minute timestamptz not null,
  count integer not null,
  last_at timestamptz not null default now(),
  unique (flow_id, node_id, code, detail, minute)
);
create index webhook_refusals_old on webhook_refusals (last_at);

-- Somebody waits for a test request, or has kept one as what the trigger brings.
create table webhook_samples (
  flow_id text not null references flows (id) on delete cascade,
  node_id text not null,
  workspace_id text not null references workspaces (id) on delete cascade,
  path text not null,
  config jsonb not null, -- of the draft when listening began
  listening_from timestamptz,
  listening_until timestamptz,
  sample jsonb,
  sample_at timestamptz,
  problem jsonb,
  primary key (flow_id, node_id)
);
create index webhook_samples_by_path on webhook_samples (path);
