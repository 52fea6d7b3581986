import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface WorkspaceView {
  id: string;
  name: string;
  sendsPausedAt: string | null;
  sendsPausedBy: string | null;
}
const columns = `id, name, iso(sends_paused_at) as "sendsPausedAt", sends_paused_by as "sendsPausedBy"`;

export async function insertWorkspace(db: Queryable, workspace: { id: string; name: string }): Promise<void> {
  await db.query('insert into workspaces (id, name, slug) values ($1, $2, $1)', [workspace.id, workspace.name]);
}

export async function loadWorkspace(db: Queryable, id: string): Promise<WorkspaceView | null> {
  const { rows } = await db.query<WorkspaceView>(`select ${columns} from workspaces where id = $1`, [id]);
  return rows[0] ?? null;
}

/** The one that was made at the first start. */
export async function findFirstWorkspace(db: Queryable): Promise<WorkspaceView | null> {
  const { rows } = await db.query<WorkspaceView>(`select ${columns} from workspaces order by created_at, id limit 1`);
  return rows[0] ?? null;
}

export async function renameWorkspace(db: Queryable, args: { id: string; name: string }): Promise<void> {
  await db.query('update workspaces set name = $2 where id = $1', [args.id, args.name]);
}

/** The red switch. */
export async function setSendsPaused(db: Queryable, args: { workspaceId: string; by: string | null }): Promise<void> {
  await db.query(
    'update workspaces set sends_paused_at = case when $2::text is null then null else coalesce(sends_paused_at, now()) end, sends_paused_by = $2 where id = $1',
    [args.workspaceId, args.by],
  );
}

export async function loadSettings(db: Queryable, workspaceId: string): Promise<Record<string, JsonValue>> {
  const { rows } = await db.query<{ key: string; value: JsonValue }>('select key, value from settings where workspace_id = $1', [
    workspaceId,
  ]);
  return Object.fromEntries(rows.map((row) => [row.key, row.value]));
}

/** Null removes the setting. */
export async function saveSetting(db: Queryable, args: { workspaceId: string; key: string; value: JsonValue }): Promise<void> {
  if (args.value === null) await db.query('delete from settings where workspace_id = $1 and key = $2', [args.workspaceId, args.key]);
  else
    await db.query(
      `insert into settings (workspace_id, key, value) values ($1, $2, $3) on conflict (workspace_id, key) do update set value = excluded.value, updated_at = now()`,
      [args.workspaceId, args.key, JSON.stringify(args.value)],
    );
}
