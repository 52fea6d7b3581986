-- The texts that a provider has approved for a channel (WhatsApp), as it last told; refreshed by asking and by its webhooks.
create table message_templates (
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_id text not null references channels (id) on delete cascade,
  name text not null,
  language text not null,
  provider_id text not null,
  category text not null, -- marketing | utility | authentication
  status text not null, -- approved | pending | rejected | paused | disabled | …, in small letters as the provider names them
  quality text, -- green | yellow | red
  reason text, -- why it was rejected, paused or disabled
  is_named boolean not null default false, -- parameters by name, not by position
  components jsonb not null default '[]',
  synced_at timestamptz not null default now(),
  primary key (channel_id, name, language)
);
create index message_templates_of_workspace on message_templates (workspace_id, name);
create index message_templates_by_provider_id on message_templates (channel_id, provider_id);
