import type { Queryable } from '../pool.ts';

export interface ClaimedConversation {
  id: string;
  workspaceId: string;
  channelId: string;
  channelKind: string;
  channelName: string;
  contactId: string;
  isGroup: boolean;
  heldBy: 'bot' | 'person';
  activeRunId: string | null;
  isReady: boolean;
}

/**
 * The claim's lock: whoever holds the conversation's row decides what its pending messages do. Ingest takes the same one. It lets
 * others refer to the row, as a send that inserts its message does while it holds its run's row: a stronger lock would deadlock with it.
 */
export async function lockConversation(db: Queryable, id: string): Promise<ClaimedConversation | null> {
  const result = await db.query<ClaimedConversation>({
    name: 'lock-conversation',
    text: `select c.id, c.workspace_id as "workspaceId", c.channel_id as "channelId", h.kind as "channelKind", h.name as "channelName",
        c.contact_id as "contactId", c.is_group as "isGroup", c.held_by as "heldBy", c.active_run_id as "activeRunId",
        (c.ready_at is null or c.ready_at <= clock_timestamp()) as "isReady"
      from conversations c join channels h on h.id = c.channel_id where c.id = $1 for no key update of c`,
    values: [id],
  });
  return result.rows[0] ?? null;
}

export interface OpenRun {
  id: string;
  status: string;
  waitingFor: string | null;
}

/** The runs of a conversation that have not ended, the newest first. */
export async function openRunsOfConversation(db: Queryable, conversationId: string): Promise<OpenRun[]> {
  const result = await db.query<OpenRun>({
    name: 'open-runs-of-conversation',
    text: `select id, status, waiting_for as "waitingFor" from runs where conversation_id = $1 and status <> 'ended' order by started_at desc, id desc`,
    values: [conversationId],
  });
  return result.rows;
}

/** Nothing rings for this conversation until a new message or its run makes it ready again. */
export async function quietConversation(db: Queryable, id: string, hasPending: boolean): Promise<void> {
  await db.query({
    name: 'quiet-conversation',
    text: 'update conversations set ready_at = null, first_pending_at = case when $2 then first_pending_at else null end where id = $1',
    values: [id, hasPending],
  });
}

/** The conversation is its run's no more, and messages that came meanwhile can be claimed. Answers whether there are any. */
export async function releaseConversation(db: Queryable, id: string, runId: string): Promise<boolean> {
  const result = await db.query<{ isPending: boolean }>({
    name: 'release-conversation',
    text: `update conversations set active_run_id = nullif(active_run_id, $2), ready_at = case when inbox.is_pending then coalesce(ready_at, now()) else ready_at end
      from (select exists (select 1 from inbox i where i.conversation_id = $1 and i.state = 'pending') as is_pending) inbox
      where id = $1 returning inbox.is_pending as "isPending"`,
    values: [id, runId],
  });
  return result.rows[0]?.isPending ?? false;
}

export async function setActiveRun(db: Queryable, id: string, runId: string | null): Promise<void> {
  await db.query({ name: 'set-active-run', text: 'update conversations set active_run_id = $2 where id = $1', values: [id, runId] });
}

/** A run that stops executing lets the messages that came meanwhile be claimed. Answers whether there are any. */
export async function wakeConversation(db: Queryable, id: string): Promise<boolean> {
  const result = await db.query({
    name: 'wake-conversation',
    text: `update conversations set ready_at = coalesce(ready_at, now()) where id = $1 and exists (select 1 from inbox i where i.conversation_id = $1 and i.state = 'pending')`,
    values: [id],
  });
  return result.rowCount === 1;
}

/** Conversations whose time has come, and those that will be within the horizon: the ringer sets its timers by them. */
export async function dueConversations(db: Queryable, horizonMs: number): Promise<{ id: string; inMs: number }[]> {
  const result = await db.query<{ id: string; inMs: number }>({
    name: 'due-conversations',
    text: `select id, greatest(0, extract(epoch from ready_at - now()) * 1000)::float8 as "inMs" from conversations
      where ready_at is not null and ready_at <= now() + make_interval(secs => $1 / 1000.0) order by ready_at limit 500`,
    values: [horizonMs],
  });
  return result.rows;
}

/** Pending messages that nothing rings for although no run is executing: a lost wake-up. */
export async function stuckConversations(db: Queryable, olderThanMs: number): Promise<string[]> {
  const result = await db.query<{ id: string }>({
    name: 'stuck-conversations',
    text: `select distinct c.id from inbox i join conversations c on c.id = i.conversation_id
      where i.state = 'pending' and i.received_at < now() - make_interval(secs => $1 / 1000.0) and c.ready_at is null
      and not exists (select 1 from runs r where r.conversation_id = c.id and r.status = 'running' and c.held_by = 'bot') limit 100`,
    values: [olderThanMs],
  });
  return result.rows.map((row) => row.id);
}

/** Postpones a claim that failed, so that it does not ring in a circle. */
export async function postponeClaim(db: Queryable, id: string, delayMs: number): Promise<void> {
  await db.query('update conversations set ready_at = now() + make_interval(secs => $2 / 1000.0) where id = $1 and ready_at is not null', [
    id,
    delayMs,
  ]);
}
