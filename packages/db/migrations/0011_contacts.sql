-- One contact, many identities. Staff may name a contact, note things down, and join two contacts that are one person; and part them again.

-- What staff wrote themselves; a provider's profile doesn't overwrite it: 'name', 'language'.
alter table contacts add column own_fields text[] not null default '{}';
-- Joined into another contact. The row stays, so that it can come back; erasing the other erases it too.
alter table contacts add column merged_into text references contacts (id) on delete cascade;
create index contacts_merged on contacts (merged_into) where merged_into is not null;
create index contacts_by_name on contacts (workspace_id, lower(name), id) where merged_into is null;

create table contact_notes (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  contact_id text not null references contacts (id) on delete cascade,
  text text not null,
  by_user_id text,
  by_name text not null,
  created_at timestamptz not null default now()
);
create index contact_notes_of_contact on contact_notes (contact_id, created_at desc);

create table contact_merges (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  kept_id text not null references contacts (id) on delete cascade,
  merged_id text not null references contacts (id) on delete cascade,
  -- What came over, by id; and what the kept contact was given where it had nothing: name, language, attributes, own_fields.
  identities text[] not null,
  conversations text[] not null,
  runs text[] not null,
  notes text[] not null,
  given jsonb not null,
  merged_by text not null,
  merged_at timestamptz not null default now(),
  unmerged_by text,
  unmerged_at timestamptz
);
create index contact_merges_of_kept on contact_merges (kept_id, merged_at desc);
create index contact_merges_of_merged on contact_merges (merged_id);
create index runs_of_contact on runs (contact_id) where contact_id is not null;
