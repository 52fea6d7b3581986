import { createHash } from 'node:crypto';
import { insertFile, knownEvents, newId, type Pool } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';
import type { ChannelAccount, InboundAttachment, InboundEvent } from '../channel-adapter.ts';
import type { ReceiveDeps } from '../receive-deps.ts';
import { parseUpdate } from './parse-update.ts';
import { clientFor, type TelegramOptions } from './telegram-adapter.ts';
import { maxDownloadBytes, type TelegramClient } from './telegram-client.ts';

/** What updates are taken in with. */
export type TelegramReceiveDeps = ReceiveDeps & { telegram: TelegramOptions };

const downloadMs = 20_000;

/** Updates from a poll or a webhook: parsed, in order, each once, with our own copies of their files. Returns when they are committed. */
export async function receiveTelegramUpdates(
  deps: TelegramReceiveDeps,
  account: ChannelAccount,
  updates: readonly JsonValue[],
): Promise<void> {
  const events = await unknownEvents(deps.pool, account, updates);
  const client = clientFor(deps.telegram, account);
  for (const event of events) event.attachments = await Promise.all(event.attachments.map((one) => keepFile(deps, client, account, one)));
  const { secret: _secret, ...channel } = account;
  if (events.length > 0) await deps.onEvents(channel, events);
  // Also for events that we had before: the customer's client spins until somebody answers.
  for (const id of callbackIds(updates))
    client.call('answerCallbackQuery', { callback_query_id: id }, { timeoutMs: 5_000 }).catch(() => undefined);
}

async function unknownEvents(pool: Pool, account: ChannelAccount, updates: readonly JsonValue[]): Promise<InboundEvent[]> {
  const parsed = updates.flatMap((update) => parseUpdate(update, account));
  const once = [...new Map(parsed.map((event) => [event.eventId, event])).values()].sort(
    (a, b) => Number(a.eventId) - Number(b.eventId) || a.eventId.localeCompare(b.eventId),
  );
  const known = new Set(await knownEvents(pool, { channelId: account.id, eventIds: once.map(({ eventId }) => eventId) }));
  return timeTaps(once.filter(({ eventId }) => !known.has(eventId)));
}

/** A tap carries no time: it happened before whatever came after it, so that sorting by time keeps Telegram's own order. */
function timeTaps(events: InboundEvent[]): InboundEvent[] {
  let next = new Date().toISOString();
  return events
    .toReversed()
    .map((event) => {
      const timed = event.kind === 'button' ? { ...event, sentAt: next } : event;
      if (event.kind === 'message') next = event.sentAt;
      return timed;
    })
    .toReversed();
}

/** Our own copy, because Telegram's link dies within hours. What can't be fetched stays without: the message counts more than its file. */
async function keepFile(
  deps: TelegramReceiveDeps,
  client: TelegramClient,
  account: ChannelAccount,
  attachment: InboundAttachment,
): Promise<InboundAttachment> {
  const { providerFileId, ...kept } = attachment;
  if (providerFileId === undefined || (kept.sizeBytes ?? 0) > maxDownloadBytes) return kept;
  try {
    const content = await client.download(providerFileId, AbortSignal.timeout(downloadMs));
    const file = {
      id: newId('file'),
      workspaceId: account.workspaceId,
      name: fileName(kept.name),
      mimeType: kept.mimeType ?? 'application/octet-stream',
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      content,
    };
    await insertFile(deps.pool, file);
    return { ...kept, name: file.name, fileId: file.id, sizeBytes: content.length };
  } catch (error) {
    deps.log.warn(
      {
        channel: account.id,
        code: error instanceof HoldfastError ? error.code : 'refused',
        detail: error instanceof Error ? error.message : '',
      },
      'A customer’s file could not be fetched; the message goes on without it.',
    );
    return kept;
  }
}

// A name is shown and offered for download; paths, control characters and text direction overrides have no place in it.
const fileName = (given: string | undefined): string => (given ?? '').replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').slice(-120) || 'file';

function callbackIds(updates: readonly JsonValue[]): string[] {
  const ids = updates.flatMap((update) => {
    const query = update !== null && typeof update === 'object' && !Array.isArray(update) ? update['callback_query'] : null;
    const id = query !== null && typeof query === 'object' && !Array.isArray(query) ? query?.['id'] : null;
    return typeof id === 'string' ? [id] : [];
  });
  return [...new Set(ids)];
}
