import type { Delivery } from '@holdfast/delivery';
import { HoldfastError } from '@holdfast/errors';
import { parseDuration } from '@holdfast/node-kit';
import {
  claimHandoff,
  closeHandoff,
  ingestChannelEvents,
  ingestWebhook,
  queueHumanReply,
  requestOverride,
  requestOverrides,
  resetConversation,
  returnHandoff,
  skipWaits,
  startManualRun,
  takeConversation,
  tryStep,
  webhookMethods,
  type ResultWaiters,
  type RunsDeps,
  type TryDeps,
} from '@holdfast/runs';
import { z } from 'zod';
import type { RunActions, WebhookAnswer, WebhookCall } from './deps.ts';
import { databasePatience } from './http/database-patience.ts';

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
        throw new HoldfastError('internal', { detail: `The message was kept, but not taken in (${taken?.state ?? 'nothing came'}).` });
      return { conversation: taken.conversationId, message: taken.messageId };
    },
    startManual: async ({ workspaceId, flowId, input }) => ({ run: (await startManualRun(runs, { workspaceId, flowId, input })).runId }),
    startWebhook: (call) => startWebhook(runs, waiters, call),
    webhookMethods: (path) => webhookMethods(runs, path),
    override: (args) => requestOverride(runs, args),
    overrideMany: (args) => requestOverrides(runs, args),
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

/** How a webhook step wants its caller answered; nodes/webhook-trigger says the same with its form. */
const answering = z.object({
  respond: z.enum(['now', 'result']).catch('now'),
  timeout: z.string().catch('20s'),
  status: z.number().int().catch(200),
});

async function startWebhook(runs: RunsDeps, waiters: ResultWaiters, { signal, ...call }: WebhookCall): Promise<WebhookAnswer> {
  const { runId, config } = await databasePatience()(ingestWebhook(runs, call));
  const { respond, timeout, status } = answering.parse(config);
  if (respond === 'now') return { state: 'received', run: runId };
  const found = await waiters.awaitResult(runId, parseDuration(timeout), signal);
  if (found.state !== 'ended') return { state: found.state, run: runId };
  return found.outcome === 'done' ? { state: 'ended', run: runId, status, result: found.result } : { state: 'failed', run: runId };
}
