-- Calls that wait for one batch (the rows of a sheet) take one place in their provider's queue, and are rung together.
alter table held_calls add column goes_with text; -- a hash of what they go with; null: by itself

-- As before (0024), and those that go together count once: `p_with`, what this call goes with, is not in its own way.
drop function take_provider_slot(text, text, int[], int[], float8, float8, timestamptz);
create function take_provider_slot(
  p_workspace text, p_provider text, p_counts int[], p_per_ms int[], p_max_wait_ms float8, p_hold_ms float8, p_turn timestamptz, p_with text,
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
  select count(distinct place) into v_ahead from (
    select coalesce(h.goes_with, h.run_id || '/' || h.step_id) as place from held_calls h where h.workspace_id = p_workspace and h.provider = p_provider
      and h.until between clock_timestamp() - interval '10 s' and clock_timestamp() and h.turn < coalesce(p_turn, 'infinity')
      and (p_with is null or h.goes_with is distinct from p_with) limit 1000
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

-- An agent's question was cut off unanswered, and no other came: it is not there, however short the time since it was last heard.
alter table agents add column left_at timestamptz;
