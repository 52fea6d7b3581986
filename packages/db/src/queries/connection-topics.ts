import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

const live = `triggers t join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null`;

/** Notes what live flows want to hear of which connection, and what nobody wants any more. A connection with news is due at once. */
export async function planTopics(db: Queryable): Promise<void> {
  await db.query(
    `with wanted as (
       select distinct c.id as credential_id, c.workspace_id, topic
         from ${live} join credentials c on c.id = t.config ->> 'credential' and c.workspace_id = t.workspace_id,
              jsonb_array_elements_text(t.config -> 'topics') topic
        where t.source = 'connection' and t.config ? 'topics'
     ), hooks as (
       insert into credential_hooks (credential_id, workspace_id) select distinct credential_id, workspace_id from wanted w
        where not exists (select 1 from credential_hooks h where h.credential_id = w.credential_id) on conflict do nothing
     ), added as (
       insert into credential_topics as k (credential_id, topic, workspace_id) select credential_id, topic, workspace_id from wanted w
        where not exists (select 1 from credential_topics x where x.credential_id = w.credential_id and x.topic = w.topic and x.is_wanted)
       on conflict (credential_id, topic) do update set is_wanted = true, since = now(), known_until = now(), problem = null, lost_at = null
         where not k.is_wanted
       returning credential_id
     ), dropped as (
       update credential_topics x set is_wanted = false
        where x.is_wanted and not exists (select 1 from wanted w where w.credential_id = x.credential_id and w.topic = x.topic)
       returning credential_id
     )
     update credential_hooks set check_at = now() where credential_id in (select credential_id from added union all select credential_id from dropped)`,
  );
}

export interface DueConnection {
  credentialId: string;
  workspaceId: string;
  kind: string;
  settings: Record<string, string>;
  account: Record<string, string>;
  /** When its topics were last looked after; null: never. */
  checkedAt: Date | null;
  failures: number;
  claimedAt: Date;
}

const free = (row: string): string => `(${row}.owner is null or ${row}.owned_until < now()
  or exists (select 1 from leases l where l.process = ${row}.owner and l.seen_at < now() - interval '5 s'))`;

/** Takes connections whose topics are due to be looked after: of all processes that ask, one has each. */
export async function claimConnections(
  db: Queryable,
  args: { process: string; limit: number; forSeconds: number },
): Promise<DueConnection[]> {
  const { rows } = await db.query<DueConnection>(
    `with due as (
       select h.credential_id from credential_hooks h where h.check_at <= now() and ${free('h')}
          and exists (select 1 from credential_topics k where k.credential_id = h.credential_id)
        order by h.check_at limit $2 for update skip locked)
     update credential_hooks h set owner = $1, owned_until = now() + make_interval(secs => $3)
       from due, credentials c where h.credential_id = due.credential_id and c.id = h.credential_id
     returning h.credential_id as "credentialId", h.workspace_id as "workspaceId", c.kind, c.settings, c.account, h.checked_at as "checkedAt", h.failures, now() as "claimedAt"`,
    [args.process, args.limit, args.forSeconds],
  );
  return rows;
}

/** Gives a connection back until its next look; at once when flows want something else since it was claimed. */
export async function settleConnection(
  db: Queryable,
  args: Pick<DueConnection, 'credentialId' | 'claimedAt'> & { process: string; nextInMs: number; problem: JsonObject | null },
): Promise<void> {
  await db.query(
    `update credential_hooks set owner = null, owned_until = null, problem = $4, check_at = now() + case when $4::jsonb is null and exists (select 1 from credential_topics k
          where k.credential_id = $1 and (not k.is_wanted or k.since > $5)) then interval '0' else make_interval(secs => $3::float8 / 1000) end,
        failures = case when $4::jsonb is null then 0 else failures + 1 end, checked_at = case when $4::jsonb is null then now() else checked_at end
      where credential_id = $1 and owner = $2`,
    [args.credentialId, args.process, args.nextInMs, args.problem === null ? null : JSON.stringify(args.problem), args.claimedAt],
  );
}

/** It is looked after as soon as somebody is free. */
export async function checkConnectionSoon(db: Queryable, args: { workspaceId: string; credentialId: string }): Promise<void> {
  await db.query('update credential_hooks set check_at = now() where workspace_id = $1 and credential_id = $2', [
    args.workspaceId,
    args.credentialId,
  ]);
}

export interface ConnectionTopic {
  topic: string;
  isWanted: boolean;
  remoteId: string | null;
  /** It was refused the last time. */
  hasProblem: boolean;
  since: Date;
  knownUntil: Date;
}

export async function listTopics(db: Queryable, credentialId: string): Promise<ConnectionTopic[]> {
  const { rows } = await db.query<ConnectionTopic>(
    `select topic, is_wanted as "isWanted", remote_id as "remoteId", problem is not null as "hasProblem", since, known_until as "knownUntil" from credential_topics where credential_id = $1 order by topic`,
    [credentialId],
  );
  return rows;
}

interface OfTopic {
  credentialId: string;
  topic: string;
}

/** The subscription that a topic comes by; `isLost`: the one before was given up over there. */
export async function saveSubscription(
  db: Queryable,
  args: OfTopic & { remoteId: string | null; problem: JsonObject | null; isLost: boolean },
): Promise<void> {
  await db.query(
    `update credential_topics set remote_id = $3, problem = $4, lost_at = case when $5 then now() else lost_at end where credential_id = $1 and topic = $2`,
    [args.credentialId, args.topic, args.remoteId, args.problem === null ? null : JSON.stringify(args.problem), args.isLost],
  );
}

/** Up to here everything came or was read. Never goes back. */
export async function saveKnownUntil(db: Queryable, args: { credentialId: string; topics: readonly string[]; until: Date }): Promise<void> {
  await db.query('update credential_topics set known_until = greatest(known_until, $3) where credential_id = $1 and topic = any ($2)', [
    args.credentialId,
    args.topics,
    args.until,
  ]);
}

/** Nobody wants it, and it is taken back. One that is wanted again stays. */
export async function forgetTopic(db: Queryable, { credentialId, topic }: OfTopic): Promise<void> {
  await db.query('delete from credential_topics where credential_id = $1 and topic = $2 and not is_wanted', [credentialId, topic]);
}

/** A webhook of a connection: who it belongs to, and what proves its callers, sealed. */
export interface ConnectionHook {
  id: string;
  workspaceId: string;
  kind: string;
  name: string;
  settings: Record<string, string>;
  account: Record<string, string>;
  secret: Buffer;
  keyId: string;
  /** What the system signs with, where that is not the connection's own secret. */
  hook: { secret: Buffer; keyId: string } | null;
}

export async function loadConnectionHook(db: Queryable, credentialId: string): Promise<ConnectionHook | null> {
  const { rows } = await db.query<Omit<ConnectionHook, 'hook'> & { hookSecret: Buffer | null; hookKeyId: string | null }>({
    name: 'load-connection-hook',
    text: `select c.id, c.workspace_id as "workspaceId", c.kind, c.name, c.settings, c.account, c.secret, c.key_id as "keyId",
        h.secret as "hookSecret", h.key_id as "hookKeyId" from credentials c left join credential_hooks h on h.credential_id = c.id where c.id = $1`,
    values: [credentialId],
  });
  const [row] = rows;
  if (!row) return null;
  const { hookSecret, hookKeyId, ...hook } = row;
  return { ...hook, hook: hookSecret !== null && hookKeyId !== null ? { secret: hookSecret, keyId: hookKeyId } : null };
}

/** Connections of the same application, by their account: one address takes the messages of all its companies. */
export async function listSiblings(
  db: Queryable,
  args: { workspaceId: string; kind: string; clientId: string },
): Promise<{ id: string; account: Record<string, string> }[]> {
  const { rows } = await db.query<{ id: string; account: Record<string, string> }>(
    `select id, account from credentials where workspace_id = $1 and kind = $2 and settings ->> 'clientId' = $3 order by created_at, id`,
    [args.workspaceId, args.kind, args.clientId],
  );
  return rows;
}

/** Replaces what the system signs with. */
export async function saveHookSecret(
  db: Queryable,
  args: { workspaceId: string; credentialId: string; secret: Buffer; keyId: string },
): Promise<void> {
  await db.query(
    `insert into credential_hooks (credential_id, workspace_id, secret, key_id) select id, workspace_id, $3, $4 from credentials where workspace_id = $1 and id = $2
     on conflict (credential_id) do update set secret = excluded.secret, key_id = excluded.key_id, refused_at = null, refusal = null`,
    [args.workspaceId, args.credentialId, args.secret, args.keyId],
  );
}

/** A message of this connection was refused; answers whether the one before was longer than a minute ago. */
export async function noteHookRefusal(
  db: Queryable,
  args: { workspaceId: string; credentialId: string; detail: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into credential_hooks as h (credential_id, workspace_id, refused_at, refusal) values ($2, $1, now(), $3)
     on conflict (credential_id) do update set refused_at = now(), refusal = excluded.refusal
       where h.refused_at is null or h.refused_at < now() - interval '1 minute'`,
    [args.workspaceId, args.credentialId, args.detail],
  );
  return rowCount === 1;
}

export interface HookView {
  hasSecret: boolean;
  receivedAt: string | null;
  refusedAt: string | null;
  refusal: string | null;
  checkedAt: string | null;
  problem: { code: string; title: string; detail: string } | null;
  topics: {
    topic: string;
    isSubscribed: boolean;
    receivedAt: string | null;
    lostAt: string | null;
    problem: { code: string; title: string; detail: string } | null;
  }[];
}

export async function loadHookView(db: Queryable, args: { workspaceId: string; credentialId: string }): Promise<HookView | null> {
  const { rows } = await db.query<HookView>(
    `select h.secret is not null as "hasSecret", iso(h.received_at) as "receivedAt", iso(h.refused_at) as "refusedAt", h.refusal, iso(h.checked_at) as "checkedAt", h.problem,
        coalesce((select jsonb_agg(jsonb_build_object('topic', k.topic, 'isSubscribed', k.remote_id is not null, 'receivedAt', iso(k.received_at), 'lostAt', iso(k.lost_at),
          'problem', k.problem) order by k.topic) from credential_topics k where k.credential_id = c.id and k.is_wanted), '[]') as topics
       from credentials c left join credential_hooks h on h.credential_id = c.id where c.workspace_id = $1 and c.id = $2`,
    [args.workspaceId, args.credentialId],
  );
  return rows[0] ?? null;
}
