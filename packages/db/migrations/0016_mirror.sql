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

-- Our writers read committed: each of these looks sees what was switched on meanwhile.
create function note_mirror_changes() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from mirror_states where is_recording) then return null; end if;
  if tg_op = 'DELETE' then
    insert into mirror_changes (workspace_id, kind, row_id)
    select o.workspace_id, tg_table_name, o.id from old_rows o join mirror_states s on s.workspace_id = o.workspace_id and s.is_recording;
  else
    insert into mirror_changes (workspace_id, kind, row_id)
    select n.workspace_id, tg_table_name, n.id from new_rows n join mirror_states s on s.workspace_id = n.workspace_id and s.is_recording;
  end if;
  return null;
end $$;

-- These two change all the time in columns that the mirror does not hold: leases, health, what is claimable.
create function note_mirror_updates() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from mirror_states where is_recording) then return null; end if;
  if tg_table_name = 'channels' then
    insert into mirror_changes (workspace_id, kind, row_id)
    select n.workspace_id, 'channels', n.id from new_rows n join old_rows o using (id) join mirror_states s on s.workspace_id = n.workspace_id and s.is_recording
     where (n.name, n.kind) is distinct from (o.name, o.kind);
  else
    insert into mirror_changes (workspace_id, kind, row_id)
    select n.workspace_id, 'conversations', n.id from new_rows n join old_rows o using (id) join mirror_states s on s.workspace_id = n.workspace_id and s.is_recording
     where (n.contact_id, n.address, n.is_group, n.held_by, n.last_message_at) is distinct from (o.contact_id, o.address, o.is_group, o.held_by, o.last_message_at);
  end if;
  return null;
end $$;

-- Whoever has another name has it in all their messages.
create function note_mirror_authors() returns trigger language plpgsql as $$
begin
  insert into mirror_changes (workspace_id, kind, row_id) select s.workspace_id, 'authors', old.id from mirror_states s where s.is_recording;
  return null;
end $$;

create trigger mirror_inserts after insert on contacts referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_updates after update on contacts referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_deletes after delete on contacts referencing old table as old_rows for each statement execute function note_mirror_changes();
create trigger mirror_inserts after insert on identities referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_updates after update on identities referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_deletes after delete on identities referencing old table as old_rows for each statement execute function note_mirror_changes();
create trigger mirror_inserts after insert on channels referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_updates after update on channels referencing old table as old_rows new table as new_rows for each statement execute function note_mirror_updates();
create trigger mirror_deletes after delete on channels referencing old table as old_rows for each statement execute function note_mirror_changes();
create trigger mirror_inserts after insert on conversations referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_updates after update on conversations referencing old table as old_rows new table as new_rows for each statement execute function note_mirror_updates();
create trigger mirror_deletes after delete on conversations referencing old table as old_rows for each statement execute function note_mirror_changes();
create trigger mirror_inserts after insert on messages referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_updates after update on messages referencing new table as new_rows for each statement execute function note_mirror_changes();
create trigger mirror_deletes after delete on messages referencing old table as old_rows for each statement execute function note_mirror_changes();
create trigger mirror_authors after update of name on users for each row when (old.name is distinct from new.name) execute function note_mirror_authors();
create trigger mirror_authors_gone after delete on users for each row execute function note_mirror_authors();
create trigger mirror_authors after update of name on api_keys for each row when (old.name is distinct from new.name) execute function note_mirror_authors();
create trigger mirror_authors_gone after delete on api_keys for each row execute function note_mirror_authors();
