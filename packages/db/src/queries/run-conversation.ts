import type { Queryable } from '../pool.ts';
import type { LoadedRun } from './run-loading.ts';

/**
 * The conversation that a run opened is its own from now on, unless it has one. Under the conversation's lock and GUARD. The conversation's active run is this one,
 * unless another that has not ended is. Answers what the run has now.
 */
export async function bindConversation(
  db: Queryable,
  given: { workspaceId: string; runId: string; conversationId: string },
): Promise<Pick<LoadedRun, 'conversationId' | 'contact' | 'conversation' | 'history'>> {
  await db.query(
    `with bound as (
        update runs r set conversation_id = v.id, contact_id = v.contact_id, updated_at = now() from conversations v
        where r.id = $2 and r.workspace_id = $1 and v.id = $3 and r.conversation_id is null returning r.id
      )
      update conversations v set active_run_id = $2 where v.id = $3 and exists (select 1 from bound)
        and not exists (select 1 from runs o where o.id = v.active_run_id and o.id <> $2 and o.status <> 'ended')`,
    [given.workspaceId, given.runId, given.conversationId],
  );
  const { rows } = await db.query<Pick<LoadedRun, 'conversationId' | 'contact' | 'conversation' | 'history'>>(
    `select r.conversation_id as "conversationId",
        jsonb_build_object('id', c.id, 'name', c.name, 'language', c.language, 'attributes', c.attributes) as contact,
        jsonb_build_object('id', v.id, 'channelId', v.channel_id, 'channelName', h.name, 'channelKind', h.kind, 'address', split_part(v.address, '#', 1), 'heldBy', v.held_by) as conversation,
        (select jsonb_agg(jsonb_build_object('author', m.author, 'text', m.text, 'at', iso(m.sent_at)) order by m.created_at, m.id)
          from (select * from messages where conversation_id = v.id and status not in ('planned', 'failed', 'cancelled') order by created_at desc, id desc limit 30) m) as history
      from runs r join conversations v on v.id = r.conversation_id join contacts c on c.id = v.contact_id join channels h on h.id = v.channel_id
      where r.id = $2 and r.workspace_id = $1`,
    [given.workspaceId, given.runId],
  );
  const row = rows[0];
  if (!row) throw new Error('A run has no conversation although it was given one.');
  return row;
}

/** A channel of this workspace to write on. */
export async function findChannel(
  db: Queryable,
  args: { workspaceId: string; id: string },
): Promise<{ id: string; kind: string; name: string } | null> {
  const { rows } = await db.query<{ id: string; kind: string; name: string }>(
    'select id, kind, name from channels where id = $2 and workspace_id = $1',
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}
