import { insertAudit, type Queryable } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import type { Caller } from '../auth/caller.ts';

/** Notes who did what; never a secret in `detail`. */
export const auditOf = (db: Queryable, caller: Caller, act: { action: string; subject: string; detail?: JsonObject }): Promise<void> =>
  insertAudit(db, { workspaceId: caller.workspaceId, actorId: caller.id, actorName: caller.name, ...act, ip: caller.ip });
