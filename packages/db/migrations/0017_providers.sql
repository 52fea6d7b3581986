-- Providers: the accounts that calls go to, as what limits, breaker, pause and queue belong to. `key` is <kind>:<account>, for example http:api.example.com.
create table providers (
  workspace_id text not null references workspaces (id) on delete cascade,
  key text not null,
  kind text not null,
  name text not null,
  -- Windows as people set them, [{"count": 10, "perMs": 1000}]; null: those of its kind, or what its answers taught.
  limits jsonb,
  learnt jsonb,
  learnt_until timestamptz,
  -- It asked to be left alone until then.
  held_until timestamptz,
  breaker text not null default 'closed' check (breaker in ('closed', 'open')),
  opens integer not null default 0, -- in a row
  opened_at timestamptz,
  closed_at timestamptz,
  -- When a call may be tried; while one is under way, when the next may.
  probe_at timestamptz,
  paused_at timestamptz,
  paused_by text,
  pause_note text,
  last_ok_at timestamptz,
  last_error jsonb, -- code, title, detail
  last_error_at timestamptz,
  -- Of what calls are decided by; processes keep a short copy.
  changed_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
create index providers_changed on providers (changed_at);

-- What became of calls, per 5 seconds. Kept for a day.
create table provider_counts (
  workspace_id text not null,
  provider text not null,
  bucket timestamptz not null,
  ok integer not null default 0,
  failed integer not null default 0,
  limited integer not null default 0,
  total_ms bigint not null default 0,
  primary key (workspace_id, provider, bucket),
  foreign key (workspace_id, provider) references providers (workspace_id, key) on delete cascade
);
create index provider_counts_by_age on provider_counts (bucket);

-- A window of N calls has N slots. A slot is free again when its window has passed since the answer, so the provider never counts more, however slow the way is.
create table provider_slots (
  workspace_id text not null,
  provider text not null,
  per_ms integer not null,
  nth integer not null,
  free_at timestamptz not null default '-infinity',
  primary key (workspace_id, provider, per_ms, nth),
  foreign key (workspace_id, provider) references providers (workspace_id, key) on delete cascade
) with (fillfactor = 70);

-- Calls that wait for their provider: the queue as people see it.
create table held_calls (
  run_id text not null references runs (id) on delete cascade,
  step_id text not null,
  workspace_id text not null,
  provider text not null,
  code text not null, -- why: upstream.limited, upstream.down, upstream.paused
  since timestamptz not null default now(),
  until timestamptz not null,
  primary key (run_id, step_id),
  foreign key (workspace_id, provider) references providers (workspace_id, key) on delete cascade
);
create index held_calls_of_provider on held_calls (workspace_id, provider, since);

-- Answers kept for a while. The key is a hash that holds no secret; entries of different workspaces and credentials never meet.
create unlogged table cached_answers (
  workspace_id text not null references workspaces (id) on delete cascade,
  key text not null,
  provider text not null,
  answer jsonb,
  bytes integer not null default 0,
  stored_at timestamptz,
  keep_until timestamptz not null,
  -- One process asks the provider; the others wait for what it brings.
  asking_until timestamptz,
  primary key (workspace_id, key)
);
create index cached_answers_by_age on cached_answers (keep_until);

-- One slot in every window, at most p_max_wait_ms ahead; or none, and in how long it is worth asking again. It is held for p_hold_ms at most, in case nobody
-- says that the call is over. `token` gives it back.
create function take_provider_slot(
  p_workspace text, p_provider text, p_counts int[], p_per_ms int[], p_max_wait_ms float8, p_hold_ms float8,
  out is_taken boolean, out wait_ms float8, out token timestamptz, out nths int[]
) language plpgsql as $$
declare
  v_nth int;
  v_free timestamptz;
  v_now timestamptz;
  v_wait float8;
  v_is_free boolean := true;
begin
  -- What a crash forgets here is a second of pacing.
  perform set_config('synchronous_commit', 'off', true);
  is_taken := false;
  wait_ms := 0;
  nths := '{}';
  for i in 1 .. cardinality(p_counts) loop
    if not exists (select 1 from provider_slots where workspace_id = p_workspace and provider = p_provider and per_ms = p_per_ms[i] and nth = p_counts[i]) then
      insert into provider_slots (workspace_id, provider, per_ms, nth) select p_workspace, p_provider, p_per_ms[i], n from generate_series(1, p_counts[i]) n
      on conflict do nothing;
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
