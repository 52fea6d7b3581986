import { knownEvents, type Pool, type Queryable } from '@holdfast/db';
import type { JsonValue } from '@holdfast/node-kit';
import type { ChannelAccount, InboundEvent } from '../channel-adapter.ts';
import type { ReceiveDeps } from '../receive-deps.ts';
import { parseUpdate } from './parse-update.ts';
import { clientFor, type TelegramOptions } from './telegram-adapter.ts';

/** What updates are taken in with. */
export type TelegramReceiveDeps = ReceiveDeps & { telegram: TelegramOptions };

/**
 * Updates from a poll or a webhook: parsed, in order, each once. Returns when they are committed;
 * `alongside` is committed with them.
 */
export async function receiveTelegramUpdates(
  deps: TelegramReceiveDeps,
  account: ChannelAccount,
  updates: readonly JsonValue[],
  alongside?: (db: Queryable) => Promise<void>,
): Promise<void> {
  const events = await unknownEvents(deps.pool, account, updates);
  const client = clientFor(deps.telegram, account);
  const { secret: _secret, ...channel } = account;
  if (events.length > 0) await deps.onEvents(channel, events, alongside ? { alongside } : {});
  else await alongside?.(deps.pool);
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

function callbackIds(updates: readonly JsonValue[]): string[] {
  const ids = updates.flatMap((update) => {
    const query = update !== null && typeof update === 'object' && !Array.isArray(update) ? update['callback_query'] : null;
    const id = query !== null && typeof query === 'object' && !Array.isArray(query) ? query?.['id'] : null;
    return typeof id === 'string' ? [id] : [];
  });
  return [...new Set(ids)];
}
