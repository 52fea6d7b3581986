import type { Queryable } from '../pool.ts';
import type { ConnectionHealth } from './connection-health.ts';

export type CredentialState = 'ready' | 'unconnected' | 'attention';
export interface CredentialView {
  id: string;
  name: string;
  /** One of the contract's kinds. */
  kind: string;
  baseUrl: string | null;
  allowedHosts: string[];
  settings: Record<string, string>;
  account: Record<string, string>;
  /** How its calls leave the house; null: straight. */
  via: CredentialWay | null;
  state: CredentialState;
  problem: CredentialProblem | null;
  /** Null: it was never tried. */
  health: ConnectionHealth | null;
  usedBy: { flow: string; name: string; isLive: boolean }[];
  createdAt: string;
  updatedAt: string;
}
export type CredentialWay =
  | { kind: 'proxy'; url: string; username: string | null; hasPassword: boolean }
  | { kind: 'agent'; agent: string };
export interface CredentialProblem {
  code: string;
  title: string;
  detail: string;
  hint?: string;
}
// A flow uses a credential when its id stands as a value anywhere in a node's config of the draft or the live version.
const columns = `c.id, c.name, c.kind, c.base_url as "baseUrl", c.allowed_hosts as "allowedHosts", c.settings, c.account, c.state, c.problem,
  case when c.via_agent_id is not null then jsonb_build_object('kind', 'agent', 'agent', c.via_agent_id)
       when c.via_proxy is not null then c.via_proxy || jsonb_build_object('hasPassword', c.via_secret is not null) end as via, iso(c.created_at) as "createdAt", iso(c.updated_at) as "updatedAt",
  (select jsonb_build_object('isWatched', h.is_watched, 'checkedAt', iso(h.checked_at), 'lastOkAt', iso(h.last_ok_at), 'lastFailedAt', iso(h.last_failed_at),
    'problem', h.problem, 'failures', h.failures) from connection_health h where h.credential_id = c.id) as health,
  coalesce((select jsonb_agg(jsonb_build_object('flow', f.id, 'name', f.name, 'isLive', coalesce(jsonb_path_exists(v.file, '$.nodes[*].config.** ? (@ == $id)', jsonb_build_object('id', c.id)), false)) order by f.name)
              from flows f left join versions v on v.flow_id = f.id and v.id = f.published_version_id
             where f.workspace_id = c.workspace_id and f.archived_at is null
               and (jsonb_path_exists(f.draft, '$.nodes[*].config.** ? (@ == $id)', jsonb_build_object('id', c.id))
                 or jsonb_path_exists(v.file, '$.nodes[*].config.** ? (@ == $id)', jsonb_build_object('id', c.id)))), '[]') as "usedBy"`;

export async function listCredentials(db: Queryable, workspaceId: string): Promise<CredentialView[]> {
  const { rows } = await db.query<CredentialView>(
    `select ${columns} from credentials c where c.workspace_id = $1 order by lower(c.name), c.id`,
    [workspaceId],
  );
  return rows;
}

export async function loadCredential(db: Queryable, args: { workspaceId: string; id: string }): Promise<CredentialView | null> {
  const { rows } = await db.query<CredentialView>(`select ${columns} from credentials c where c.workspace_id = $1 and c.id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export interface SealedCredential {
  id: string;
  workspaceId: string;
  kind: string;
  name: string;
  baseUrl: string | null;
  allowedHosts: string[];
  settings: Record<string, string>;
  account: Record<string, string>;
  state: CredentialState;
  problem: CredentialProblem | null;
  secret: Buffer;
  keyId: string;
  viaProxy: { kind: 'proxy'; url: string; username: string | null } | null;
  /** The proxy's password. */
  viaSecret: Buffer | null;
  viaKeyId: string | null;
  viaAgentId: string | null;
  tokens: Buffer | null;
  tokensKeyId: string | null;
  /** Grows with every change of the tokens. */
  tokensVersion: number;
}
const sealedColumns = `id, workspace_id as "workspaceId", kind, name, base_url as "baseUrl", allowed_hosts as "allowedHosts", settings, account, state, problem,
  secret, key_id as "keyId", via_proxy as "viaProxy", via_secret as "viaSecret", via_key_id as "viaKeyId", via_agent_id as "viaAgentId", tokens, tokens_key_id as "tokensKeyId", tokens_version as "tokensVersion"`;

/** With the sealed secret: only for the last step before a call. */
export async function loadSealedCredential(db: Queryable, args: { workspaceId: string; id: string }): Promise<SealedCredential | null> {
  const { rows } = await db.query<SealedCredential>(`select ${sealedColumns} from credentials where workspace_id = $1 and id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

/** The same, with its row locked until the transaction ends: one process at a time gets new tokens. */
export async function lockSealedCredential(db: Queryable, args: { workspaceId: string; id: string }): Promise<SealedCredential | null> {
  const { rows } = await db.query<SealedCredential>(
    `select ${sealedColumns} from credentials where workspace_id = $1 and id = $2 for no key update`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** New tokens, which make it ready; `account` is added to what is known. False when they were changed since `version`. */
export async function saveTokens(
  db: Queryable,
  given: { workspaceId: string; id: string; version: number; tokens: Buffer; keyId: string; account: Record<string, string> },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update credentials set tokens = $4, tokens_key_id = $5, tokens_version = tokens_version + 1, account = account || $6, state = 'ready', problem = null
      where workspace_id = $1 and id = $2 and tokens_version = $3`,
    [given.workspaceId, given.id, given.version, given.tokens, given.keyId, JSON.stringify(given.account)],
  );
  return rowCount === 1;
}

/** It stays so until a person has connected it again. */
export async function markCredential(
  db: Queryable,
  given: { workspaceId: string; id: string; state: CredentialState; problem: CredentialProblem | null },
): Promise<void> {
  await db.query('update credentials set state = $3, problem = $4 where workspace_id = $1 and id = $2', [
    given.workspaceId,
    given.id,
    given.state,
    given.problem === null ? null : JSON.stringify(given.problem),
  ]);
}

/** Id, name and kind of each: what design-time checks may know. */
export async function listCredentialNames(db: Queryable, workspaceId: string): Promise<{ id: string; name: string; kind: string }[]> {
  const { rows } = await db.query<{ id: string; name: string; kind: string }>(
    'select id, name, kind from credentials where workspace_id = $1 order by id',
    [workspaceId],
  );
  return rows;
}

/** Which of them work, for people who are about to use them. */
export async function listCredentialStates(db: Queryable, workspaceId: string): Promise<{ id: string; name: string; state: string }[]> {
  const { rows } = await db.query<{ id: string; name: string; state: string }>(
    'select id, name, state from credentials where workspace_id = $1',
    [workspaceId],
  );
  return rows;
}

interface CredentialFields {
  id: string;
  workspaceId: string;
  name: string;
  kind: string;
  baseUrl: string | null;
  allowedHosts: string[];
  settings: Record<string, string>;
}

/** The way of a credential as it is stored; a password that is not given is kept. */
export interface StoredWay {
  proxy: { kind: 'proxy'; url: string; username: string | null } | null;
  agentId: string | null;
  secret: Buffer | null;
  keyId: string | null;
  keepsSecret: boolean;
}

export async function setCredentialWay(db: Queryable, args: { workspaceId: string; id: string; way: StoredWay }): Promise<void> {
  const { proxy, agentId, secret, keyId, keepsSecret } = args.way;
  await db.query(
    `update credentials set via_proxy = $3, via_agent_id = $4, via_secret = case when $7 then via_secret else $5 end, via_key_id = case when $7 then via_key_id else $6 end
      where workspace_id = $1 and id = $2`,
    [args.workspaceId, args.id, proxy === null ? null : JSON.stringify(proxy), agentId, secret, keyId, keepsSecret],
  );
}

export async function insertCredential(
  db: Queryable,
  credential: CredentialFields & { state: CredentialState; account: Record<string, string>; secret: Buffer; keyId: string },
): Promise<void> {
  await db.query(
    `insert into credentials (id, workspace_id, name, kind, base_url, allowed_hosts, secret, key_id, settings, state, account)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      credential.id,
      credential.workspaceId,
      credential.name,
      credential.kind,
      credential.baseUrl,
      credential.allowedHosts,
      credential.secret,
      credential.keyId,
      JSON.stringify(credential.settings),
      credential.state,
      JSON.stringify(credential.account),
    ],
  );
}

/** Without a secret the stored one stays, and with it the tokens; a new one begins anew in `state`. */
export async function updateCredential(
  db: Queryable,
  credential: CredentialFields & { state: CredentialState; account: Record<string, string>; secret: Buffer | null; keyId: string | null },
): Promise<void> {
  await db.query(
    `update credentials set name = $3, kind = $4, base_url = $5, allowed_hosts = $6, secret = coalesce($7, secret), key_id = coalesce($8, key_id), settings = $9, updated_at = now(),
       tokens = case when $7::bytea is null then tokens end, tokens_version = tokens_version + case when $7::bytea is null then 0 else 1 end,
       state = case when $7::bytea is null then state else $10 end, problem = case when $7::bytea is null then problem end,
       account = case when $7::bytea is null then account else $11 end
      where workspace_id = $1 and id = $2`,
    [
      credential.workspaceId,
      credential.id,
      credential.name,
      credential.kind,
      credential.baseUrl,
      credential.allowedHosts,
      credential.secret,
      credential.keyId,
      JSON.stringify(credential.settings),
      credential.state,
      JSON.stringify(credential.account),
    ],
  );
}

export async function deleteCredential(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from credentials where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}

/** The oldest credential of a kind: what a model step uses that names none. */
export async function findCredentialOfKind(db: Queryable, args: { workspaceId: string; kind: string }): Promise<{ id: string } | null> {
  const { rows } = await db.query<{ id: string }>(
    'select id from credentials where workspace_id = $1 and kind = $2 order by created_at, id limit 1',
    [args.workspaceId, args.kind],
  );
  return rows[0] ?? null;
}

export interface OauthGrant {
  workspaceId: string;
  credentialId: string;
  redirectUri: string;
  verifier: Buffer;
  keyId: string;
}

/** Remembers who is on the way to a provider, for ten minutes; earlier ways of the same credential are given up. */
export async function insertOauthGrant(db: Queryable, grant: OauthGrant & { stateHash: Buffer; sessionHash: Buffer }): Promise<void> {
  await db.query('delete from oauth_grants where credential_id = $1 or expires_at < now()', [grant.credentialId]);
  await db.query(
    `insert into oauth_grants (state_hash, workspace_id, credential_id, session_hash, redirect_uri, verifier, key_id, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + interval '10 minutes')`,
    [grant.stateHash, grant.workspaceId, grant.credentialId, grant.sessionHash, grant.redirectUri, grant.verifier, grant.keyId],
  );
}

/** Takes it: once, in the session that it began in, while it is good. */
export async function takeOauthGrant(
  db: Queryable,
  args: { workspaceId: string; stateHash: Buffer; sessionHash: Buffer },
): Promise<OauthGrant | null> {
  const { rows } = await db.query<OauthGrant>(
    `delete from oauth_grants where workspace_id = $1 and state_hash = $2 and session_hash = $3 and expires_at > now()
     returning workspace_id as "workspaceId", credential_id as "credentialId", redirect_uri as "redirectUri", verifier, key_id as "keyId"`,
    [args.workspaceId, args.stateHash, args.sessionHash],
  );
  return rows[0] ?? null;
}
