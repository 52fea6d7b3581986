-- Who goes first is decided by when its run began, the same for every call of a step and for every attempt: a step of several calls that lost its place with each one
-- would begin anew again and again, and where many wait none would ever get to its end.
alter table held_calls add column turn timestamptz not null default clock_timestamp();
update held_calls h set turn = r.started_at from runs r where r.id = h.run_id;

-- As before (0024), in the order of turns. `p_since`: the turn of this call; null for one that belongs to no run.
create or replace function take_provider_slot(
  p_workspace text, p_provider text, p_counts int[], p_per_ms int[], p_max_wait_ms float8, p_hold_ms float8, p_since timestamptz,
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
      and h.until between clock_timestamp() - interval '10 s' and clock_timestamp() and h.turn < coalesce(p_since, 'infinity') limit 1000
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
