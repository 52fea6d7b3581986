import type { JsonObject } from '@holdfast/node-kit';
import { newId } from '../id.ts';
import type { Queryable } from '../pool.ts';

export interface AuditRow {
  workspaceId: string | null;
  actorId: string | null;
  actorName: string;
  /** `credential.created`: what was done, in the past. */
  action: string;
  /** The id of what it was done to. */
  subject: string;
  /** Before and after where it helps; never a secret. */
  detail?: JsonObject;
  ip?: string | null;
}

export async function insertAudit(db: Queryable, row: AuditRow): Promise<void> {
  await db.query(
    `insert into audit (id, workspace_id, actor_id, actor_name, action, subject, detail, ip) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      newId('audit'),
      row.workspaceId,
      row.actorId,
      row.actorName,
      row.action,
      row.subject,
      JSON.stringify(row.detail ?? {}),
      row.ip ?? null,
    ],
  );
}

export interface AuditView {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: JsonObject;
}

/** Newest first; `before` is the last id of the page before. */
export async function listAudit(db: Queryable, args: { workspaceId: string; before: string | null; limit: number }): Promise<AuditView[]> {
  const { rows } = await db.query<AuditView>(
    `select id, iso(at) as at, actor_name as actor, action, subject, detail from audit
      where workspace_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    [args.workspaceId, args.before, args.limit],
  );
  return rows;
}
