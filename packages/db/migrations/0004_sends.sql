-- Who wrote the bytes: a dispatching row of a dead process can only become unknown.
alter table effects add column dispatched_by text;
-- A message longer than the provider takes goes out in several pieces, each with a row of its own.
alter table effects add column piece smallint not null default 0;
create index effects_of_message on effects (message_id, piece) where message_id is not null;
create index effects_dispatching on effects (dispatched_at) where state = 'dispatching' and kind = 'send';

-- GCRA for several keys at once: the first one is the account, whose slots are given out ahead of time like places in a queue (up to
-- p_max_wait_ms); the others are gates (a chat, a group) that must be open by then. A closed gate takes nothing, so that one busy
-- chat doesn't hold up the account. Answers the wait in milliseconds, and whether the slot after it is the caller's; if not, the
-- caller asks again after that time. Rows are locked in the order of their keys, so two callers never wait for each other.
create function take_slot(p_keys text[], p_every_ms float8[], p_bursts int[], p_max_wait_ms float8, out wait_ms float8, out is_taken boolean) language plpgsql as $$
declare
  v_now timestamptz;
  v_gates float8;
begin
  -- What a crash forgets here is milliseconds of pacing; waiting for the disk at every send would cost more.
  perform set_config('synchronous_commit', 'off', true);
  insert into throttles (key, arrival_at) select k, now() - interval '1 day' from unnest(p_keys) as k order by k on conflict (key) do nothing;
  perform 1 from throttles where key = any (p_keys) order by key for update;
  v_now := clock_timestamp();
  select coalesce(max(ahead) filter (where nth = 1), 0), coalesce(max(ahead) filter (where nth > 1), 0) into wait_ms, v_gates
    from (
      select w.nth, greatest(0, 1000 * extract(epoch from (t.arrival_at - v_now)) - w.every_ms * (w.burst - 1)) as ahead
        from unnest(p_keys, p_every_ms, p_bursts) with ordinality as w (key, every_ms, burst, nth) join throttles t using (key)
    ) as waits;
  is_taken := wait_ms <= p_max_wait_ms and v_gates <= wait_ms;
  if not is_taken then
    wait_ms := greatest(wait_ms, v_gates);
    return;
  end if;
  update throttles t
     set arrival_at = greatest(t.arrival_at, v_now + make_interval(secs => wait_ms / 1000)) + make_interval(secs => w.every_ms / 1000)
    from unnest(p_keys, p_every_ms) as w (key, every_ms) where t.key = w.key;
end $$;
