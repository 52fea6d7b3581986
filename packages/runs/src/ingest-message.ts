import type { InboundAttachment, InboundEvent } from '@holdfast/channels';
import {
  findSamePerson,
  insertInboundFiles,
  insertInboundMessage,
  joinAddresses,
  linkInboxEvent,
  newId,
  setConversationReady,
  upsertContact,
  upsertConversation,
  type IngestedConversation,
} from '@holdfast/db';
import { parseDuration, type InboundMessage, type JsonObject, type JsonValue, type MessageQuote } from '@holdfast/node-kit';
import type { Batch, IngestOptions, Taken } from './ingest-batch.ts';
import { burstMs, chooseTrigger } from './route-message.ts';

/** The pictures of an album come one by one, within a moment. */
const albumMs = 1_000;

/** What a message says of its files; where a provider keeps one is nobody's business. */
export const attachmentsJson = (attachments: readonly InboundAttachment[]): JsonValue =>
  // as: attachments are JSON.
  JSON.parse(JSON.stringify(attachments.map(({ providerFileId: _providerFileId, ...kept }) => kept))) as JsonValue;

// Through JSON, so that what is absent stays absent.
const quoteJson = (quote: MessageQuote): JsonValue => JSON.parse(JSON.stringify(quote)) as JsonValue; // what JSON.stringify made of texts

/** What a run reads of a message; the provider's own bytes are kept beside it. */
export function messagePayload(event: InboundEvent, { flow }: IngestOptions): JsonObject {
  return {
    text: event.text,
    attachments: attachmentsJson(event.attachments),
    ...(event.button ? { button: { ...event.button } } : {}),
    ...(event.quote ? { quote: quoteJson(event.quote) } : {}),
    ...(event.albumId === undefined ? {} : { album: event.albumId }),
    ...(event.editedAt === undefined ? {} : { editedAt: event.editedAt }),
    ...(flow === undefined ? {} : { flow }),
    raw: event.raw,
  };
}

/** Whom an event is from and where they are talked to, both made when unknown; the conversation is locked. */
export async function meet({ client, channel }: Pick<Batch, 'client' | 'channel'>, event: InboundEvent): Promise<IngestedConversation> {
  const { workspaceId, kind: channelKind } = channel;
  const { aliases } = event.contact;
  const person = { workspaceId, channelId: channel.id, channelKind, address: event.contact.address, aliases: aliases ?? [] };
  const isAliased = aliases !== undefined && !event.isGroup;
  const known = isAliased ? await findSamePerson(client, person) : { conversationAt: event.address, contactAt: event.contact.address };
  const contactId = await upsertContact(client, {
    contactId: newId('contact'),
    identityId: newId('identity'),
    workspaceId,
    channelKind,
    address: event.isGroup ? event.address : known.contactAt,
    name: event.isGroup ? 'Group chat' : event.contact.name,
    language: event.contact.language,
  });
  if (isAliased) await joinAddresses(client, { ...person, contactId });
  return upsertConversation(client, {
    id: newId('conversation'),
    workspaceId,
    channelId: channel.id,
    contactId,
    address: known.conversationAt,
    isGroup: event.isGroup,
  });
}

export async function ingestMessage(batch: Batch, id: string, event: InboundEvent): Promise<Taken> {
  const { client, channel } = batch;
  const conversation = await meet(batch, event);
  const messageId = await insertInboundMessage(client, {
    id: newId('message'),
    workspaceId: channel.workspaceId,
    conversationId: conversation.id,
    text: event.text,
    providerMessageId: event.providerMessageId ?? null,
    sentAt: event.sentAt,
    content: {
      attachments: attachmentsJson(event.attachments),
      ...(event.button ? { button: { ...event.button } } : {}),
      ...(event.quote ? { quote: quoteJson(event.quote) } : {}),
    },
    metadata: {
      ...(event.isForwarded ? { forwarded: true } : {}),
      ...(event.albumId === undefined ? {} : { album: event.albumId }),
      ...event.metadata,
      ...(event.isGroup ? { from: { ...event.contact } } : {}),
      ...(event.automatic === undefined ? {} : { automatic: event.automatic }),
    },
  });
  await linkInboxEvent(client, id, { conversationId: conversation.id, messageId });
  await noteFiles(batch, event, { conversationId: conversation.id, messageId, isRead: event.automatic === undefined });
  if (event.automatic !== undefined)
    return { eventId: event.eventId, state: 'taken', conversationId: conversation.id, messageId, readyAt: null };
  const burst = conversation.activeBurst === null ? burstOf(batch, event) : Math.min(10_000, parseDuration(conversation.activeBurst));
  const readyAt = await setConversationReady(client, conversation.id, event.albumId === undefined ? burst : Math.max(burst, albumMs), {
    windowUntil: event.windowUntil ?? null,
    thread: event.thread ?? null,
  });
  return { eventId: event.eventId, state: 'taken', conversationId: conversation.id, messageId, readyAt };
}

/** Files are fetched after the commit: a provider that waits for our answer must not wait for its own file. */
export async function noteFiles(
  { client, channel }: Batch,
  { attachments }: InboundEvent,
  given: { conversationId: string; messageId: string | null; isRead: boolean },
): Promise<void> {
  const { messageId } = given;
  const files = attachments.flatMap(({ providerFileId }, position) => (providerFileId === undefined ? [] : [{ position, providerFileId }]));
  if (files.length > 0 && messageId !== null)
    await insertInboundFiles(client, { ...given, messageId, workspaceId: channel.workspaceId, channelId: channel.id, files });
}

/** The burst window of the flow that would get this message; nobody's message is decided at once. */
export function burstOf({ deps, channel, triggers }: Batch, event: InboundEvent): number {
  const message: InboundMessage = {
    id: event.eventId,
    text: event.text,
    attachments: event.attachments,
    ...(event.button ? { button: event.button } : {}),
    receivedAt: event.sentAt,
  };
  const trigger = chooseTrigger(deps.catalog, triggers, {
    channelId: channel.id,
    channelKind: channel.kind,
    isGroup: event.isGroup,
    messages: [message],
  });
  return trigger ? burstMs(trigger.file) : 0;
}
