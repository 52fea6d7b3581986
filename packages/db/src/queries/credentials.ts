import type { Queryable } from '../pool.ts';

export type CredentialKind = 'bearer' | 'basic' | 'header' | 'groq' | 'claude' | 'openai-compatible';
export interface CredentialView {
  id: string;
  name: string;
  kind: CredentialKind;
  baseUrl: string | null;
  allowedHosts: string[];
  usedBy: { flow: string; name: string; isLive: boolean }[];
  createdAt: string;
  updatedAt: string;
}
// A flow uses a credential when its id stands as a value anywhere in a node's config of the draft or the live version.
const columns = `c.id, c.name, c.kind, c.base_url as "baseUrl", c.allowed_hosts as "allowedHosts", iso(c.created_at) as "createdAt", iso(c.updated_at) as "updatedAt",
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
  kind: CredentialKind;
  name: string;
  baseUrl: string | null;
  allowedHosts: string[];
  secret: Buffer;
  keyId: string;
}

/** With the sealed secret: only for the last step before a call. */
export async function loadSealedCredential(db: Queryable, args: { workspaceId: string; id: string }): Promise<SealedCredential | null> {
  const { rows } = await db.query<SealedCredential>(
    `select kind, name, base_url as "baseUrl", allowed_hosts as "allowedHosts", secret, key_id as "keyId" from credentials where workspace_id = $1 and id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** Id, name and kind of each: what design-time checks may know. */
export async function listCredentialNames(db: Queryable, workspaceId: string): Promise<{ id: string; name: string; kind: string }[]> {
  const { rows } = await db.query<{ id: string; name: string; kind: string }>(
    'select id, name, kind from credentials where workspace_id = $1 order by id',
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
}

export async function insertCredential(db: Queryable, credential: CredentialFields & { secret: Buffer; keyId: string }): Promise<void> {
  await db.query(
    'insert into credentials (id, workspace_id, name, kind, base_url, allowed_hosts, secret, key_id) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      credential.id,
      credential.workspaceId,
      credential.name,
      credential.kind,
      credential.baseUrl,
      credential.allowedHosts,
      credential.secret,
      credential.keyId,
    ],
  );
}

/** Without a secret the stored one stays. */
export async function updateCredential(
  db: Queryable,
  credential: CredentialFields & { secret: Buffer | null; keyId: string | null },
): Promise<void> {
  await db.query(
    `update credentials set name = $3, kind = $4, base_url = $5, allowed_hosts = $6, secret = coalesce($7, secret), key_id = coalesce($8, key_id), updated_at = now()
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
