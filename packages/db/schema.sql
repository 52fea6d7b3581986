-- Written by describe-schema.integration.test.ts from the migrations. Don’t edit: run that test with -u after a new migration.

CREATE OR REPLACE FUNCTION public.attention_credential(p_cause jsonb, p_file jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_path_query_first(n -> 'config', '$.** ? (@.type() == "string" && @ like_regex "^cred_[0-9a-f]{32}$")') #>> '{}'
    from jsonb_array_elements(p_file -> 'nodes') n where n ->> 'id' = p_cause ->> 'node' limit 1
$function$;

CREATE OR REPLACE FUNCTION public.attention_key(p_cause jsonb, p_flow text, p_version text, p_file jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when c.credential is not null and (c.code like 'credential.%' or c.code in ('upstream.unauthorized', 'upstream.unreachable', 'upstream.timeout',
      'upstream.limited', 'upstream.broken', 'upstream.down', 'upstream.paused')) then c.code || '/' || c.credential
    else c.code || '/' || p_flow || '/' || p_version || '/' || coalesce(p_cause ->> 'node', '') end
  from (select coalesce(p_cause ->> 'code', 'internal') as code, attention_credential(p_cause, p_file) as credential) c
$function$;

CREATE OR REPLACE FUNCTION public.audit_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'The audit table is append-only.';
end $function$;

CREATE OR REPLACE FUNCTION public.iso(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE STRICT
RETURN to_char((at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text);

CREATE OR REPLACE FUNCTION public.note_mirror_author()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into mirror_changes (workspace_id, kind, row_id) select s.workspace_id, 'authors', old.id from mirror_states s where s.is_recording;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.note_mirror_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into mirror_changes (workspace_id, kind, row_id)
  select s.workspace_id, tg_table_name, coalesce(new.id, old.id) from mirror_states s where s.workspace_id = coalesce(new.workspace_id, old.workspace_id) and s.is_recording;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.take_provider_slot(p_workspace text, p_provider text, p_counts integer[], p_per_ms integer[], p_max_wait_ms double precision, p_hold_ms double precision, p_turn timestamp with time zone, p_with text, OUT is_taken boolean, OUT wait_ms double precision, OUT token timestamp with time zone, OUT nths integer[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.take_slot(p_keys text[], p_every_ms double precision[], p_bursts integer[], p_max_wait_ms double precision, OUT wait_ms double precision, OUT is_taken boolean)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.take_turn(p_keys text[], p_every_ms double precision[], p_bursts integer[], p_max_wait_ms double precision, p_cap_keys text[], p_caps integer[], p_cap_since timestamp with time zone[], OUT wait_ms double precision, OUT is_taken boolean, OUT is_gated boolean, OUT capped text, OUT asked_at timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
end $function$;

create table accounts (
  id text not null,
  user_id text not null,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_provider_id_account_id_key UNIQUE (provider_id, account_id),
  constraint accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX accounts_of_user ON public.accounts USING btree (user_id);

create table agent_calls (
  id text not null,
  workspace_id text not null,
  agent_id text not null,
  state text not null default 'pending'::text,
  epoch integer not null default 0,
  instance text,
  request bytea not null,
  request_key_id text not null,
  answer bytea,
  answer_key_id text,
  created_at timestamp with time zone not null default now(),
  deadline_at timestamp with time zone not null,
  constraint agent_calls_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agents(id) ON DELETE CASCADE,
  constraint agent_calls_pkey PRIMARY KEY (id),
  constraint agent_calls_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'leased'::text, 'done'::text]))),
  constraint agent_calls_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX agent_calls_by_deadline ON public.agent_calls USING btree (deadline_at);
CREATE INDEX agent_calls_leased ON public.agent_calls USING btree (agent_id, instance) WHERE (state = 'leased'::text);
CREATE INDEX agent_calls_pending ON public.agent_calls USING btree (agent_id, created_at) WHERE (state = 'pending'::text);

create table agent_instances (
  workspace_id text not null,
  agent_id text not null,
  instance text not null,
  boot bigint not null,
  process text not null,
  turn bigint not null,
  machine text not null,
  version text not null,
  allowed_hosts text[] not null,
  running integer not null default 0,
  started_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  constraint agent_instances_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agents(id) ON DELETE CASCADE,
  constraint agent_instances_pkey PRIMARY KEY (agent_id, instance),
  constraint agent_instances_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table agents (
  id text not null,
  workspace_id text not null,
  name text not null,
  token_hash text,
  token_start text not null,
  allowed_hosts text[] not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone,
  left_at timestamp with time zone,
  constraint agents_pkey PRIMARY KEY (id),
  constraint agents_token_hash_key UNIQUE (token_hash),
  constraint agents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE,
  constraint agents_workspace_id_id_key UNIQUE (workspace_id, id)
);
CREATE UNIQUE INDEX agents_by_name ON public.agents USING btree (workspace_id, lower(name));

create table alert_deliveries (
  alert_id text not null,
  route_id text not null,
  workspace_id text not null,
  state text not null default 'planned'::text,
  attempts integer not null default 0,
  next_at timestamp with time zone not null default now(),
  problem jsonb,
  constraint alert_deliveries_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE,
  constraint alert_deliveries_pkey PRIMARY KEY (alert_id, route_id),
  constraint alert_deliveries_route_id_fkey FOREIGN KEY (route_id) REFERENCES alert_routes(id) ON DELETE CASCADE
);
CREATE INDEX alert_deliveries_due ON public.alert_deliveries USING btree (next_at) WHERE (state = 'planned'::text);

create table alert_routes (
  id text not null,
  workspace_id text not null,
  kind text not null,
  target jsonb not null,
  events text[] not null,
  is_enabled boolean not null default true,
  last_problem jsonb,
  created_at timestamp with time zone not null default now(),
  constraint alert_routes_pkey PRIMARY KEY (id),
  constraint alert_routes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table alerts (
  id text not null,
  workspace_id text not null,
  event text not null,
  subject text not null,
  title text not null,
  detail text not null,
  link text not null,
  at timestamp with time zone not null default now(),
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table answers (
  id text not null,
  workspace_id text not null,
  questions text[] not null,
  answer text not null,
  language text not null default ''::text,
  updated_at timestamp with time zone not null default now(),
  constraint answers_pkey PRIMARY KEY (id),
  constraint answers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX answers_by_workspace ON public.answers USING btree (workspace_id);

create table api_keys (
  id text not null,
  workspace_id text not null,
  name text not null,
  role text not null,
  key_hash text not null,
  start text not null,
  created_by text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'builder'::text, 'operator'::text, 'viewer'::text]))),
  constraint api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX api_keys_by_workspace ON public.api_keys USING btree (workspace_id);
CREATE TRIGGER mirror_gone AFTER DELETE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION note_mirror_author();
CREATE TRIGGER mirror_names AFTER UPDATE OF name ON public.api_keys FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION note_mirror_author();

create table audit (
  id text not null,
  workspace_id text,
  at timestamp with time zone not null default now(),
  actor_id text,
  actor_name text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'::jsonb,
  ip text,
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_recent ON public.audit USING btree (workspace_id, at DESC, id DESC);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

create table backup_plan (
  is_only boolean not null default true,
  storage jsonb not null,
  secret bytea not null,
  key_id text not null,
  cron text not null,
  timezone text not null,
  keep integer not null,
  is_enabled boolean not null default true,
  next_at timestamp with time zone,
  updated_by text not null,
  updated_at timestamp with time zone not null default now(),
  constraint backup_plan_is_only_check CHECK (is_only),
  constraint backup_plan_pkey PRIMARY KEY (is_only)
);

create table backups (
  id text not null,
  trigger text not null,
  by_name text,
  state text not null,
  location text not null,
  name text,
  size_bytes bigint,
  sha256 text,
  row_count bigint,
  problem jsonb,
  process text,
  started_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint backups_pkey PRIMARY KEY (id)
);
CREATE INDEX backups_recent ON public.backups USING btree (started_at DESC);

create table cached_answers (
  workspace_id text not null,
  key text not null,
  provider text not null,
  answer jsonb,
  bytes integer not null default 0,
  stored_at timestamp with time zone,
  keep_until timestamp with time zone not null,
  asking_until timestamp with time zone,
  constraint cached_answers_pkey PRIMARY KEY (workspace_id, key),
  constraint cached_answers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX cached_answers_by_age ON public.cached_answers USING btree (keep_until);

create table channels (
  id text not null,
  workspace_id text not null,
  kind text not null,
  name text not null,
  status text not null default 'active'::text,
  config jsonb not null default '{}'::jsonb,
  secret bytea,
  key_id text,
  poll_offset bigint,
  lease_owner text,
  lease_until timestamp with time zone,
  health jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  poll_offset_at timestamp with time zone,
  warm_since timestamp with time zone not null default now(),
  quality text,
  messaging_limit integer,
  automation_paused jsonb,
  keep_days integer,
  constraint channels_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 36500))),
  constraint channels_pkey PRIMARY KEY (id),
  constraint channels_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX channels_by_workspace ON public.channels USING btree (workspace_id);
CREATE TRIGGER mirror_edits AFTER UPDATE ON public.channels FOR EACH ROW WHEN (((old.name IS DISTINCT FROM new.name) OR (old.kind IS DISTINCT FROM new.kind))) EXECUTE FUNCTION note_mirror_change();
CREATE TRIGGER mirror_rows AFTER INSERT OR DELETE ON public.channels FOR EACH ROW EXECUTE FUNCTION note_mirror_change();

create table connection_health (
  credential_id text not null,
  workspace_id text not null,
  is_watched boolean not null default true,
  next_at timestamp with time zone not null default now(),
  checked_at timestamp with time zone,
  last_ok_at timestamp with time zone,
  last_failed_at timestamp with time zone,
  problem text,
  failures integer not null default 0,
  told_at timestamp with time zone,
  constraint connection_health_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE,
  constraint connection_health_pkey PRIMARY KEY (credential_id)
);
CREATE INDEX connection_health_due ON public.connection_health USING btree (next_at) WHERE is_watched;

create table consents (
  workspace_id text not null,
  channel_kind text not null,
  address text not null,
  purpose text not null,
  since timestamp with time zone not null default now(),
  source text not null,
  detail jsonb not null default '{}'::jsonb,
  constraint consents_pkey PRIMARY KEY (workspace_id, channel_kind, address, purpose),
  constraint consents_purpose_check CHECK ((purpose = ANY (ARRAY['service'::text, 'marketing'::text]))),
  constraint consents_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table contact_merges (
  id text not null,
  workspace_id text not null,
  kept_id text not null,
  merged_id text not null,
  identities text[] not null,
  conversations text[] not null,
  runs text[] not null,
  notes text[] not null,
  given jsonb not null,
  merged_by text not null,
  merged_at timestamp with time zone not null default now(),
  unmerged_by text,
  unmerged_at timestamp with time zone,
  constraint contact_merges_kept_id_fkey FOREIGN KEY (kept_id) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint contact_merges_merged_id_fkey FOREIGN KEY (merged_id) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint contact_merges_pkey PRIMARY KEY (id),
  constraint contact_merges_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX contact_merges_of_kept ON public.contact_merges USING btree (kept_id, merged_at DESC);
CREATE INDEX contact_merges_of_merged ON public.contact_merges USING btree (merged_id);

create table contact_notes (
  id text not null,
  workspace_id text not null,
  contact_id text not null,
  text text not null,
  by_user_id text,
  by_name text not null,
  created_at timestamp with time zone not null default now(),
  constraint contact_notes_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint contact_notes_pkey PRIMARY KEY (id),
  constraint contact_notes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX contact_notes_of_contact ON public.contact_notes USING btree (contact_id, created_at DESC);

create table contacts (
  id text not null,
  workspace_id text not null,
  name text not null default ''::text,
  language text not null default ''::text,
  attributes jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  timezone text,
  own_fields text[] not null default '{}'::text[],
  merged_into text,
  constraint contacts_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX contacts_by_name ON public.contacts USING btree (workspace_id, lower(name), id) WHERE (merged_into IS NULL);
CREATE INDEX contacts_by_workspace ON public.contacts USING btree (workspace_id, id);
CREATE INDEX contacts_merged ON public.contacts USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE TRIGGER mirror_edits AFTER UPDATE ON public.contacts FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION note_mirror_change();
CREATE TRIGGER mirror_rows AFTER INSERT OR DELETE ON public.contacts FOR EACH ROW EXECUTE FUNCTION note_mirror_change();

create table conversations (
  id text not null,
  workspace_id text not null,
  channel_id text not null,
  contact_id text not null,
  address text not null,
  is_group boolean not null default false,
  ready_at timestamp with time zone,
  first_pending_at timestamp with time zone,
  held_by text not null default 'bot'::text,
  holder_user_id text,
  active_run_id text,
  last_message_at timestamp with time zone not null default now(),
  unreachable jsonb,
  created_at timestamp with time zone not null default now(),
  window_until timestamp with time zone,
  thread jsonb not null default '{}'::jsonb,
  last_in_at timestamp with time zone,
  initiated_at timestamp with time zone,
  capped_until timestamp with time zone,
  constraint conversations_channel_id_address_key UNIQUE (channel_id, address),
  constraint conversations_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint conversations_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint conversations_pkey PRIMARY KEY (id),
  constraint conversations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX conversations_of_contact ON public.conversations USING btree (contact_id);
CREATE INDEX conversations_ready ON public.conversations USING btree (ready_at) WHERE (ready_at IS NOT NULL);
CREATE INDEX conversations_recent ON public.conversations USING btree (workspace_id, last_message_at DESC, id DESC);
CREATE TRIGGER mirror_edits AFTER UPDATE ON public.conversations FOR EACH ROW WHEN ((((((old.contact_id IS DISTINCT FROM new.contact_id) OR (old.address IS DISTINCT FROM new.address)) OR (old.is_group IS DISTINCT FROM new.is_group)) OR (old.held_by IS DISTINCT FROM new.held_by)) OR (old.last_message_at IS DISTINCT FROM new.last_message_at))) EXECUTE FUNCTION note_mirror_change();
CREATE TRIGGER mirror_rows AFTER INSERT OR DELETE ON public.conversations FOR EACH ROW EXECUTE FUNCTION note_mirror_change();

create table credential_events (
  id text not null,
  workspace_id text not null,
  credential_id text not null,
  topic text not null,
  subject text not null,
  version text not null,
  delivery_id text,
  event_id text,
  came_by text not null,
  state text not null,
  happened_at timestamp with time zone not null,
  received_at timestamp with time zone not null default now(),
  constraint credential_events_came_by_check CHECK ((came_by = ANY (ARRAY['told'::text, 'read'::text]))),
  constraint credential_events_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE,
  constraint credential_events_pkey PRIMARY KEY (id),
  constraint credential_events_state_check CHECK ((state = ANY (ARRAY['started'::text, 'late'::text, 'unwanted'::text]))),
  constraint credential_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX credential_events_by_age ON public.credential_events USING btree (received_at);
CREATE INDEX credential_events_by_delivery ON public.credential_events USING btree (credential_id, delivery_id) WHERE (delivery_id IS NOT NULL);
CREATE INDEX credential_events_by_subject ON public.credential_events USING btree (credential_id, topic, subject, happened_at);

create table credential_hooks (
  credential_id text not null,
  workspace_id text not null,
  secret bytea,
  key_id text,
  received_at timestamp with time zone,
  refused_at timestamp with time zone,
  refusal text,
  check_at timestamp with time zone not null default now(),
  checked_at timestamp with time zone,
  owner text,
  owned_until timestamp with time zone,
  failures integer not null default 0,
  problem jsonb,
  constraint credential_hooks_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE,
  constraint credential_hooks_pkey PRIMARY KEY (credential_id),
  constraint credential_hooks_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX credential_hooks_due ON public.credential_hooks USING btree (check_at);

create table credential_topics (
  credential_id text not null,
  topic text not null,
  workspace_id text not null,
  is_wanted boolean not null default true,
  remote_id text,
  problem jsonb,
  since timestamp with time zone not null default now(),
  known_until timestamp with time zone not null default now(),
  received_at timestamp with time zone,
  lost_at timestamp with time zone,
  constraint credential_topics_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE,
  constraint credential_topics_pkey PRIMARY KEY (credential_id, topic),
  constraint credential_topics_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table credentials (
  id text not null,
  workspace_id text not null,
  name text not null,
  kind text not null,
  base_url text,
  allowed_hosts text[] not null default '{}'::text[],
  secret bytea not null,
  key_id text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  settings jsonb not null default '{}'::jsonb,
  account jsonb not null default '{}'::jsonb,
  state text not null default 'ready'::text,
  problem jsonb,
  tokens bytea,
  tokens_key_id text,
  tokens_version integer not null default 0,
  via_proxy jsonb,
  via_secret bytea,
  via_key_id text,
  via_agent_id text,
  constraint credentials_agent FOREIGN KEY (workspace_id, via_agent_id) REFERENCES agents(workspace_id, id),
  constraint credentials_one_way CHECK (((via_proxy IS NULL) OR (via_agent_id IS NULL))),
  constraint credentials_pkey PRIMARY KEY (id),
  constraint credentials_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'unconnected'::text, 'attention'::text]))),
  constraint credentials_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX credentials_by_agent ON public.credentials USING btree (workspace_id, via_agent_id) WHERE (via_agent_id IS NOT NULL);
CREATE INDEX credentials_by_workspace ON public.credentials USING btree (workspace_id);

create table early_statuses (
  workspace_id text not null,
  channel_id text not null,
  provider_message_id text not null,
  status jsonb not null,
  at timestamp with time zone not null default now(),
  constraint early_statuses_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint early_statuses_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX early_statuses_of_message ON public.early_statuses USING btree (channel_id, provider_message_id);

create table effects (
  key text not null,
  workspace_id text not null,
  kind text not null,
  run_id text,
  step_id text,
  part text not null default ''::text,
  epoch integer,
  attempt integer not null default 0,
  state text not null default 'planned'::text,
  payload_hash text not null,
  message_id text,
  channel_id text,
  conversation_id text,
  author text,
  provider_message_id text,
  result jsonb,
  problem jsonb,
  not_before timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  dispatched_at timestamp with time zone,
  settled_at timestamp with time zone,
  dispatched_by text,
  piece smallint not null default 0,
  status text,
  status_at timestamp with time zone,
  price_micro bigint,
  price_currency text,
  pricing jsonb,
  text_hash text,
  constraint effects_pkey PRIMARY KEY (key),
  constraint effects_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
  constraint effects_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX effects_by_provider_id ON public.effects USING btree (channel_id, provider_message_id) WHERE (provider_message_id IS NOT NULL);
CREATE INDEX effects_dispatching ON public.effects USING btree (dispatched_at) WHERE ((state = 'dispatching'::text) AND (kind = 'send'::text));
CREATE INDEX effects_human_order ON public.effects USING btree (conversation_id, created_at) WHERE ((author = 'human'::text) AND (kind = 'send'::text) AND (state = ANY (ARRAY['planned'::text, 'dispatching'::text])));
CREATE INDEX effects_of_message ON public.effects USING btree (message_id, piece) WHERE (message_id IS NOT NULL);
CREATE INDEX effects_of_run ON public.effects USING btree (run_id) WHERE (run_id IS NOT NULL);
CREATE INDEX effects_planned ON public.effects USING btree (created_at) WHERE ((kind = 'send'::text) AND (state = 'planned'::text));
CREATE INDEX effects_queue ON public.effects USING btree (channel_id, created_at) WHERE ((state = 'planned'::text) AND (author = 'human'::text));
CREATE INDEX effects_same_text ON public.effects USING btree (channel_id, text_hash, created_at) WHERE (text_hash IS NOT NULL);
CREATE INDEX effects_unknown ON public.effects USING btree (workspace_id, created_at) WHERE (state = 'unknown'::text);

create table expected_activity (
  flow_id text not null,
  node_id text not null,
  workspace_id text not null,
  expects jsonb not null,
  window_from timestamp with time zone not null,
  window_until timestamp with time zone not null,
  missed_from timestamp with time zone,
  missed_until timestamp with time zone,
  missed_count integer,
  constraint expected_activity_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint expected_activity_pkey PRIMARY KEY (flow_id, node_id)
);
CREATE INDEX expected_activity_due ON public.expected_activity USING btree (window_until);

create table files (
  id text not null,
  workspace_id text not null,
  name text not null,
  mime_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  content bytea not null,
  created_at timestamp with time zone not null default now(),
  run_id text,
  step_id text,
  part text,
  expires_at timestamp with time zone,
  constraint files_pkey PRIMARY KEY (id),
  constraint files_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
  constraint files_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX files_expiring ON public.files USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE UNIQUE INDEX files_of_run ON public.files USING btree (run_id, step_id, part) WHERE (run_id IS NOT NULL);

create table flows (
  id text not null,
  workspace_id text not null,
  name text not null,
  draft jsonb not null,
  revision integer not null default 1,
  draft_updated_at timestamp with time zone not null default now(),
  draft_updated_by text,
  published_version_id text,
  paused_at timestamp with time zone,
  "position" integer not null default 0,
  created_at timestamp with time zone not null default now(),
  archived_at timestamp with time zone,
  constraint flows_pkey PRIMARY KEY (id),
  constraint flows_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX flows_by_workspace ON public.flows USING btree (workspace_id, "position");

create table handoffs (
  id text not null,
  workspace_id text not null,
  conversation_id text not null,
  run_id text,
  step_id text,
  node_id text,
  status text not null default 'open'::text,
  reason text not null,
  details jsonb not null default '{}'::jsonb,
  opened_at timestamp with time zone not null default now(),
  claimed_by text,
  claimed_at timestamp with time zone,
  ended_by text,
  ended_at timestamp with time zone,
  note text,
  constraint handoffs_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  constraint handoffs_pkey PRIMARY KEY (id),
  constraint handoffs_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE SET NULL,
  constraint handoffs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX handoffs_ended ON public.handoffs USING btree (ended_at) WHERE ((status = ANY (ARRAY['returned'::text, 'closed'::text])) AND (step_id IS NOT NULL));
CREATE INDEX handoffs_queue ON public.handoffs USING btree (workspace_id, status, opened_at);
CREATE UNIQUE INDEX handoffs_of_step ON public.handoffs USING btree (run_id, step_id) WHERE (step_id IS NOT NULL);
CREATE UNIQUE INDEX handoffs_one_open ON public.handoffs USING btree (conversation_id) WHERE (status = ANY (ARRAY['open'::text, 'claimed'::text]));

create table held_calls (
  run_id text not null,
  step_id text not null,
  workspace_id text not null,
  provider text not null,
  code text not null,
  since timestamp with time zone not null default now(),
  until timestamp with time zone not null,
  ring_at timestamp with time zone,
  turn timestamp with time zone not null default clock_timestamp(),
  goes_with text,
  constraint held_calls_pkey PRIMARY KEY (run_id, step_id),
  constraint held_calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
  constraint held_calls_workspace_id_provider_fkey FOREIGN KEY (workspace_id, provider) REFERENCES providers(workspace_id, key) ON DELETE CASCADE
);
CREATE INDEX held_calls_due ON public.held_calls USING btree (workspace_id, provider, until);
CREATE INDEX held_calls_of_provider ON public.held_calls USING btree (workspace_id, provider, since);
CREATE INDEX held_calls_to_ring ON public.held_calls USING btree (ring_at) WHERE (ring_at IS NOT NULL);

create table identities (
  id text not null,
  workspace_id text not null,
  contact_id text not null,
  channel_kind text not null,
  address text not null,
  created_at timestamp with time zone not null default now(),
  constraint identities_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  constraint identities_pkey PRIMARY KEY (id),
  constraint identities_workspace_id_channel_kind_address_key UNIQUE (workspace_id, channel_kind, address),
  constraint identities_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX identities_of_contact ON public.identities USING btree (contact_id);
CREATE TRIGGER mirror_edits AFTER UPDATE ON public.identities FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION note_mirror_change();
CREATE TRIGGER mirror_rows AFTER INSERT OR DELETE ON public.identities FOR EACH ROW EXECUTE FUNCTION note_mirror_change();

create table inbound_files (
  message_id text not null,
  "position" integer not null,
  workspace_id text not null,
  channel_id text not null,
  conversation_id text not null,
  provider_file_id text not null,
  attempt integer not null default 0,
  due_at timestamp with time zone not null default now(),
  hold_until timestamp with time zone,
  received_at timestamp with time zone not null default now(),
  constraint inbound_files_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint inbound_files_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  constraint inbound_files_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  constraint inbound_files_pkey PRIMARY KEY (message_id, "position"),
  constraint inbound_files_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX inbound_files_due ON public.inbound_files USING btree (due_at);
CREATE INDEX inbound_files_of_conversation ON public.inbound_files USING btree (conversation_id);

create table inbox (
  id text not null,
  workspace_id text not null,
  channel_id text not null,
  event_id text not null,
  kind text not null,
  conversation_id text,
  message_id text,
  payload jsonb not null,
  state text not null default 'pending'::text,
  run_id text,
  problem jsonb,
  attempts integer not null default 0,
  received_at timestamp with time zone not null default now(),
  constraint inbox_channel_id_event_id_key UNIQUE (channel_id, event_id),
  constraint inbox_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint inbox_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  constraint inbox_pkey PRIMARY KEY (id),
  constraint inbox_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX inbox_pending ON public.inbox USING btree (conversation_id, received_at, id) WHERE (state = 'pending'::text);

create table invitations (
  id text not null,
  workspace_id text not null,
  email text not null,
  role text,
  status text not null default 'pending'::text,
  expires_at timestamp with time zone not null,
  inviter_id text not null,
  created_at timestamp with time zone not null default now(),
  constraint invitations_inviter_id_fkey FOREIGN KEY (inviter_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table journal (
  seq bigint not null generated always as identity,
  run_id text not null,
  workspace_id text not null,
  kind text not null,
  step_id text,
  node_id text,
  epoch integer not null,
  entry jsonb not null,
  at timestamp with time zone not null default now(),
  constraint journal_pkey PRIMARY KEY (seq),
  constraint journal_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE
);
CREATE INDEX journal_of_run ON public.journal USING btree (run_id, seq);
CREATE UNIQUE INDEX journal_run_ends_once ON public.journal USING btree (run_id) WHERE (kind = 'run-ended'::text);
CREATE UNIQUE INDEX journal_step_ends_once ON public.journal USING btree (run_id, step_id) WHERE (kind = 'step-ended'::text);

create table kept_calls (
  id text not null,
  seq bigint not null generated always as identity,
  workspace_id text not null,
  provider text not null,
  run_id text,
  step_id text not null,
  order_key text not null default ''::text,
  what text not null,
  request jsonb,
  body bytea,
  is_repeatable boolean not null,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  kept_at timestamp with time zone not null default clock_timestamp(),
  failing_since timestamp with time zone,
  dispatched_at timestamp with time zone,
  dispatched_by text,
  settled_at timestamp with time zone,
  status integer,
  problem jsonb,
  settled_by text,
  note text,
  constraint kept_calls_pkey PRIMARY KEY (id),
  constraint kept_calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE SET NULL,
  constraint kept_calls_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'dispatching'::text, 'delivered'::text, 'stopped'::text, 'discarded'::text]))),
  constraint kept_calls_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX kept_calls_dispatching ON public.kept_calls USING btree (dispatched_at) WHERE (state = 'dispatching'::text);
CREATE INDEX kept_calls_of_run ON public.kept_calls USING btree (run_id, step_id) WHERE (run_id IS NOT NULL);
CREATE INDEX kept_calls_open ON public.kept_calls USING btree (workspace_id, provider, seq) WHERE (state = ANY (ARRAY['waiting'::text, 'dispatching'::text, 'stopped'::text]));
CREATE INDEX kept_calls_over ON public.kept_calls USING btree (settled_at) WHERE (state = ANY (ARRAY['delivered'::text, 'discarded'::text]));

create table kept_lines (
  workspace_id text not null,
  provider text not null,
  owner text,
  due_at timestamp with time zone not null default clock_timestamp(),
  failures integer not null default 0,
  hurried boolean not null default false,
  touched_at timestamp with time zone not null default clock_timestamp(),
  constraint kept_lines_pkey PRIMARY KEY (workspace_id, provider),
  constraint kept_lines_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX kept_lines_due ON public.kept_lines USING btree (due_at);

create table leases (
  process text not null,
  kind text not null,
  started_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  facts jsonb not null default '{}'::jsonb,
  constraint leases_pkey PRIMARY KEY (process)
);

create table llm_calls (
  id text not null,
  workspace_id text not null,
  run_id text,
  step_id text,
  provider text not null,
  model text not null,
  rung integer not null,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  cost_microusd bigint not null default 0,
  latency_ms integer not null,
  problem jsonb,
  at timestamp with time zone not null default now(),
  constraint llm_calls_pkey PRIMARY KEY (id),
  constraint llm_calls_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX llm_calls_of_step ON public.llm_calls USING btree (step_id) WHERE (step_id IS NOT NULL);
CREATE INDEX llm_calls_recent ON public.llm_calls USING btree (workspace_id, at DESC);

create table mail_cursors (
  channel_id text not null,
  workspace_id text not null,
  folder text not null,
  uid_validity bigint not null,
  last_uid bigint not null,
  updated_at timestamp with time zone not null default now(),
  constraint mail_cursors_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint mail_cursors_pkey PRIMARY KEY (channel_id, folder),
  constraint mail_cursors_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table members (
  id text not null,
  workspace_id text not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone not null default now(),
  constraint members_pkey PRIMARY KEY (id),
  constraint members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'builder'::text, 'operator'::text, 'viewer'::text]))),
  constraint members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE,
  constraint members_workspace_id_user_id_key UNIQUE (workspace_id, user_id)
);
CREATE INDEX members_of_user ON public.members USING btree (user_id);

create table message_templates (
  workspace_id text not null,
  channel_id text not null,
  name text not null,
  language text not null,
  provider_id text not null,
  category text not null,
  status text not null,
  quality text,
  reason text,
  is_named boolean not null default false,
  components jsonb not null default '[]'::jsonb,
  synced_at timestamp with time zone not null default now(),
  constraint message_templates_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint message_templates_pkey PRIMARY KEY (channel_id, name, language),
  constraint message_templates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX message_templates_by_provider_id ON public.message_templates USING btree (channel_id, provider_id);
CREATE INDEX message_templates_of_workspace ON public.message_templates USING btree (workspace_id, name);

create table messages (
  id text not null,
  workspace_id text not null,
  conversation_id text not null,
  direction text not null,
  author text not null,
  author_user_id text,
  text text not null default ''::text,
  content jsonb not null default '{}'::jsonb,
  status text not null,
  problem jsonb,
  provider_message_id text,
  run_id text,
  step_id text,
  node_id text,
  model text,
  input_tokens integer,
  output_tokens integer,
  cost_microusd bigint,
  metadata jsonb not null default '{}'::jsonb,
  sent_at timestamp with time zone not null default now(),
  edited_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  purpose text,
  delivered_at timestamp with time zone,
  read_at timestamp with time zone,
  price_micro bigint,
  price_currency text,
  pricing jsonb,
  words tsvector default to_tsvector('simple'::regconfig, text),
  constraint messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX messages_by_run ON public.messages USING btree (run_id) WHERE (run_id IS NOT NULL);
CREATE INDEX messages_by_words ON public.messages USING gin (words);
CREATE INDEX messages_of_conversation ON public.messages USING btree (conversation_id, created_at, id);
CREATE INDEX messages_recent ON public.messages USING btree (workspace_id, created_at, id);
CREATE UNIQUE INDEX messages_by_provider_id ON public.messages USING btree (conversation_id, provider_message_id) WHERE ((provider_message_id IS NOT NULL) AND (direction = 'in'::text));
CREATE TRIGGER mirror_edits AFTER UPDATE ON public.messages FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION note_mirror_change();
CREATE TRIGGER mirror_rows AFTER INSERT OR DELETE ON public.messages FOR EACH ROW EXECUTE FUNCTION note_mirror_change();

create table mirror_changes (
  workspace_id text not null,
  seq bigint not null generated always as identity,
  kind text not null,
  row_id text not null,
  at timestamp with time zone not null default now(),
  constraint mirror_changes_pkey PRIMARY KEY (workspace_id, seq)
);

create table mirror_states (
  workspace_id text not null,
  source text not null,
  is_recording boolean not null default false,
  phase text not null default 'start'::text,
  barrier xid8,
  takes_over boolean not null default false,
  generation bigint,
  copy_table integer not null default 0,
  copy_after text not null default ''::text,
  copied_rows bigint not null default 0,
  epoch bigint not null default 0,
  owner text,
  lease_until timestamp with time zone,
  next_at timestamp with time zone not null default now(),
  failures integer not null default 0,
  failing_since timestamp with time zone,
  alerted_at timestamp with time zone,
  problem jsonb,
  synced_at timestamp with time zone,
  since timestamp with time zone not null default now(),
  constraint mirror_states_pkey PRIMARY KEY (workspace_id),
  constraint mirror_states_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table mirrors (
  workspace_id text not null,
  kind text not null,
  target jsonb not null,
  secret bytea not null,
  key_id text not null,
  every_seconds integer not null,
  is_enabled boolean not null default true,
  updated_by text not null,
  updated_at timestamp with time zone not null default now(),
  constraint mirrors_every_seconds_check CHECK (((every_seconds >= 5) AND (every_seconds <= 86400))),
  constraint mirrors_kind_check CHECK ((kind = ANY (ARRAY['postgres'::text, 'oracle'::text]))),
  constraint mirrors_pkey PRIMARY KEY (workspace_id),
  constraint mirrors_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table oauth_grants (
  state_hash bytea not null,
  workspace_id text not null,
  credential_id text not null,
  session_hash bytea not null,
  redirect_uri text not null,
  verifier bytea not null,
  key_id text not null,
  expires_at timestamp with time zone not null,
  constraint oauth_grants_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE CASCADE,
  constraint oauth_grants_pkey PRIMARY KEY (state_hash),
  constraint oauth_grants_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX oauth_grants_by_credential ON public.oauth_grants USING btree (credential_id);

create table opt_outs (
  workspace_id text not null,
  channel_kind text not null,
  address text not null,
  purpose text not null,
  since timestamp with time zone not null default now(),
  source text not null,
  detail jsonb not null default '{}'::jsonb,
  constraint opt_outs_pkey PRIMARY KEY (workspace_id, channel_kind, address, purpose),
  constraint opt_outs_purpose_check CHECK ((purpose = ANY (ARRAY['service'::text, 'marketing'::text]))),
  constraint opt_outs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table overrides (
  id text not null,
  workspace_id text not null,
  run_id text not null,
  action text not null,
  args jsonb not null default '{}'::jsonb,
  by_user_id text,
  by_name text not null,
  created_at timestamp with time zone not null default now(),
  applied_at timestamp with time zone,
  refused jsonb,
  constraint overrides_pkey PRIMARY KEY (id),
  constraint overrides_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
  constraint overrides_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX overrides_pending ON public.overrides USING btree (run_id, created_at) WHERE ((applied_at IS NULL) AND (refused IS NULL));

create table provider_counts (
  workspace_id text not null,
  provider text not null,
  bucket timestamp with time zone not null,
  ok integer not null default 0,
  failed integer not null default 0,
  limited integer not null default 0,
  total_ms bigint not null default 0,
  constraint provider_counts_pkey PRIMARY KEY (workspace_id, provider, bucket),
  constraint provider_counts_workspace_id_provider_fkey FOREIGN KEY (workspace_id, provider) REFERENCES providers(workspace_id, key) ON DELETE CASCADE
);
CREATE INDEX provider_counts_by_age ON public.provider_counts USING btree (bucket);

create table provider_points (
  workspace_id text not null,
  provider text not null,
  most double precision not null,
  per_second double precision not null,
  level double precision not null,
  at timestamp with time zone not null,
  constraint provider_points_pkey PRIMARY KEY (workspace_id, provider),
  constraint provider_points_workspace_id_provider_fkey FOREIGN KEY (workspace_id, provider) REFERENCES providers(workspace_id, key) ON DELETE CASCADE
);

create table provider_slots (
  workspace_id text not null,
  provider text not null,
  per_ms integer not null,
  nth integer not null,
  free_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  constraint provider_slots_pkey PRIMARY KEY (workspace_id, provider, per_ms, nth),
  constraint provider_slots_workspace_id_provider_fkey FOREIGN KEY (workspace_id, provider) REFERENCES providers(workspace_id, key) ON DELETE CASCADE
);

create table providers (
  workspace_id text not null,
  key text not null,
  kind text not null,
  name text not null,
  limits jsonb,
  learnt jsonb,
  learnt_until timestamp with time zone,
  held_until timestamp with time zone,
  breaker text not null default 'closed'::text,
  opens integer not null default 0,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  probe_at timestamp with time zone,
  paused_at timestamp with time zone,
  paused_by text,
  pause_note text,
  last_ok_at timestamp with time zone,
  last_error jsonb,
  last_error_at timestamp with time zone,
  changed_at timestamp with time zone not null default now(),
  draining_at timestamp with time zone,
  constraint providers_breaker_check CHECK ((breaker = ANY (ARRAY['closed'::text, 'open'::text]))),
  constraint providers_pkey PRIMARY KEY (workspace_id, key),
  constraint providers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX providers_changed ON public.providers USING btree (changed_at);

create table repair_runs (
  repair_id text not null,
  run_id text not null,
  workspace_id text not null,
  place integer not null,
  state text not null default 'planned'::text,
  override_id text,
  since integer,
  problem jsonb,
  asked_at timestamp with time zone,
  settled_at timestamp with time zone,
  constraint repair_runs_pkey PRIMARY KEY (repair_id, run_id),
  constraint repair_runs_repair_id_fkey FOREIGN KEY (repair_id) REFERENCES repairs(id) ON DELETE CASCADE,
  constraint repair_runs_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
  constraint repair_runs_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'asked'::text, 'done'::text, 'failed'::text, 'skipped'::text])))
);
CREATE INDEX repair_runs_by_place ON public.repair_runs USING btree (repair_id, state, place);
CREATE INDEX repair_runs_by_run ON public.repair_runs USING btree (run_id);

create table repairs (
  id text not null,
  workspace_id text not null,
  cause text not null,
  about jsonb not null,
  act jsonb not null,
  state text not null,
  note text,
  by_user_id text,
  by_name text not null,
  stopped_by text,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint repairs_pkey PRIMARY KEY (id),
  constraint repairs_state_check CHECK ((state = ANY (ARRAY['trying'::text, 'tried'::text, 'running'::text, 'stopping'::text, 'stopped'::text, 'done'::text]))),
  constraint repairs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX repairs_by_workspace ON public.repairs USING btree (workspace_id, created_at DESC);
CREATE INDEX repairs_open ON public.repairs USING btree (created_at) WHERE (state = ANY (ARRAY['trying'::text, 'running'::text, 'stopping'::text]));

create table runs (
  id text not null,
  workspace_id text not null,
  flow_id text not null,
  version_id text not null,
  trigger_node_id text not null,
  status text not null default 'running'::text,
  outcome text,
  lane text not null,
  owner text,
  epoch integer not null default 1,
  ring_at timestamp with time zone,
  ring_attempts integer not null default 0,
  conversation_id text,
  contact_id text,
  source text not null,
  input jsonb not null,
  result jsonb,
  cause jsonb,
  waiting_for text,
  wake_at timestamp with time zone,
  started_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  entries integer not null default 0,
  began_in text not null default 'temporal'::text,
  delivery_id text,
  replay_of text,
  constraint runs_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE SET NULL,
  constraint runs_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX runs_by_conversation ON public.runs USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);
CREATE INDEX runs_by_flow ON public.runs USING btree (flow_id, started_at DESC);
CREATE INDEX runs_by_status ON public.runs USING btree (workspace_id, status, started_at DESC) WHERE (status <> 'ended'::text);
CREATE INDEX runs_due_by_flow ON public.runs USING btree (flow_id, ring_at) WHERE (lane = 'handover'::text);
CREATE INDEX runs_held ON public.runs USING btree (updated_at) WHERE (waiting_for = ANY (ARRAY['handoff'::text, 'send'::text]));
CREATE INDEX runs_in_express ON public.runs USING btree (owner) WHERE (lane = 'express'::text);
CREATE INDEX runs_of_contact ON public.runs USING btree (contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX runs_of_temporal ON public.runs USING btree (id) WHERE (lane = 'temporal'::text);
CREATE INDEX runs_queued_by_flow ON public.runs USING btree (flow_id, started_at, id) WHERE (lane = 'queued'::text);
CREATE INDEX runs_recent ON public.runs USING btree (workspace_id, started_at DESC, id DESC);
CREATE INDEX runs_to_wake ON public.runs USING btree (wake_at) WHERE (wake_at IS NOT NULL);
CREATE INDEX runs_working ON public.runs USING btree (updated_at) WHERE ((status = 'running'::text) AND (lane = 'temporal'::text));
CREATE UNIQUE INDEX runs_one_per_delivery ON public.runs USING btree (flow_id, trigger_node_id, delivery_id) WHERE (delivery_id IS NOT NULL);

create table send_counts (
  key text not null,
  bucket timestamp with time zone not null,
  count integer not null,
  constraint send_counts_pkey PRIMARY KEY (key, bucket)
);

create table service_descriptions (
  id text not null,
  workspace_id text not null,
  kind text not null,
  name text not null,
  version text not null default ''::text,
  source_url text,
  sha256 text not null,
  document text not null,
  operations jsonb not null,
  facts jsonb not null,
  server_url text,
  credential_id text,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  updated_at timestamp with time zone not null default now(),
  constraint service_descriptions_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES credentials(id) ON DELETE SET NULL,
  constraint service_descriptions_kind_check CHECK ((kind = ANY (ARRAY['openapi'::text, 'wsdl'::text]))),
  constraint service_descriptions_pkey PRIMARY KEY (id),
  constraint service_descriptions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX service_descriptions_of_workspace ON public.service_descriptions USING btree (workspace_id);

create table sessions (
  id text not null,
  user_id text not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  active_workspace_id text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint sessions_active_workspace_id_fkey FOREIGN KEY (active_workspace_id) REFERENCES workspaces(id) ON DELETE SET NULL,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_key UNIQUE (token),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_of_user ON public.sessions USING btree (user_id);

create table settings (
  workspace_id text not null,
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint settings_pkey PRIMARY KEY (workspace_id, key),
  constraint settings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table sheet_rows (
  flow_id text not null,
  node_id text not null,
  workspace_id text not null,
  key text not null,
  hash text not null,
  count integer not null,
  "position" integer not null,
  gone_at timestamp with time zone,
  constraint sheet_rows_flow_id_node_id_fkey FOREIGN KEY (flow_id, node_id) REFERENCES sheet_watches(flow_id, node_id) ON DELETE CASCADE,
  constraint sheet_rows_pkey PRIMARY KEY (flow_id, node_id, key, hash),
  constraint sheet_rows_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table sheet_watches (
  flow_id text not null,
  node_id text not null,
  workspace_id text not null,
  place text not null,
  version_id text not null,
  columns jsonb,
  poll_at timestamp with time zone not null default now(),
  polled_at timestamp with time zone,
  owner text,
  owned_until timestamp with time zone,
  round integer not null default 0,
  failures integer not null default 0,
  row_count integer,
  left_over integer not null default 0,
  found_at timestamp with time zone,
  problem jsonb,
  constraint sheet_watches_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint sheet_watches_pkey PRIMARY KEY (flow_id, node_id),
  constraint sheet_watches_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX sheet_watches_due ON public.sheet_watches USING btree (poll_at);

create table sign_in_tries (
  account text not null,
  tries timestamp with time zone[] not null,
  constraint sign_in_tries_pkey PRIMARY KEY (account)
);

create table simulator_faults (
  workspace_id text not null,
  flow_id text not null,
  contact text not null,
  node_id text not null,
  fault text not null,
  constraint simulator_faults_fault_check CHECK ((fault = ANY (ARRAY['timeout'::text, 'limited'::text, 'broken'::text, 'down'::text, 'garbage'::text, 'hang'::text]))),
  constraint simulator_faults_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint simulator_faults_pkey PRIMARY KEY (workspace_id, flow_id, contact, node_id),
  constraint simulator_faults_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table suppressions (
  workspace_id text not null,
  channel_kind text not null,
  address text not null,
  reason text not null,
  since timestamp with time zone not null default now(),
  detail jsonb not null default '{}'::jsonb,
  constraint suppressions_pkey PRIMARY KEY (workspace_id, channel_kind, address),
  constraint suppressions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table temporal_birth (
  one boolean not null default true,
  namespace_id text not null,
  born_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  lost_before timestamp with time zone,
  compared_at timestamp with time zone not null default '1970-01-01 00:00:00+00'::timestamp with time zone,
  constraint temporal_birth_one_check CHECK (one),
  constraint temporal_birth_pkey PRIMARY KEY (one)
);

create table throttles (
  key text not null,
  arrival_at timestamp with time zone not null,
  constraint throttles_pkey PRIMARY KEY (key)
);

create table triggers (
  workspace_id text not null,
  flow_id text not null,
  version_id text not null,
  node_id text not null,
  source text not null,
  config jsonb not null,
  path text,
  next_fire_at timestamp with time zone,
  constraint triggers_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint triggers_path_key UNIQUE (path),
  constraint triggers_pkey PRIMARY KEY (flow_id, node_id),
  constraint triggers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX triggers_by_source ON public.triggers USING btree (workspace_id, source);
CREATE INDEX triggers_due ON public.triggers USING btree (next_fire_at) WHERE (next_fire_at IS NOT NULL);

create table users (
  id text not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  must_change_password boolean not null default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_email_key UNIQUE (email),
  constraint users_pkey PRIMARY KEY (id)
);
CREATE TRIGGER mirror_gone AFTER DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION note_mirror_author();
CREATE TRIGGER mirror_names AFTER UPDATE OF name ON public.users FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION note_mirror_author();

create table variables (
  workspace_id text not null,
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text,
  constraint variables_pkey PRIMARY KEY (workspace_id, name),
  constraint variables_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table verifications (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint verifications_pkey PRIMARY KEY (id)
);
CREATE INDEX verifications_by_identifier ON public.verifications USING btree (identifier);

create table versions (
  flow_id text not null,
  id text not null,
  workspace_id text not null,
  number integer not null,
  file jsonb not null,
  note text not null default ''::text,
  published_at timestamp with time zone not null default now(),
  published_by text,
  constraint versions_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint versions_flow_id_number_key UNIQUE (flow_id, number),
  constraint versions_pkey PRIMARY KEY (flow_id, id),
  constraint versions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

create table webhook_refusals (
  id text not null,
  workspace_id text not null,
  flow_id text not null,
  node_id text not null,
  code text not null,
  detail text not null,
  minute timestamp with time zone not null,
  count integer not null,
  last_at timestamp with time zone not null default now(),
  constraint webhook_refusals_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint webhook_refusals_flow_id_node_id_code_detail_minute_key UNIQUE (flow_id, node_id, code, detail, minute),
  constraint webhook_refusals_pkey PRIMARY KEY (id),
  constraint webhook_refusals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX webhook_refusals_old ON public.webhook_refusals USING btree (last_at);

create table webhook_samples (
  flow_id text not null,
  node_id text not null,
  workspace_id text not null,
  path text not null,
  config jsonb not null,
  listening_from timestamp with time zone,
  listening_until timestamp with time zone,
  sample jsonb,
  sample_at timestamp with time zone,
  problem jsonb,
  constraint webhook_samples_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id) ON DELETE CASCADE,
  constraint webhook_samples_pkey PRIMARY KEY (flow_id, node_id),
  constraint webhook_samples_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX webhook_samples_by_path ON public.webhook_samples USING btree (path);

create table workspaces (
  id text not null,
  name text not null,
  slug text not null,
  logo text,
  metadata text,
  created_at timestamp with time zone not null default now(),
  sends_paused_at timestamp with time zone,
  sends_paused_by text,
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_slug_key UNIQUE (slug)
);
