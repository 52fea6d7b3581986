import type { InboundEvent } from '@holdfast/channels';
import { insertInboxEvent, linkInboxEvent, lockConversationAt, newId, notifyLive, openWindowAt, transaction } from '@holdfast/db';
import { applyStatuses, sendStatusOf } from '@holdfast/delivery';
import { asHoldfastError } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { isDatabaseTrouble } from './database-trouble.ts';
import type { RunsDeps } from './deps.ts';
import { problemJson } from './errors.ts';
import type { Batch, IngestChannel, Ingested, IngestOptions, Taken } from './ingest-batch.ts';
import { ingestBeside } from './ingest-beside.ts';
import type { EchoTaken } from './ingest-echo.ts';
import { ingestMessage, messagePayload } from './ingest-message.ts';
import { liveTriggers } from './live-triggers.ts';
import { wellFormed } from './well-formed.ts';

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
