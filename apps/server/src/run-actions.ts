import type { Delivery } from '@holdfast/delivery';
import { HoldfastError, say } from '@holdfast/errors';
import {
  beginRepair,
  claimHandoff,
  closeHandoff,
  continueRepair,
  ingestChannelEvents,
  queueHumanReply,
  replayDelivery,
  requestOverride,
  resetConversation,
  returnHandoff,
  skipWaits,
  startManualRun,
  stopRepair,
  takeConversation,
  tryStep,
  webhookMethods,
  type ResultWaiters,
  type RunsDeps,
  type TryDeps,
} from '@holdfast/runs';
import type { RunActions } from './deps.ts';
import { answerCall } from './hooks/answer-call.ts';

interface Parts {
  runs: RunsDeps;
  waiters: ResultWaiters;
  delivery: Pick<Delivery, 'settleSend'>;
  tryDeps: TryDeps;
}

/** packages/runs in the API's words. */
export function createRunActions({ runs, waiters, delivery, tryDeps }: Parts): RunActions {
  return {
    ingest: async (channel, events, { flowId } = {}) => {
      const [taken] = await ingestChannelEvents(runs, channel, events, flowId === undefined ? {} : { flow: flowId });
      if (!taken?.conversationId || !taken.messageId)
        throw new HoldfastError('internal', { detail: say`The message was kept, but not taken in (${taken?.state ?? 'nothing came'}).` });
      return { conversation: taken.conversationId, message: taken.messageId };
    },
    startManual: async ({ workspaceId, flowId, input }) => ({ run: (await startManualRun(runs, { workspaceId, flowId, input })).runId }),
    startWebhook: (call) => answerCall({ runs, waiters }, call),
    replayDelivery: async (args) => ({ run: (await replayDelivery(runs, args)).runId }),
    webhookMethods: (path) => webhookMethods(runs, path),
    override: (args) => requestOverride(runs, args),
    beginRepair: (args) => beginRepair(runs, args),
    continueRepair: (args) => continueRepair(runs, args),
    stopRepair: (args) => stopRepair(runs, args),
    settleSend: ({ workspaceId, messageId, settle, by }) => delivery.settleSend({ workspaceId, messageId, settle, by: by.name }),
    takeConversation: async (args) => ({ handoff: (await takeConversation(runs, args)).handoffId }),
    claimHandoff: (args) => claimHandoff(runs, args),
    returnHandoff: (args) => returnHandoff(runs, args),
    closeHandoff: (args) => closeHandoff(runs, args),
    reply: async (args) => ({ message: (await queueHumanReply(runs, args)).messageId }),
    skipWaits: ({ workspaceId, conversationId, by }) => skipWaits(runs, { workspaceId, conversationId, byName: by.name }),
    resetConversation: (args) => resetConversation(runs, args),
    tryStep: (args) => tryStep(tryDeps, args),
  };
}
