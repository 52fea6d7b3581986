-- The mirror of a workspace's conversation store in a second database.
create table mirrors (
  workspace_id text primary key references workspaces on delete cascade,
  kind text not null check (kind in ('postgres', 'oracle')),
  target jsonb not null, -- host, port, database, schema, user, encryption: nothing secret
  secret bytea not null, -- password and certificates
  key_id text not null,
  every_seconds integer not null check (every_seconds between 5 and 86400),
  is_enabled boolean not null default true,
  updated_by text not null,
  updated_at timestamptz not null default now()
);

-- How far a mirror is. In no backup: what the target holds is not what the restored store holds, so a restored mirror begins anew.
create table mirror_states (
  workspace_id text primary key references workspaces on delete cascade,
  source text not null, -- the target remembers whose mirror it is
  is_recording boolean not null default false,
  phase text not null default 'start', -- start | copying | sweeping | following
  barrier xid8, -- every transaction before it has ended: what it wrote unrecorded is seen by the copy
  takes_over boolean not null default false,
  generation bigint, -- of the rows of the copy under way or the last one
  copy_table integer not null default 0,
  copy_after text not null default '',
  copied_rows bigint not null default 0,
  epoch bigint not null default 0, -- the target refuses what comes with an older one
  owner text,
  lease_until timestamptz,
  next_at timestamptz not null default now(),
  failures integer not null default 0,
  failing_since timestamptz,
  alerted_at timestamptz,
  problem jsonb,
  synced_at timestamptz, -- everything that had been committed by then is there
  since timestamptz not null default now()
);

-- Rows that may differ in the mirror. A row is taken out by whoever brought its newest state there; there is no position that something
-- committed late could fall behind.
create table mirror_changes (
  workspace_id text not null,
  seq bigint generated always as identity,
  kind text not null,
  row_id text not null,
  at timestamptz not null default now(),
  primary key (workspace_id, seq)
);

-- Row by row, since most statements touch one: a look at transition tables is planned anew each time, which costs them several times as much.
-- Our writers read committed, so each look sees what was switched on meanwhile.
create function note_mirror_change() returns trigger language plpgsql as $$
begin
  insert into mirror_changes (workspace_id, kind, row_id)
  select s.workspace_id, tg_table_name, coalesce(new.id, old.id) from mirror_states s where s.workspace_id = coalesce(new.workspace_id, old.workspace_id) and s.is_recording;
  return null;
end $$;

-- Whoever has another name has it in all their messages.
create function note_mirror_author() returns trigger language plpgsql as $$
begin
  insert into mirror_changes (workspace_id, kind, row_id) select s.workspace_id, 'authors', old.id from mirror_states s where s.is_recording;
  return null;
end $$;

create trigger mirror_rows after insert or delete on contacts for each row execute function note_mirror_change();
create trigger mirror_edits after update on contacts for each row when (old.* is distinct from new.*) execute function note_mirror_change();
create trigger mirror_rows after insert or delete on identities for each row execute function note_mirror_change();
create trigger mirror_edits after update on identities for each row when (old.* is distinct from new.*) execute function note_mirror_change();
-- These two change all the time in columns that the mirror does not hold: leases, health, what is claimable.
create trigger mirror_rows after insert or delete on channels for each row execute function note_mirror_change();
create trigger mirror_edits after update on channels for each row when ((old.name, old.kind) is distinct from (new.name, new.kind)) execute function note_mirror_change();
create trigger mirror_rows after insert or delete on conversations for each row execute function note_mirror_change();
create trigger mirror_edits after update on conversations for each row when ((old.contact_id, old.address, old.is_group, old.held_by, old.last_message_at) is distinct from (new.contact_id, new.address, new.is_group, new.held_by, new.last_message_at)) execute function note_mirror_change();
create trigger mirror_rows after insert or delete on messages for each row execute function note_mirror_change();
create trigger mirror_edits after update on messages for each row when (old.* is distinct from new.*) execute function note_mirror_change();
create trigger mirror_names after update of name on users for each row when (old.name is distinct from new.name) execute function note_mirror_author();
create trigger mirror_gone after delete on users for each row execute function note_mirror_author();
create trigger mirror_names after update of name on api_keys for each row when (old.name is distinct from new.name) execute function note_mirror_author();
create trigger mirror_gone after delete on api_keys for each row execute function note_mirror_author();
