-- The express lane: runs that wait for room, in order, and those that a process is executing.
create index runs_queued on runs (started_at, id) where lane = 'queued';
create index runs_in_express on runs (owner) where lane = 'express';
