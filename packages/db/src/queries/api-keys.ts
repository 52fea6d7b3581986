import { onlyRow, type Queryable } from '../pool.ts';

export type KeyRole = 'admin' | 'builder' | 'operator' | 'viewer';
export interface ApiKeyView {
  id: string;
  name: string;
  role: KeyRole;
  start: string;
  createdAt: string;
  lastUsedAt: string | null;
}
const columns = `id, name, role, start, iso(created_at) as "createdAt", iso(last_used_at) as "lastUsedAt"`;

export async function insertApiKey(
  db: Queryable,
  key: { id: string; workspaceId: string; name: string; role: string; hash: string; start: string; createdBy: string },
): Promise<ApiKeyView> {
  const { rows } = await db.query<ApiKeyView>(
    `insert into api_keys (id, workspace_id, name, role, key_hash, start, created_by) values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    [key.id, key.workspaceId, key.name, key.role, key.hash, key.start, key.createdBy],
  );
  return onlyRow(rows);
}

export async function listApiKeys(db: Queryable, workspaceId: string): Promise<ApiKeyView[]> {
  const { rows } = await db.query<ApiKeyView>(`select ${columns} from api_keys where workspace_id = $1 order by created_at desc`, [
    workspaceId,
  ]);
  return rows;
}

export async function loadApiKey(db: Queryable, args: { workspaceId: string; id: string }): Promise<ApiKeyView | null> {
  const { rows } = await db.query<ApiKeyView>(`select ${columns} from api_keys where workspace_id = $1 and id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export async function deleteApiKey(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from api_keys where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}

export interface KeyOwner {
  id: string;
  workspaceId: string;
  workspaceName: string;
  name: string;
  role: KeyRole;
  isStale: boolean;
}

/** Whose key this is. `isStale`: its last use was noted more than a minute ago, so it is time for `touchApiKey`. */
export async function findApiKey(db: Queryable, hash: string): Promise<KeyOwner | null> {
  const { rows } = await db.query<KeyOwner>(
    `select k.id, k.workspace_id as "workspaceId", w.name as "workspaceName", k.name, k.role,
            (k.last_used_at is null or k.last_used_at < now() - interval '1 minute') as "isStale"
       from api_keys k join workspaces w on w.id = k.workspace_id where k.key_hash = $1`,
    [hash],
  );
  return rows[0] ?? null;
}

export async function touchApiKey(db: Queryable, id: string): Promise<void> {
  await db.query('update api_keys set last_used_at = now() where id = $1', [id]);
}
