-- Which of Temporal's databases our runs live in. Another namespace id than last time means that it is new and knows none of them:
-- every run in lane 'temporal' that was last touched before we last saw the old id is lost, without asking one by one.
create table temporal_birth (
  one boolean primary key default true check (one),
  namespace_id text not null,
  seen_at timestamptz not null default now(),
  lost_before timestamptz,
  -- When the runs were last compared with Temporal's list of open workflows, for what is lost singly.
  compared_at timestamptz not null default 'epoch'
);

-- START and CLAIM take turns between flows: they hop from flow to flow in these.
create index runs_due_by_flow on runs (flow_id, ring_at) where lane = 'handover';
drop index runs_due;
create index runs_queued_by_flow on runs (flow_id, started_at, id) where lane = 'queued';
drop index runs_queued;
-- LOST pages by id.
create index runs_of_temporal on runs (id) where lane = 'temporal';
drop index runs_in_temporal;

-- Where a run began, for people: express | temporal. All runs from before there was a choice began in Temporal.
alter table runs add column began_in text not null default 'temporal';
