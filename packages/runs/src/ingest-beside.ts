import type { InboundEvent } from '@holdfast/channels';
import {
  editInboundMessage,
  editPendingInbox,
  findSamePerson,
  insertOverride,
  lockConversationAt,
  moveConversation,
  newId,
  optIn,
  optOut,
  recallUnanswered,
  setConversationReachable,
  setConversationReady,
  setReaction,
  type PoolClient,
} from '@holdfast/db';
import type { Batch, IngestChannel, Taken } from './ingest-batch.ts';
import { ingestEcho } from './ingest-echo.ts';
import { attachmentsJson, burstOf, meet, noteFiles } from './ingest-message.ts';

/** What says something about a message or a person, and is no message itself. */
export async function ingestBeside(batch: Batch, event: InboundEvent): Promise<Partial<Taken>> {
  const { client, channel } = batch;
  if (event.kind === 'edit') return ingestEdit(batch, event);
  if (event.kind === 'echo') return ingestEchoed(batch, event);
  if (event.kind === 'reaction') return ingestReaction(client, channel, event);
  if (event.kind === 'migration' && event.migrateTo)
    await moveConversation(client, {
      workspaceId: channel.workspaceId,
      channelId: channel.id,
      channelKind: channel.kind,
      from: event.address,
      to: event.migrateTo,
    });
  if (event.kind === 'preference' && event.preference) await ingestPreference(client, channel, event.contact.address, event.preference);
  if (event.kind === 'membership')
    await setConversationReachable(
      client,
      channel.id,
      event.address,
      event.isReachable === false ? { code: 'channel.blocked', at: event.sentAt } : null,
    );
  return {};
}

/** STOP, START and the provider's own switches: `all` is everything automated, whoever it is about. */
async function ingestPreference(
  client: PoolClient,
  { workspaceId, kind: channelKind }: IngestChannel,
  address: string,
  { purpose: about, isAllowed }: NonNullable<InboundEvent['preference']>,
): Promise<void> {
  const given = { workspaceId, channelKind, address, purpose: about === 'all' ? ('service' as const) : about };
  await (isAllowed ? optIn(client, given) : optOut(client, { ...given, source: 'keyword' }));
}

async function ingestEchoed(batch: Batch, event: InboundEvent): Promise<Pick<Taken, 'conversationId' | 'messageId' | 'echo'>> {
  const { client, channel } = batch;
  const { id: conversationId } = await meet(batch, event);
  const echo = await ingestEcho(client, {
    workspaceId: channel.workspaceId,
    conversationId,
    event,
    attachments: attachmentsJson(event.attachments),
  });
  await noteFiles(batch, event, { conversationId, messageId: echo.messageId, isRead: false });
  return { conversationId, messageId: echo.messageId, echo };
}

/** Where the conversation with an event's person is, locked; null when nobody there was ever talked to. */
async function lockConversationOf(client: PoolClient, channel: IngestChannel, event: InboundEvent): Promise<string | null> {
  const { aliases } = event.contact;
  if (aliases === undefined || event.isGroup) return lockConversationAt(client, channel.id, event.address);
  const { workspaceId, id: channelId, kind: channelKind } = channel;
  const person = { workspaceId, channelId, channelKind, address: event.contact.address, aliases };
  return lockConversationAt(client, channelId, (await findSamePerson(client, person)).conversationAt);
}

async function ingestReaction(
  client: PoolClient,
  channel: IngestChannel,
  event: InboundEvent,
): Promise<{ conversationId: string | null; messageId: string | null }> {
  const conversationId = await lockConversationOf(client, channel, event);
  if (!conversationId || !event.providerMessageId || !event.reaction) return { conversationId: null, messageId: null };
  const given = { conversationId, providerMessageId: event.providerMessageId, by: event.contact.address, emoji: event.reaction.emoji };
  return { conversationId, messageId: await setReaction(client, given) };
}

async function ingestEdit(
  batch: Batch,
  event: InboundEvent,
): Promise<Pick<Taken, 'conversationId' | 'messageId'> & { readyAt?: Date; endedRun?: string }> {
  const { client, channel } = batch;
  const conversationId = await lockConversationOf(client, channel, event);
  if (!conversationId || !event.providerMessageId) return { conversationId: null, messageId: null };
  const editedAt = event.editedAt ?? event.sentAt;
  const messageId = await editInboundMessage(client, {
    conversationId,
    providerMessageId: event.providerMessageId,
    text: event.text,
    editedAt,
  });
  if (!messageId) return { conversationId, messageId };
  await editPendingInbox(client, messageId, { text: event.text, editedAt });
  // What a run has read is read anew while it has not been answered; what was planned to be said to the old words is cancelled with its run.
  const endedRun = await recallUnanswered(client, { conversationId, messageId, text: event.text, editedAt });
  if (endedRun === null) return { conversationId, messageId };
  await insertOverride(client, {
    id: newId('override'),
    workspaceId: channel.workspaceId,
    runId: endedRun,
    action: 'end',
    args: { note: 'The customer edited the message before it was answered; a new run reads the new words.' },
    byUserId: null,
    byName: 'Holdfast',
  });
  const opens = { windowUntil: null, thread: null };
  const readyAt = await setConversationReady(client, conversationId, burstOf(batch, event), opens);
  return { conversationId, messageId, readyAt, endedRun };
}
