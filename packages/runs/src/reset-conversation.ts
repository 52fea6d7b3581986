import { forgetConversation, insertOverride, lockConversation, newId, openRunsOfConversation, transaction } from '@holdfast/db';
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
    await forgetConversation(client, args.conversationId, args.by.id);
    return open.map((run) => run.id);
  });
  for (const run of runs) deps.bell.doorbell(run);
}
