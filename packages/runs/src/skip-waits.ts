import { insertOverride, lockConversation, newId, openRunsOfConversation, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { RunsDeps } from './deps.ts';

/** Lets the timers of a simulator conversation's runs ring now; the journal says that they were skipped. Answers how many runs were asked. */
export async function skipWaits(deps: RunsDeps, args: { workspaceId: string; conversationId: string; byName?: string }): Promise<number> {
  const asked = await transaction(deps.pool, async (client) => {
    const conversation = await lockConversation(client, args.conversationId);
    if (conversation?.workspaceId !== args.workspaceId)
      throw new HoldfastError('resource.missing', { detail: 'There is no such conversation here.' });
    if (conversation.channelKind !== 'simulator')
      throw new HoldfastError('request.invalid', { detail: 'Waits can be skipped in the simulator only.' });
    const waiting = (await openRunsOfConversation(client, args.conversationId)).filter((run) => run.status === 'waiting');
    for (const run of waiting)
      await insertOverride(client, {
        id: newId('override'),
        workspaceId: args.workspaceId,
        runId: run.id,
        action: 'skip-wait',
        args: {},
        byUserId: null,
        byName: args.byName ?? 'Simulator',
      });
    return waiting.map((run) => run.id);
  });
  for (const run of asked) deps.bell.doorbell(run);
  return asked.length;
}
