-- People, their sessions and their keys. The sign-in library owns users, sessions, accounts and verifications;
-- its "organizations" are our workspaces.

create table users (
  id text primary key,
  name text not null,
  email text not null unique, -- always in small letters
  email_verified boolean not null default false,
  image text,
  -- Set for people whom somebody else gave a first password.
  must_change_password boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  active_workspace_id text references workspaces (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_of_user on sessions (user_id);

-- One row per way to sign in; the password (scrypt) is on the row with provider_id 'credential'.
create table accounts (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index accounts_of_user on accounts (user_id);

create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_by_identifier on verifications (identifier);

create table members (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'builder', 'operator', 'viewer')),
  created_at timestamptz not null default now(),
  unique (workspace_id, user_id)
);
create index members_of_user on members (user_id);

create table invitations (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  email text not null,
  role text,
  status text not null default 'pending',
  expires_at timestamptz not null,
  inviter_id text not null references users (id) on delete cascade,
  created_at timestamptz not null default now()
);

-- 256 random bits each; only their SHA-256 is kept.
create table api_keys (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  name text not null,
  role text not null check (role in ('admin', 'builder', 'operator', 'viewer')),
  key_hash text not null unique,
  start text not null, -- the first characters, to recognise it by
  created_by text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index api_keys_by_workspace on api_keys (workspace_id);

-- The last tries to sign in, per account (hash of the address), whether or not the account exists.
create table sign_in_tries (
  account text primary key,
  tries timestamptz[] not null
);
