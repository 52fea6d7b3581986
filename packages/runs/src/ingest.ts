import type { InboundAttachment, InboundEvent } from '@holdfast/channels';
import {
  editInboundMessage,
  editPendingInbox,
  findSamePerson,
  insertInboundFiles,
  insertInboundMessage,
  insertInboxEvent,
  insertOverride,
  joinAddresses,
  linkInboxEvent,
  lockConversationAt,
  moveConversation,
  newId,
  notifyLive,
  openWindowAt,
  optIn,
  optOut,
  recallUnanswered,
  setConversationReachable,
  setConversationReady,
  setReaction,
  transaction,
  upsertContact,
  upsertConversation,
  type IngestedConversation,
  type LiveTrigger,
  type PoolClient,
} from '@holdfast/db';
import { applyStatuses, sendStatusOf } from '@holdfast/delivery';
import { asHoldfastError } from '@holdfast/errors';
import { parseDuration, type InboundMessage, type JsonObject, type JsonValue, type MessageQuote } from '@holdfast/node-kit';
import { isDatabaseTrouble } from './database-trouble.ts';
import type { RunsDeps } from './deps.ts';
import { problemJson } from './errors.ts';
import { ingestEcho, type EchoTaken } from './ingest-echo.ts';
import { liveTriggers } from './live-triggers.ts';
import { burstMs, chooseTrigger } from './route-message.ts';
import { wellFormed } from './well-formed.ts';

export interface IngestChannel {
  id: string;
  workspaceId: string;
  kind: string;
}

export interface IngestOptions {
  /** Written in the same transaction as the events: a poller's offset. */
  alongside?: (client: PoolClient) => Promise<void>;
  /** The simulator's choice of a flow; else routing decides. */
  flow?: string;
}

export interface Ingested {
  eventId: string;
  /** `duplicate`: delivered before. `parked`: it can't be taken in; kept with its problem. */
  state: 'taken' | 'duplicate' | 'parked';
  conversationId: string | null;
  messageId: string | null;
}

/** The pictures of an album come one by one, within a moment. */
const albumMs = 1_000;

type Taken = Ingested & { readyAt: Date | null; echo?: EchoTaken; /** By an edit of what it had read. */ endedRun?: string };

/**
 * What a provider delivered, in one transaction; answered only after the commit. An event that can't be taken in is parked
 * with its problem and the others go on. Throws when the database does not answer: then the provider must deliver again.
 */
export async function ingestChannelEvents(
  deps: RunsDeps,
  channel: IngestChannel,
  events: readonly InboundEvent[],
  options: IngestOptions = {},
): Promise<Ingested[]> {
  const clean = events.map(cleanEvent);
  const others = clean.filter((event) => event.kind !== 'status');
  await noteStatuses(deps, channel, clean);
  const taken = others.length === 0 && !options.alongside ? [] : await ingestTogether(deps, channel, others, options);
  await deps.crashPoint?.('ingest-committed');
  for (const one of taken) {
    if (one.conversationId) notifyLive(deps.pool, channel.workspaceId, { kind: 'message', conversation: one.conversationId });
    if (one.echo) tellOfEcho(deps, channel, one.echo);
    if (one.endedRun) deps.bell.doorbell(one.endedRun);
    if (one.conversationId && one.readyAt) deps.bell.conversation(one.conversationId, Math.max(0, one.readyAt.getTime() - Date.now()));
  }
  return taken.map(({ eventId, state, conversationId, messageId }) => ({ eventId, state, conversationId, messageId }));
}

function tellOfEcho(deps: RunsDeps, { workspaceId }: IngestChannel, { pausedRun, handoff }: EchoTaken): void {
  if (pausedRun !== null) deps.bell.doorbell(pausedRun);
  if (handoff !== null) notifyLive(deps.pool, workspaceId, { kind: 'handoff', handoff, status: 'open' });
}

/** What became of our own messages is monotone and names what it means, so it needs no inbox and no order; each stands for itself. */
async function noteStatuses(deps: RunsDeps, channel: IngestChannel, events: readonly InboundEvent[]): Promise<void> {
  for (const event of events) {
    const status = sendStatusOf(channel, event);
    if (!status) continue;
    try {
      await applyStatuses(deps.pool, [status]);
      if (event.windowUntil !== undefined) {
        const { address, aliases = [] } = event.contact;
        await openWindowAt(deps.pool, { channelId: channel.id, addresses: [address, ...aliases], until: event.windowUntil });
      }
    } catch (error) {
      // Then the provider must report again.
      if (isDatabaseTrouble(error)) throw error;
      deps.log.error({ channel: channel.id, event: event.eventId, problem: problemJson(error) }, 'A status could not be taken in');
    }
  }
}

async function ingestTogether(
  deps: RunsDeps,
  channel: IngestChannel,
  events: readonly InboundEvent[],
  options: IngestOptions,
): Promise<Taken[]> {
  return transaction(deps.pool, async (client) => {
    const triggers = await liveTriggers(client, deps.catalog, channel.workspaceId);
    const taken: Taken[] = [];
    for (const event of events.toSorted(inChatOrder)) taken.push(await ingestOrPark({ deps, client, channel, triggers, options }, event));
    await options.alongside?.(client);
    return taken;
  });
}

const counting = new Intl.Collator('en', { numeric: true });
/** By chat, so that two batches never wait for each other; within a chat as they were written, however the batch was shuffled. */
const inChatOrder = (a: InboundEvent, b: InboundEvent): number => {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return Date.parse(a.sentAt) - Date.parse(b.sentAt) || counting.compare(a.eventId, b.eventId);
};

const cleanEvent = (event: InboundEvent): InboundEvent =>
  wellFormed(JSON.parse(JSON.stringify(event)) as JsonValue) as unknown as InboundEvent; // the same event with other characters

interface Batch {
  deps: RunsDeps;
  client: PoolClient;
  channel: IngestChannel;
  triggers: LiveTrigger[];
  options: IngestOptions;
}

async function ingestOrPark(batch: Batch, event: InboundEvent): Promise<Taken> {
  const { deps, client, channel } = batch;
  await client.query('savepoint event');
  try {
    const taken = await ingestOne(batch, event);
    await client.query('release savepoint event');
    return taken;
  } catch (error) {
    // Then the whole batch is delivered again.
    if (isDatabaseTrouble(error)) throw error;
    await client.query('rollback to savepoint event');
    const payload: JsonObject = { raw: event.raw, problem: problemJson(asHoldfastError(error)) };
    await insertInboxEvent(client, {
      id: newId('inbox'),
      workspaceId: channel.workspaceId,
      channelId: channel.id,
      eventId: event.eventId,
      kind: event.kind,
      payload,
      state: 'parked',
    });
    deps.log.error({ channel: channel.id, event: event.eventId, problem: problemJson(error) }, 'An event was parked');
    return { eventId: event.eventId, state: 'parked', conversationId: null, messageId: null, readyAt: null };
  }
}

async function ingestOne(batch: Batch, event: InboundEvent): Promise<Taken> {
  const { client, channel, options } = batch;
  const isMessage = event.kind === 'message' || event.kind === 'button';
  const id = await insertInboxEvent(client, {
    id: newId('inbox'),
    workspaceId: channel.workspaceId,
    channelId: channel.id,
    eventId: event.eventId,
    kind: event.kind,
    payload: isMessage ? messagePayload(event, options) : { raw: event.raw },
    // What a machine wrote stays in the conversation, and starts and answers nothing.
    state: !isMessage ? 'consumed' : event.automatic === undefined ? 'pending' : 'set-aside',
  });
  const nothing = { eventId: event.eventId, conversationId: null, messageId: null, readyAt: null };
  if (id === null) return { ...nothing, state: 'duplicate' };
  if (isMessage) return ingestMessage(batch, id, event);
  const taken: Taken = { ...nothing, state: 'taken', ...(await ingestBeside(batch, event)) };
  // What came in raw holds words and addresses too: it goes when its conversation is erased.
  const conversationId =
    taken.conversationId ?? (event.address === '' ? null : await lockConversationAt(client, channel.id, event.address));
  if (conversationId !== null) await linkInboxEvent(client, id, { conversationId, messageId: null });
  return taken;
}

/** What says something about a message or a person, and is no message itself. */
async function ingestBeside(batch: Batch, event: InboundEvent): Promise<Partial<Taken>> {
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

/** What a message says of its files; where a provider keeps one is nobody's business. */
const attachmentsJson = (attachments: readonly InboundAttachment[]): JsonValue =>
  // as: attachments are JSON.
  JSON.parse(JSON.stringify(attachments.map(({ providerFileId: _providerFileId, ...kept }) => kept))) as JsonValue;

// Through JSON, so that what is absent stays absent.
const quoteJson = (quote: MessageQuote): JsonValue => JSON.parse(JSON.stringify(quote)) as JsonValue; // what JSON.stringify made of texts

/** What a run reads of a message; the provider's own bytes are kept beside it. */
function messagePayload(event: InboundEvent, { flow }: IngestOptions): JsonObject {
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
async function meet({ client, channel }: Pick<Batch, 'client' | 'channel'>, event: InboundEvent): Promise<IngestedConversation> {
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

async function ingestMessage(batch: Batch, id: string, event: InboundEvent): Promise<Taken> {
  const { deps, client, channel, triggers } = batch;
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
  const burst =
    conversation.activeBurst === null ? burstOf(deps, channel, event, triggers) : Math.min(10_000, parseDuration(conversation.activeBurst));
  const readyAt = await setConversationReady(client, conversation.id, event.albumId === undefined ? burst : Math.max(burst, albumMs), {
    windowUntil: event.windowUntil ?? null,
    thread: event.thread ?? null,
  });
  return { eventId: event.eventId, state: 'taken', conversationId: conversation.id, messageId, readyAt };
}

/** Files are fetched after the commit: a provider that waits for our answer must not wait for its own file. */
async function noteFiles(
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
function burstOf(deps: RunsDeps, channel: IngestChannel, event: InboundEvent, triggers: LiveTrigger[]): number {
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
  { deps, client, channel, triggers }: Batch,
  event: InboundEvent,
): Promise<Pick<Taken, 'conversationId' | 'messageId'> & { readyAt?: Date; endedRun?: string }> {
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
  const readyAt = await setConversationReady(client, conversationId, burstOf(deps, channel, event, triggers), opens);
  return { conversationId, messageId, readyAt, endedRun };
}
