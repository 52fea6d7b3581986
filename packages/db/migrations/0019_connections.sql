-- Credentials that a person connects at the provider, or that are exchanged for tokens.
alter table credentials
  add column settings jsonb not null default '{}', -- what its kind asks for beside the secret
  add column account jsonb not null default '{}', -- what it turned out to be connected to
  add column state text not null default 'ready' check (state in ('ready', 'unconnected', 'attention')),
  add column problem jsonb,
  -- Sealed like the secret. A new refresh token is committed here before its access token is used.
  add column tokens bytea,
  add column tokens_key_id text,
  add column tokens_version integer not null default 0;

-- A person is on the way to a provider and back: good once, in the same session, for some minutes.
create table oauth_grants (
  state_hash bytea primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  credential_id text not null references credentials (id) on delete cascade,
  session_hash bytea not null,
  redirect_uri text not null,
  verifier bytea not null, -- sealed
  key_id text not null,
  expires_at timestamptz not null
);
create index oauth_grants_by_credential on oauth_grants (credential_id);
