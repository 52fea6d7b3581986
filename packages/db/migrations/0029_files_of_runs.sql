-- A file that a run made belongs to it: it goes with the run, and a step that is tried again writes the same one.
alter table files
  add column run_id text references runs (id) on delete cascade,
  add column step_id text,
  add column part text,
  -- Made while a step was tried in the editor: nothing holds on to it.
  add column expires_at timestamptz;
create unique index files_of_run on files (run_id, step_id, part) where run_id is not null;
create index files_expiring on files (expires_at) where expires_at is not null;
