import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface VariableView {
  name: string;
  value: JsonValue;
  updatedAt: string;
}
const columns = 'name, value, iso(updated_at) as "updatedAt"';

export async function listVariables(db: Queryable, workspaceId: string): Promise<VariableView[]> {
  const { rows } = await db.query<VariableView>(`select ${columns} from variables where workspace_id = $1 order by name`, [workspaceId]);
  return rows;
}

export async function loadVariable(db: Queryable, args: { workspaceId: string; name: string }): Promise<VariableView | null> {
  const { rows } = await db.query<VariableView>(`select ${columns} from variables where workspace_id = $1 and name = $2`, [
    args.workspaceId,
    args.name,
  ]);
  return rows[0] ?? null;
}

export async function saveVariable(
  db: Queryable,
  args: { workspaceId: string; name: string; value: JsonValue; by: string | null },
): Promise<void> {
  await db.query(
    `insert into variables (workspace_id, name, value, updated_by) values ($1, $2, $3, $4)
     on conflict (workspace_id, name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`,
    [args.workspaceId, args.name, JSON.stringify(args.value), args.by],
  );
}

/** The demo service listens elsewhere since the last start; where staff entered an address of their own, it stays. */
export async function moveDemoService(db: Queryable, url: string): Promise<void> {
  await db.query(
    `update variables set value = to_jsonb($1::text), updated_at = now() where name = 'demo_orders_url' and updated_by is null and value <> to_jsonb($1::text)`,
    [url],
  );
}

export async function deleteVariable(db: Queryable, args: { workspaceId: string; name: string }): Promise<void> {
  await db.query('delete from variables where workspace_id = $1 and name = $2', [args.workspaceId, args.name]);
}
