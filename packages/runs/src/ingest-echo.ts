import type { InboundEvent } from '@holdfast/channels';
import {
  activeHandoffOf,
  byPhone,
  insertAudit,
  insertEcho,
  insertHandoff,
  insertOverride,
  newId,
  openRunsOfConversation,
  setConversationHolder,
  type PoolClient,
} from '@holdfast/db';
import { say } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';

interface Given {
  workspaceId: string;
  conversationId: string;
  event: InboundEvent;
  /** As they are kept. */
  attachments: JsonValue;
}

export interface EchoTaken {
  messageId: string | null;
  /** Its run must look at what was laid down for it. */
  pausedRun: string | null;
  handoff: string | null;
}

const onThePhone = 'Somebody on your team, on their phone';

/**
 * Staff answered with the provider's own app. Their message is kept as a person's, and the bot falls silent as if the conversation had been
 * taken over: nobody is to be contradicted by a machine. Giving it back lets the bot go on at the same step, and so do
 * hours without a word of theirs (`returnPhoneHolds`). The caller holds the conversation's lock.
 */
export async function ingestEcho(client: PoolClient, { workspaceId, conversationId, event, attachments }: Given): Promise<EchoTaken> {
  const messageId = await insertEcho(client, {
    id: newId('message'),
    workspaceId,
    conversationId,
    text: event.text,
    content: { attachments },
    providerMessageId: event.providerMessageId ?? event.eventId,
    sentAt: event.sentAt,
  });
  const isHeld = (await activeHandoffOf(client, conversationId)) !== null;
  if (messageId === null || isHeld) return { messageId, pausedRun: null, handoff: null };
  const [run] = await openRunsOfConversation(client, conversationId);
  const handoff = await insertHandoff(client, {
    id: newId('handoff'),
    workspaceId,
    conversationId,
    runId: run?.id ?? null,
    stepId: null,
    nodeId: null,
    reason: say`${onThePhone}, answers this customer`.text,
    details: byPhone,
  });
  await setConversationHolder(client, conversationId, { heldBy: 'person', userId: null });
  await insertAudit(client, { workspaceId, actorId: null, actorName: onThePhone, action: 'conversation.taken', subject: conversationId });
  const pausedRun = run && (run.status === 'running' || run.status === 'waiting') ? run.id : null;
  if (pausedRun !== null)
    await insertOverride(client, {
      id: newId('override'),
      workspaceId,
      runId: pausedRun,
      action: 'pause',
      args: { handoff: true },
      byUserId: null,
      byName: onThePhone,
    });
  return { messageId, pausedRun, handoff: handoff.id };
}
