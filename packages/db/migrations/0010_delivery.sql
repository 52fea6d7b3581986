-- What decides whether, when and how fast an automated message may go, and what the provider says of it afterwards.

-- Conversations: until when free text may be sent (null: never opened, or a channel without a window), the mail thread, and the customer's last word.
alter table conversations add column window_until timestamptz;
alter table conversations add column thread jsonb not null default '{}';
alter table conversations add column last_in_at timestamptz;
-- The last time that we wrote first; once in 24 hours it counts as one person reached.
alter table conversations add column initiated_at timestamptz;
update conversations c set last_in_at = (select max(m.created_at) from messages m where m.conversation_id = c.id and m.direction = 'in');

alter table contacts add column timezone text; -- IANA; null: not known

-- Channels: since when the number sends (warm-up), how the provider rates it, how many people a day it lets us write to first (-1: any), and why automation is paused.
alter table channels add column warm_since timestamptz not null default now();
update channels set warm_since = created_at;
alter table channels add column quality text; -- green | yellow | red
alter table channels add column messaging_limit integer;
alter table channels add column automation_paused jsonb; -- code, reason, at

create index if not exists identities_of_contact on identities (contact_id);

-- Who asked us to stop. `service` bars everything automated, `marketing` only that. By address, so that merging contacts moves nothing; it counts for all
-- addresses of the same contact on that kind of channel.
create table opt_outs (
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_kind text not null,
  address text not null,
  purpose text not null check (purpose in ('service', 'marketing')),
  since timestamptz not null default now(),
  source text not null, -- keyword | button | provider | staff | list-unsubscribe
  detail jsonb not null default '{}',
  primary key (workspace_id, channel_kind, address, purpose)
);
-- Who allowed us to write first, and how we know.
create table consents (
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_kind text not null,
  address text not null,
  purpose text not null check (purpose in ('service', 'marketing')),
  since timestamptz not null default now(),
  source text not null,
  detail jsonb not null default '{}',
  primary key (workspace_id, channel_kind, address, purpose)
);
-- Addresses that can't be written to at all: bounced, unknown, not on this service.
create table suppressions (
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_kind text not null,
  address text not null,
  reason text not null,
  since timestamptz not null default now(),
  detail jsonb not null default '{}',
  primary key (workspace_id, channel_kind, address)
);

-- Ledger rows: what the provider said after it took the message (sent | delivered | read | failed), and what it costs.
alter table effects add column status text;
alter table effects add column status_at timestamptz;
alter table effects add column price_micro bigint;
alter table effects add column price_currency text;
alter table effects add column pricing jsonb;
-- Only where we write first: the same words to many people are noticed.
alter table effects add column text_hash text;
create index effects_by_provider_id on effects (channel_id, provider_message_id) where provider_message_id is not null;
create index effects_same_text on effects (channel_id, text_hash, created_at) where text_hash is not null;

-- Which answers of models a message came from.
create index llm_calls_of_step on llm_calls (step_id) where step_id is not null;

alter table messages add column purpose text; -- service | marketing; outgoing only
alter table messages add column delivered_at timestamptz;
alter table messages add column read_at timestamptz;
alter table messages add column price_micro bigint; -- millionths of price_currency, all pieces together
alter table messages add column price_currency text;
alter table messages add column pricing jsonb; -- category and model as the provider names them

-- Statuses that came before the send's own answer was saved; taken up by it, and forgotten after a day.
create table early_statuses (
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_id text not null references channels (id) on delete cascade,
  provider_message_id text not null,
  status jsonb not null,
  at timestamptz not null default now()
);
create index early_statuses_of_message on early_statuses (channel_id, provider_message_id);

-- Sends per quarter of an hour, for limits per day: quarters fit every time zone's midnight.
create table send_counts (
  key text not null,
  bucket timestamptz not null,
  count integer not null,
  primary key (key, bucket)
);

-- take_slot with limits per day. p_caps of p_cap_keys may be given out since p_cap_since; a quarter that is partly older counts in full, so a limit is never
-- exceeded. When one is used up, `capped` names it; is_gated: the account had room, a chat or group had not. asked_at is
-- when the wait began, since an answer may take longer than a slot. All counts and slots are taken together, or none.
create function take_turn(
  p_keys text[], p_every_ms float8[], p_bursts int[], p_max_wait_ms float8, p_cap_keys text[], p_caps int[], p_cap_since timestamptz[],
  out wait_ms float8, out is_taken boolean, out is_gated boolean, out capped text, out asked_at timestamptz
) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  if cardinality(p_cap_keys) > 0 then
    -- The account's row is the lock under which its sends are counted; its key sorts before those of its chats, so take_slot keeps the order of locks.
    insert into throttles (key, arrival_at) values (p_keys[1], now() - interval '1 day') on conflict (key) do nothing;
    perform 1 from throttles where key = p_keys[1] for update;
    select c.key into capped
      from unnest(p_cap_keys, p_caps, p_cap_since) with ordinality as c (key, cap, since, nth)
     where (select coalesce(sum(s.count), 0) from send_counts s where s.key = c.key and s.bucket > c.since - interval '15 minutes') >= c.cap
     order by nth limit 1;
    if capped is not null then
      is_taken := false;
      return;
    end if;
  end if;
  select t.wait_ms, t.is_taken into wait_ms, is_taken from take_slot(p_keys, p_every_ms, p_bursts, p_max_wait_ms) t;
  asked_at := clock_timestamp();
  is_gated := not is_taken and (select 1000 * extract(epoch from (t.arrival_at - clock_timestamp())) < wait_ms - 1 from throttles t where t.key = p_keys[1]);
  if is_taken and cardinality(p_cap_keys) > 0 then
    insert into send_counts (key, bucket, count)
    select k, date_bin('15 minutes', clock_timestamp(), timestamptz '2000-01-01'), 1 from unnest(p_cap_keys) as k
    on conflict (key, bucket) do update set count = send_counts.count + 1;
  end if;
end $$;
