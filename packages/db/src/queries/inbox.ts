import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface InboxRow {
  id: string;
  kind: string;
  messageId: string | null;
  payload: JsonObject;
  receivedAt: Date;
}

/** Null when the provider delivered this event before. */
export async function insertInboxEvent(
  db: Queryable,
  event: { id: string; workspaceId: string; channelId: string; eventId: string; kind: string; payload: JsonObject; state: string },
): Promise<string | null> {
  const result = await db.query<{ id: string }>({
    name: 'insert-inbox-event',
    text: `insert into inbox (id, workspace_id, channel_id, event_id, kind, payload, state) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (channel_id, event_id) do nothing returning id`,
    values: [event.id, event.workspaceId, event.channelId, event.eventId, event.kind, JSON.stringify(event.payload), event.state],
  });
  return result.rows[0]?.id ?? null;
}

export async function linkInboxEvent(db: Queryable, id: string, link: { conversationId: string; messageId: string | null }): Promise<void> {
  await db.query({
    name: 'link-inbox-event',
    text: 'update inbox set conversation_id = $2, message_id = $3 where id = $1',
    values: [id, link.conversationId, link.messageId],
  });
}

/** What a conversation's claim takes, in the order of arrival; at most 100 at a time. None while a file that came with one of them is being fetched. */
export async function pendingInbox(db: Queryable, conversationId: string): Promise<InboxRow[]> {
  const result = await db.query<InboxRow>({
    name: 'pending-inbox',
    text: `select id, kind, message_id as "messageId", payload, received_at as "receivedAt" from inbox
      where conversation_id = $1 and state = 'pending' and not exists (select 1 from inbound_files f where f.conversation_id = $1 and f.hold_until > clock_timestamp())
      order by received_at, id limit 100`,
    values: [conversationId],
  });
  return result.rows;
}

/** Takes rows out of the pending ones; only what is still pending counts, so nothing is taken twice. */
export async function settleInbox(
  db: Queryable,
  ids: readonly string[],
  settlement: { state: 'consumed' | 'set-aside' | 'parked'; runId: string | null; problem?: JsonValue },
): Promise<number> {
  const result = await db.query({
    name: 'settle-inbox',
    text: `update inbox set state = $2, run_id = $3, problem = $4 where id = any($1) and state = 'pending'`,
    values: [ids, settlement.state, settlement.runId, settlement.problem === undefined ? null : JSON.stringify(settlement.problem)],
  });
  return result.rowCount ?? 0;
}

/** Counts a failed try at the oldest pending message; at `limit` it is parked with its problem, and those behind it are tried without it. */
export async function countInboxFailure(db: Queryable, conversationId: string, problem: JsonValue, limit: number): Promise<number> {
  const result = await db.query<{ state: string }>(
    `update inbox set attempts = attempts + 1, problem = $2, state = case when attempts + 1 >= $3 then 'parked' else state end
      where id = (select id from inbox where conversation_id = $1 and state = 'pending' order by received_at, id limit 1) returning state`,
    [conversationId, JSON.stringify(problem), limit],
  );
  return result.rows.filter((row) => row.state === 'parked').length;
}

/** An edit reaches a message that no run has read yet. */
export async function editPendingInbox(db: Queryable, messageId: string, edit: { text: string; editedAt: string }): Promise<void> {
  await db.query(
    `update inbox set payload = payload || jsonb_build_object('text', $2::text, 'editedAt', $3::text) where message_id = $1 and state = 'pending'`,
    [messageId, edit.text, edit.editedAt],
  );
}
