import { insertOverride, lockConversation, newId, openRunsOfConversation, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { RunsDeps } from './deps.ts';
import type { ByPerson } from './handoffs.ts';

/** The simulator's "start over": ends the conversation's runs and handoffs, and forgets what was said. */
export async function resetConversation(deps: RunsDeps, args: ByPerson & { conversationId: string }): Promise<void> {
  const runs = await transaction(deps.pool, async (client) => {
    const conversation = await lockConversation(client, args.conversationId);
    if (conversation?.workspaceId !== args.workspaceId)
      throw new HoldfastError('resource.missing', { detail: 'There is no such conversation here.' });
    if (conversation.channelKind !== 'simulator')
      throw new HoldfastError('request.invalid', { detail: 'Only simulator conversations can start over.' });
    const open = await openRunsOfConversation(client, args.conversationId);
    for (const run of open)
      await insertOverride(client, {
        id: newId('override'),
        workspaceId: args.workspaceId,
        runId: run.id,
        action: 'end',
        args: {},
        byUserId: args.by.id,
        byName: args.by.name,
      });
    await client.query(
      `update handoffs set status = 'closed', ended_by = $2, ended_at = now() where conversation_id = $1 and status in ('open', 'claimed')`,
      [args.conversationId, args.by.id],
    );
    await client.query(`update inbox set state = 'set-aside' where conversation_id = $1 and state = 'pending'`, [args.conversationId]);
    // The runs are another conversation's past from here on: what they still do must not show up in the new one.
    await client.query(`update runs set conversation_id = null where conversation_id = $1 and status <> 'ended'`, [args.conversationId]);
    await client.query(`delete from messages where conversation_id = $1`, [args.conversationId]);
    await client.query(
      `update conversations set held_by = 'bot', holder_user_id = null, active_run_id = null, ready_at = null, first_pending_at = null where id = $1`,
      [args.conversationId],
    );
    return open.map((run) => run.id);
  });
  for (const run of runs) deps.bell.doorbell(run);
}
