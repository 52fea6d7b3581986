-- Which of Temporal's databases our runs live in. Another namespace id than last time means that it is new and knows none of them:
-- every run in lane 'temporal' that was last touched before we last saw the old id is lost, without asking one by one.
create table temporal_birth (
  one boolean primary key default true check (one),
  namespace_id text not null,
  born_at timestamptz not null default now(), -- since when we know it
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

-- What the sweep for lost doorbells asks every second: few rows each, however many runs have ended or wait.
create index runs_to_wake on runs (wake_at) where wake_at is not null;
create index runs_working on runs (updated_at) where status = 'running' and lane = 'temporal';
create index runs_held on runs (updated_at) where waiting_for in ('handoff', 'send');
create index handoffs_ended on handoffs (ended_at) where status in ('returned', 'closed') and step_id is not null;
-- Whether an earlier message of a person is still to go.
create index effects_human_order on effects (conversation_id, created_at) where author = 'human' and kind = 'send' and state in ('planned', 'dispatching');
-- What /metrics counts.
create index effects_planned on effects (created_at) where kind = 'send' and state = 'planned';
