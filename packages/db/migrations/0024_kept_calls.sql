-- Calls whose answer no step waits for: kept here until their provider takes them. They hold no secret: the credential is a reference.
create table kept_calls (
  id text primary key,
  seq bigint generated always as identity, -- the order in which a provider's calls go out
  workspace_id text not null references workspaces (id) on delete cascade,
  provider text not null,
  run_id text references runs (id) on delete set null,
  step_id text not null,
  -- Among calls with the same one, none passes another.
  order_key text not null default '',
  what text not null, -- method and address without its query, for people
  request jsonb, -- as rendered, without its body; null once it is over
  body bytea,
  is_repeatable boolean not null,
  state text not null default 'waiting' check (state in ('waiting', 'dispatching', 'delivered', 'stopped', 'discarded')),
  attempts integer not null default 0,
  kept_at timestamptz not null default clock_timestamp(),
  failing_since timestamptz,
  dispatched_at timestamptz,
  dispatched_by text,
  settled_at timestamptz,
  status integer, -- of the answer
  problem jsonb, -- why it still waits, or was stopped
  settled_by text,
  note text
);
create index kept_calls_open on kept_calls (workspace_id, provider, seq) where state in ('waiting', 'dispatching', 'stopped');
create index kept_calls_dispatching on kept_calls (dispatched_at) where state = 'dispatching';
create index kept_calls_of_run on kept_calls (run_id, step_id) where run_id is not null;
create index kept_calls_over on kept_calls (settled_at) where state in ('delivered', 'discarded');

-- One process at a time delivers what is kept for a provider.
create table kept_lines (
  workspace_id text not null references workspaces (id) on delete cascade,
  provider text not null,
  owner text, -- a process in `leases`
  due_at timestamptz not null default clock_timestamp(),
  failures integer not null default 0, -- in a row
  hurried boolean not null default false, -- something changed while its process was at it: it is due at once
  touched_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, provider)
);
create index kept_lines_due on kept_lines (due_at);

-- What waits is finished, and nothing new is taken.
alter table providers add column draining_at timestamptz;

-- A call that has its turn earlier than it was told is rung then.
alter table held_calls add column ring_at timestamptz;
-- When its run began: who goes first is decided by that, the same for every call of a step and for every attempt. A step of several calls that lost its place with each
-- one would begin anew again and again, and where many wait none would ever get to its end.
alter table held_calls add column turn timestamptz not null default clock_timestamp();
update held_calls h set turn = r.started_at from runs r where r.id = h.run_id;
create index held_calls_to_ring on held_calls (ring_at) where ring_at is not null;
create index held_calls_due on held_calls (workspace_id, provider, until);

-- A leaky bucket of points, as the answers of the provider tell it: how full it was at that moment.
create table provider_points (
  workspace_id text not null,
  provider text not null,
  most float8 not null,
  per_second float8 not null,
  level float8 not null,
  at timestamptz not null,
  primary key (workspace_id, provider),
  foreign key (workspace_id, provider) references providers (workspace_id, key) on delete cascade
) with (fillfactor = 70);

-- As before (0017), and whoever has an earlier turn goes first: a slot is left free for each call that is due by now and whose turn comes before. Who does not
-- come within 10 s is not waited for. `p_turn`: the turn of this call; null for one that comes for the first time.
drop function take_provider_slot(text, text, int[], int[], float8, float8);
create function take_provider_slot(
  p_workspace text, p_provider text, p_counts int[], p_per_ms int[], p_max_wait_ms float8, p_hold_ms float8, p_turn timestamptz,
  out is_taken boolean, out wait_ms float8, out token timestamptz, out nths int[]
) language plpgsql as $$
declare
  v_nth int;
  v_free timestamptz;
  v_now timestamptz;
  v_wait float8;
  v_ahead int;
  v_is_free boolean := true;
begin
  -- What a crash forgets here is a second of pacing.
  perform set_config('synchronous_commit', 'off', true);
  is_taken := false;
  wait_ms := 0;
  nths := '{}';
  select count(*) into v_ahead from (
    select 1 from held_calls h where h.workspace_id = p_workspace and h.provider = p_provider
      and h.until between clock_timestamp() - interval '10 s' and clock_timestamp() and h.turn < coalesce(p_turn, 'infinity') limit 1000
  ) as ahead;
  for i in 1 .. cardinality(p_counts) loop
    if not exists (select 1 from provider_slots where workspace_id = p_workspace and provider = p_provider and per_ms = p_per_ms[i] and nth = p_counts[i]) then
      insert into provider_slots (workspace_id, provider, per_ms, nth) select p_workspace, p_provider, p_per_ms[i], n from generate_series(1, p_counts[i]) n
      on conflict do nothing;
    end if;
    if v_ahead >= p_counts[i] then
      wait_ms := greatest(wait_ms, p_per_ms[i] * (v_ahead / p_counts[i])::float8);
      v_is_free := false;
      continue;
    end if;
    if v_ahead > 0 then
      select 1000 * extract(epoch from (greatest(free_at, timestamptz 'epoch') - clock_timestamp())) into v_wait from provider_slots
       where workspace_id = p_workspace and provider = p_provider and per_ms = p_per_ms[i] and nth <= p_counts[i]
       order by free_at, nth offset v_ahead limit 1;
      if v_wait > 0 then
        wait_ms := greatest(wait_ms, least(v_wait, p_per_ms[i]));
        v_is_free := false;
        continue;
      end if;
    end if;
    select nth, free_at into v_nth, v_free from provider_slots
     where workspace_id = p_workspace and provider = p_provider and per_ms = p_per_ms[i] and nth <= p_counts[i]
     order by free_at, nth limit 1 for update skip locked;
    if not found then -- all are being taken at this very moment
      wait_ms := 5;
      return;
    end if;
    nths := nths || v_nth;
    v_wait := 1000 * extract(epoch from (greatest(v_free, timestamptz 'epoch') - clock_timestamp()));
    v_is_free := v_is_free and v_wait <= p_per_ms[i];
    wait_ms := greatest(wait_ms, least(v_wait, p_per_ms[i]));
  end loop;
  -- Further ahead than its window lies only what a call holds that is still under way: when that ends is not known.
  if wait_ms > p_max_wait_ms or not v_is_free then
    return;
  end if;
  is_taken := true;
  v_now := clock_timestamp();
  token := v_now + make_interval(secs => (wait_ms + p_hold_ms) / 1000);
  update provider_slots s set free_at = token
    from unnest(p_per_ms, nths) as t (per_ms, nth)
   where s.workspace_id = p_workspace and s.provider = p_provider and s.per_ms = t.per_ms and s.nth = t.nth;
end $$;
