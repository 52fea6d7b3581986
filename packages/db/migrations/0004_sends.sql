-- Who wrote the bytes: a dispatching row of a dead process can only become unknown.
alter table effects add column dispatched_by text;
-- A message longer than the provider takes goes out in several pieces, each with a row of its own.
alter table effects add column piece smallint not null default 0;
create index effects_of_message on effects (message_id, piece) where message_id is not null;
create index effects_dispatching on effects (dispatched_at) where state = 'dispatching' and kind = 'send';

-- GCRA for several keys at once. All of them grant a slot at most p_max_wait_ms ahead, or none is taken. Answers the wait in
-- milliseconds: up to p_max_wait_ms the slot is the caller's; above, nothing was taken and the caller comes again after that time.
-- Rows are locked in the order of their keys, so two callers never wait for each other.
create function take_slots(p_keys text[], p_every_ms float8[], p_bursts int[], p_max_wait_ms float8) returns float8 language plpgsql as $$
declare
  v_now timestamptz;
  v_wait float8 := 0;
begin
  -- What a crash forgets here is milliseconds of pacing; waiting for the disk at every send would cost more.
  perform set_config('synchronous_commit', 'off', true);
  insert into throttles (key, arrival_at) select k, '-infinity' from unnest(p_keys) as k order by k on conflict (key) do nothing;
  perform 1 from throttles where key = any (p_keys) order by key for update;
  v_now := clock_timestamp();
  select greatest(0, max(1000 * extract(epoch from (t.arrival_at - v_now)) - w.every_ms * (w.burst - 1)))
    into v_wait
    from unnest(p_keys, p_every_ms, p_bursts) as w (key, every_ms, burst) join throttles t using (key)
   where t.arrival_at > v_now;
  v_wait := coalesce(v_wait, 0);
  if v_wait <= p_max_wait_ms then
    -- Each key counts from its own earliest time, but not before the slot that all of them grant together.
    update throttles t
       set arrival_at = greatest(t.arrival_at, v_now + make_interval(secs => v_wait / 1000)) + make_interval(secs => w.every_ms / 1000)
      from unnest(p_keys, p_every_ms) as w (key, every_ms) where t.key = w.key;
  end if;
  return v_wait;
end $$;
