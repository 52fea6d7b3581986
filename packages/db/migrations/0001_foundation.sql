-- Everything a flow needs to be drawn, run, answered and looked at. Every table of a customer carries workspace_id.

create table workspaces (
  id text primary key,
  name text not null,
  slug text not null unique,
  logo text,
  metadata text,
  created_at timestamptz not null default now(),
  -- The red switch: no automated send leaves while this is set.
  sends_paused_at timestamptz,
  sends_paused_by text
);

create table settings (
  workspace_id text not null references workspaces (id) on delete cascade,
  key text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, key)
);

create table variables (
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text,
  primary key (workspace_id, name)
);

create table credentials (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null,
  kind text not null, -- bearer | basic | header | groq | claude | openai-compatible
  base_url text,
  allowed_hosts text[] not null default '{}',
  -- AES-256-GCM: nonce, ciphertext and tag in one; key_id says which key opens it.
  secret bytea not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index credentials_by_workspace on credentials (workspace_id);

create table files (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null,
  mime_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  content bytea not null,
  created_at timestamptz not null default now()
);

create table flows (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null,
  draft jsonb not null,
  revision integer not null default 1,
  draft_updated_at timestamptz not null default now(),
  draft_updated_by text,
  published_version_id text,
  paused_at timestamptz,
  -- Where two flows match equally well, the lower one gets the message.
  position integer not null default 0,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create index flows_by_workspace on flows (workspace_id, position);

create table versions (
  flow_id text not null references flows (id) on delete cascade,
  id text not null, -- hash of the canonical graph without positions and notes
  workspace_id text not null references workspaces (id) on delete cascade,
  number integer not null,
  file jsonb not null,
  note text not null default '',
  published_at timestamptz not null default now(),
  published_by text,
  primary key (flow_id, id),
  unique (flow_id, number)
);

-- The triggers of published versions, for routing; rewritten by each publish.
create table triggers (
  workspace_id text not null references workspaces (id) on delete cascade,
  flow_id text not null references flows (id) on delete cascade,
  version_id text not null,
  node_id text not null,
  source text not null, -- channel | webhook | schedule
  config jsonb not null,
  path text unique, -- webhook triggers: /hooks/flows/<path>
  next_fire_at timestamptz, -- schedule triggers
  primary key (flow_id, node_id)
);
create index triggers_by_source on triggers (workspace_id, source);
create index triggers_due on triggers (next_fire_at) where next_fire_at is not null;

create table channels (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  kind text not null, -- simulator | telegram
  name text not null,
  status text not null default 'active', -- active | paused | broken
  config jsonb not null default '{}',
  secret bytea,
  key_id text,
  -- Telegram: the next update to ask for; stored with the rows it brought.
  poll_offset bigint,
  -- One poller per token.
  lease_owner text,
  lease_until timestamptz,
  health jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index channels_by_workspace on channels (workspace_id);

create table contacts (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null default '',
  language text not null default '',
  attributes jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index contacts_by_workspace on contacts (workspace_id, id);

create table identities (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  contact_id text not null references contacts (id) on delete cascade,
  channel_kind text not null,
  address text not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, channel_kind, address)
);

create table conversations (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_id text not null references channels (id) on delete cascade,
  contact_id text not null references contacts (id) on delete cascade,
  address text not null, -- the chat on that channel
  is_group boolean not null default false,
  -- Claimable from then on: least(last message + burst window, first + 10 s); null when nothing is pending.
  ready_at timestamptz,
  first_pending_at timestamptz,
  held_by text not null default 'bot', -- bot | person
  holder_user_id text,
  active_run_id text,
  last_message_at timestamptz not null default now(),
  unreachable jsonb, -- why the bot may not write there any more
  created_at timestamptz not null default now(),
  unique (channel_id, address)
);
create index conversations_ready on conversations (ready_at) where ready_at is not null;
create index conversations_recent on conversations (workspace_id, last_message_at desc, id desc);

create table runs (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  flow_id text not null references flows (id) on delete cascade,
  version_id text not null,
  trigger_node_id text not null,
  status text not null default 'running', -- running | waiting | paused | attention | ended
  outcome text, -- done | stopped | failed
  lane text not null, -- queued | express | handover | temporal | ended
  owner text,
  epoch integer not null default 1,
  ring_at timestamptz,
  ring_attempts integer not null default 0,
  conversation_id text references conversations (id) on delete set null,
  contact_id text,
  source text not null, -- channel | webhook | schedule | manual
  input jsonb not null,
  result jsonb,
  -- Why it needs attention: code, title, detail, hint, node. Grouped by code + node.
  cause jsonb,
  waiting_for text,
  -- The nearest deadline of its open waits or retries; moved by "skip the wait" in the simulator.
  wake_at timestamptz,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz
);
create index runs_due on runs (ring_at) where ring_at is not null;
create index runs_recent on runs (workspace_id, started_at desc, id desc);
create index runs_by_status on runs (workspace_id, status, started_at desc) where status <> 'ended';
create index runs_by_flow on runs (flow_id, started_at desc);
create index runs_by_conversation on runs (conversation_id) where conversation_id is not null;
create index runs_in_temporal on runs (updated_at) where lane = 'temporal';

create table journal (
  seq bigint generated always as identity primary key,
  run_id text not null references runs (id) on delete cascade,
  workspace_id text not null,
  kind text not null,
  step_id text,
  node_id text,
  epoch integer not null,
  entry jsonb not null,
  at timestamptz not null default now()
);
create index journal_of_run on journal (run_id, seq);
create unique index journal_step_ends_once on journal (run_id, step_id) where kind = 'step-ended';
create unique index journal_run_ends_once on journal (run_id) where kind = 'run-ended';

-- One row per thing that leaves the house and must not leave twice: sends of bot and staff, non-idempotent calls.
create table effects (
  key text primary key, -- <step id>:<part>, or human:<message id>
  workspace_id text not null references workspaces (id) on delete cascade,
  kind text not null, -- send | call
  run_id text references runs (id) on delete cascade,
  step_id text,
  part text not null default '',
  epoch integer,
  attempt integer not null default 0,
  state text not null default 'planned', -- planned | dispatching | accepted | rejected | unknown | cancelled
  payload_hash text not null,
  -- Sends only.
  message_id text,
  channel_id text,
  conversation_id text,
  author text, -- bot | human
  provider_message_id text,
  result jsonb,
  problem jsonb,
  not_before timestamptz,
  created_at timestamptz not null default now(),
  dispatched_at timestamptz,
  settled_at timestamptz
);
create index effects_of_run on effects (run_id) where run_id is not null;
create index effects_queue on effects (channel_id, created_at) where state = 'planned' and author = 'human';
create index effects_unknown on effects (workspace_id, created_at) where state = 'unknown';

create table messages (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  conversation_id text not null references conversations (id) on delete cascade,
  direction text not null, -- in | out
  author text not null, -- customer | bot | human
  author_user_id text,
  text text not null default '',
  content jsonb not null default '{}', -- buttons, attachments, the tapped button
  -- received | planned | sending | sent | delivered | read | failed | unknown | cancelled
  status text not null,
  problem jsonb,
  provider_message_id text,
  run_id text,
  step_id text,
  node_id text,
  model text,
  input_tokens integer,
  output_tokens integer,
  cost_microusd bigint,
  metadata jsonb not null default '{}',
  sent_at timestamptz not null default now(),
  edited_at timestamptz,
  created_at timestamptz not null default now()
);
create index messages_of_conversation on messages (conversation_id, created_at, id);
create unique index messages_by_provider_id on messages (conversation_id, provider_message_id) where provider_message_id is not null and direction = 'in';

create table inbox (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_id text not null references channels (id) on delete cascade,
  event_id text not null, -- the provider's; unique per channel, so a duplicate delivery is dropped
  kind text not null, -- message | button | edit | membership | migration | other
  conversation_id text references conversations (id) on delete cascade,
  message_id text,
  payload jsonb not null,
  state text not null default 'pending', -- pending | consumed | set-aside | parked
  run_id text,
  problem jsonb,
  attempts integer not null default 0,
  received_at timestamptz not null default now(),
  unique (channel_id, event_id)
);
create index inbox_pending on inbox (conversation_id, received_at, id) where state = 'pending';

create table handoffs (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  conversation_id text not null references conversations (id) on delete cascade,
  run_id text references runs (id) on delete set null,
  step_id text,
  node_id text,
  status text not null default 'open', -- open | claimed | returned | closed
  reason text not null,
  details jsonb not null default '{}',
  opened_at timestamptz not null default now(),
  claimed_by text,
  claimed_at timestamptz,
  ended_by text,
  ended_at timestamptz,
  note text
);
create unique index handoffs_one_open on handoffs (conversation_id) where status in ('open', 'claimed');
create unique index handoffs_of_step on handoffs (run_id, step_id) where step_id is not null;
create index handoffs_queue on handoffs (workspace_id, status, opened_at);

create table overrides (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  run_id text not null references runs (id) on delete cascade,
  action text not null, -- pause | resume | retry | skip | edit | jump | end
  args jsonb not null default '{}',
  by_user_id text,
  by_name text not null,
  created_at timestamptz not null default now(),
  applied_at timestamptz,
  refused jsonb -- why it could not be applied
);
create index overrides_pending on overrides (run_id, created_at) where applied_at is null and refused is null;

create table answers (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  questions text[] not null,
  answer text not null,
  language text not null default '',
  updated_at timestamptz not null default now()
);
create index answers_by_workspace on answers (workspace_id);

create table llm_calls (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  run_id text,
  step_id text,
  provider text not null,
  model text not null,
  rung integer not null,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  cost_microusd bigint not null default 0,
  latency_ms integer not null,
  problem jsonb,
  at timestamptz not null default now()
);
create index llm_calls_recent on llm_calls (workspace_id, at desc);

-- GCRA: the theoretical arrival time per key; one atomic statement decides for all workers.
create table throttles (
  key text primary key,
  arrival_at timestamptz not null
);

-- Who is alive: beat every second by the database's clock, a fresh id per boot.
create table leases (
  process text primary key,
  kind text not null, -- app | server | worker
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  facts jsonb not null default '{}'
);

create table audit (
  id text primary key,
  workspace_id text,
  at timestamptz not null default now(),
  actor_id text,
  actor_name text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  ip text
);
create index audit_recent on audit (workspace_id, at desc, id desc);
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'The audit table is append-only.';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_is_append_only();

-- Where staff want to be told of new handoffs and stopped runs.
create table alert_routes (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  kind text not null, -- telegram | email | webhook
  target jsonb not null,
  events text[] not null,
  is_enabled boolean not null default true,
  last_problem jsonb,
  created_at timestamptz not null default now()
);
create table alerts (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  event text not null, -- handoff.opened | run.attention | channel.broken
  subject text not null,
  title text not null,
  detail text not null,
  link text not null,
  at timestamptz not null default now()
);
create table alert_deliveries (
  alert_id text not null references alerts (id) on delete cascade,
  route_id text not null references alert_routes (id) on delete cascade,
  workspace_id text not null,
  state text not null default 'planned', -- planned | sent | failed
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  problem jsonb,
  primary key (alert_id, route_id)
);
create index alert_deliveries_due on alert_deliveries (next_at) where state = 'planned';
