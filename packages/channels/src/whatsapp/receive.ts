import { knownEvents, noteChannelFacts } from '@holdfast/db';
import type { JsonValue } from '@holdfast/node-kit';
import type { ChannelAccount, InboundEvent } from '../channel-adapter.ts';
import type { ReceiveDeps } from '../receive-deps.ts';
import { applyNotice } from './apply-notice.ts';
import { parseNotices } from './parse-notice.ts';
import { eventsOf, parseChanges, type Change } from './parse-update.ts';
import { sortByChannel, type SiblingDeps } from './sort-by-channel.ts';

export type WhatsAppReceiveDeps = ReceiveDeps & SiblingDeps;

/** One verified call: returns when all it brought is committed; throws when not, and then Meta brings all of it again. */
export async function receiveWhatsApp(deps: WhatsAppReceiveDeps, account: ChannelAccount, body: JsonValue): Promise<void> {
  for (const { channel, changes } of await sortByChannel(deps, account, parseChanges(body))) await receiveFor(deps, channel, changes);
}

async function receiveFor(deps: WhatsAppReceiveDeps, account: ChannelAccount, changes: readonly Change[]): Promise<void> {
  const { secret: _secret, ...channel } = account;
  const events = await newEvents(deps, account, changes.flatMap(eventsOf));
  if (events.length > 0) await deps.onEvents(channel, events);
  for (const notice of changes.flatMap(parseNotices)) await applyNotice(deps, channel, notice);
  await noteSeen(deps, channel);
}

/** Each once, without what is known. Statuses have no row; they repeat harmlessly. */
async function newEvents({ pool }: ReceiveDeps, { id }: ChannelAccount, given: InboundEvent[]): Promise<InboundEvent[]> {
  const once = [...new Map(given.map((event) => [event.eventId, event])).values()];
  const rowed = once.filter(({ kind }) => kind !== 'status').map(({ eventId }) => eventId);
  const known = new Set(rowed.length === 0 ? [] : await knownEvents(pool, { channelId: id, eventIds: rowed }));
  return once.filter(({ eventId }) => !known.has(eventId));
}

const noteEveryMs = 60_000;
const notedAt = new Map<string, number>();

/** When Meta last called: at most once a minute, since every message and each of its statuses is a call. */
async function noteSeen({ pool, log }: ReceiveDeps, { id, workspaceId }: { id: string; workspaceId: string }): Promise<void> {
  const now = Date.now();
  if (now - (notedAt.get(id) ?? 0) < noteEveryMs) return;
  notedAt.set(id, now);
  await noteChannelFacts(pool, { workspaceId, id, facts: { webhookAt: new Date(now).toISOString() } }).catch((error: unknown) =>
    log.warn({ channel: id, err: error }, 'When WhatsApp last called could not be noted.'),
  );
}
