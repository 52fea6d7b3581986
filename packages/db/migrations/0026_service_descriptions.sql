-- Services that describe themselves: the document as it was imported, and the operations that were read from it. Steps keep a copy of what they call.
create table service_descriptions (
  id text primary key,
  workspace_id text not null references workspaces (id) on delete cascade,
  kind text not null check (kind in ('openapi', 'wsdl')),
  name text not null,
  version text not null default '', -- as the document says
  source_url text, -- null: it was pasted or uploaded
  sha256 text not null, -- of the document
  document text not null,
  operations jsonb not null,
  facts jsonb not null, -- servers, ways to prove who we are, what could not be read
  server_url text, -- where new steps call it
  credential_id text references credentials (id) on delete set null,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now()
);
create index service_descriptions_of_workspace on service_descriptions (workspace_id);
