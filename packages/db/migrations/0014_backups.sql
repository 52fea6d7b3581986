-- Backups belong to the installation, not to a workspace: one plan, and what came of it.
create table backup_plan (
  is_only boolean primary key default true check (is_only),
  storage jsonb not null, -- endpoint, region, bucket, prefix, path style, checksums, access key id
  secret bytea not null,
  key_id text not null,
  cron text not null,
  timezone text not null,
  keep integer not null,
  is_enabled boolean not null default true,
  next_at timestamptz,
  updated_by text not null,
  updated_at timestamptz not null default now()
);

create table backups (
  id text primary key,
  trigger text not null, -- schedule | person | command
  by_name text,
  state text not null, -- running | done | failed
  location text not null,
  name text,
  size_bytes bigint,
  sha256 text,
  row_count bigint,
  problem jsonb,
  process text,
  started_at timestamptz not null default now(),
  ended_at timestamptz
);
create index backups_recent on backups (started_at desc);
