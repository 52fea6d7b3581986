import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface HandoffRow {
  id: string;
  workspaceId: string;
  conversationId: string;
  runId: string | null;
  stepId: string | null;
  nodeId: string | null;
  status: 'open' | 'claimed' | 'returned' | 'closed';
  claimedBy: string | null;
  claimedByName: string | null;
  endedBy: string | null;
  endedByName: string | null;
  note: string | null;
}

const columns = `id, workspace_id as "workspaceId", conversation_id as "conversationId", run_id as "runId", step_id as "stepId", node_id as "nodeId", status,
  claimed_by as "claimedBy", (select u.name from users u where u.id = claimed_by) as "claimedByName", ended_by as "endedBy", (select u.name from users u where u.id = ended_by) as "endedByName", note`;

export interface NewHandoff {
  id: string;
  workspaceId: string;
  conversationId: string;
  runId: string | null;
  stepId: string | null;
  nodeId: string | null;
  reason: string;
  details: JsonObject;
}

/**
 * Opens a handoff, or answers the one that the conversation or this step has already. A step that asks for a person takes
 * over an open handoff that no step waits for. The caller holds the conversation's lock.
 */
export async function insertHandoff(db: Queryable, given: NewHandoff): Promise<{ id: string; isNew: boolean }> {
  const result = await db.query<{ id: string }>({
    name: 'insert-handoff',
    text: `insert into handoffs (id, workspace_id, conversation_id, run_id, step_id, node_id, reason, details) values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (conversation_id) where status in ('open', 'claimed') do update set
        run_id = case when handoffs.step_id is null then coalesce(excluded.run_id, handoffs.run_id) else handoffs.run_id end,
        node_id = case when handoffs.step_id is null then coalesce(excluded.node_id, handoffs.node_id) else handoffs.node_id end,
        step_id = coalesce(handoffs.step_id, excluded.step_id)
      returning id`,
    values: [
      given.id,
      given.workspaceId,
      given.conversationId,
      given.runId,
      given.stepId,
      given.nodeId,
      given.reason,
      JSON.stringify(given.details),
    ],
  });
  const id = result.rows[0]?.id ?? given.id;
  return { id, isNew: id === given.id };
}

export async function lockHandoff(db: Queryable, workspaceId: string, id: string): Promise<HandoffRow | null> {
  const result = await db.query<HandoffRow>(`select ${columns} from handoffs where workspace_id = $1 and id = $2 for update`, [
    workspaceId,
    id,
  ]);
  return result.rows[0] ?? null;
}

export async function findHandoff(db: Queryable, workspaceId: string, id: string): Promise<HandoffRow | null> {
  const result = await db.query<HandoffRow>(`select ${columns} from handoffs where workspace_id = $1 and id = $2`, [workspaceId, id]);
  return result.rows[0] ?? null;
}

/** The handoff that a step waits for: the one its journal names, which another step may have opened, else its own. */
export async function handoffOfStep(
  db: Queryable,
  step: { runId: string; stepId: string; handoffId: string | null },
): Promise<HandoffRow | null> {
  const result = await db.query<HandoffRow>({
    name: 'handoff-of-step',
    text: `select ${columns} from handoffs where id = $3 or (run_id = $1 and step_id = $2) order by (id = $3) is true desc limit 1`,
    values: [step.runId, step.stepId, step.handoffId],
  });
  return result.rows[0] ?? null;
}

export async function activeHandoffOf(db: Queryable, conversationId: string): Promise<HandoffRow | null> {
  const result = await db.query<HandoffRow>(
    `select ${columns} from handoffs where conversation_id = $1 and status in ('open', 'claimed')`,
    [conversationId],
  );
  return result.rows[0] ?? null;
}

/** What opened a handoff when staff answered with the provider's own app; see `listPhoneHolds`. */
export const byPhone = { by: 'provider-app' };

export interface PhoneHold {
  handoffId: string;
  workspaceId: string;
  channelKind: string;
  config: JsonObject;
  /** Since staff last wrote there, in any way. */
  silentMs: number;
}

/** Conversations that staff hold from their phones and nobody has taken here. */
export async function listPhoneHolds(db: Queryable): Promise<PhoneHold[]> {
  const { rows } = await db.query<PhoneHold>({
    name: 'list-phone-holds',
    text: `select h.id as "handoffId", h.workspace_id as "workspaceId", c.kind as "channelKind", c.config,
        (extract(epoch from now() - coalesce((select max(m.created_at) from messages m where m.conversation_id = v.id and m.author = 'human'), h.opened_at)) * 1000)::float8 as "silentMs"
      from handoffs h join conversations v on v.id = h.conversation_id join channels c on c.id = v.channel_id where h.status = 'open' and h.details @> $1`,
    values: [JSON.stringify(byPhone)],
  });
  return rows;
}

export async function claimHandoffRow(db: Queryable, id: string, userId: string): Promise<void> {
  await db.query(`update handoffs set status = 'claimed', claimed_by = $2, claimed_at = now() where id = $1`, [id, userId]);
}

export async function endHandoffRow(
  db: Queryable,
  id: string,
  end: { status: 'returned' | 'closed'; by: string; note: string | null },
): Promise<void> {
  await db.query(
    `update handoffs set status = $2, ended_by = $3, note = $4, ended_at = now() where id = $1 and status in ('open', 'claimed')`,
    [id, end.status, end.by, end.note],
  );
}

/** Who speaks in a conversation. A person's hold keeps every automated send away. */
export async function setConversationHolder(
  db: Queryable,
  id: string,
  holder: { heldBy: 'bot' | 'person'; userId: string | null },
): Promise<void> {
  await db.query('update conversations set held_by = $2, holder_user_id = $3 where id = $1', [id, holder.heldBy, holder.userId]);
}
