import { cleanText, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import type { InboundEvent } from '../channel-adapter.ts';
import { isUserId, personOf, phoneOf } from './identity.ts';
import { parseContent } from './parse-content.ts';
import { dayMs, isoOf } from './times.ts';
import type { MetaContact, MetaMessage } from './update-schema.ts';

export type EventDraft = Omit<InboundEvent, 'raw'>;

/** One entry of `messages[]`. */
export function parseMessage(message: MetaMessage, contacts: readonly MetaContact[]): EventDraft {
  const base = baseOf(message, contacts);
  if (message.system) return systemEvent(message, base);
  if (message.reaction)
    return {
      ...base,
      kind: 'reaction',
      providerMessageId: message.reaction.message_id,
      // No emoji, or an empty one: taken back.
      reaction: { emoji: message.reaction.emoji === undefined || message.reaction.emoji === '' ? null : message.reaction.emoji },
    };
  if (message.edit)
    return {
      ...base,
      ...parseContent(message.edit.message ?? message),
      kind: 'edit',
      providerMessageId: message.edit.original_message_id,
      editedAt: base.sentAt,
    };
  // Taken back by its writer: what it said is no longer ours to read.
  if (message.revoke)
    return { ...base, kind: 'edit', text: '', providerMessageId: message.revoke.original_message_id, editedAt: base.sentAt };
  const said = parseContent(message);
  // A type that Meta itself can't pass on, or that came after this was written: somebody wrote, so somebody must be answered.
  const known = said ?? { text: '', attachments: [{ kind: 'other' as const, ...unreadable(message) }] };
  return {
    ...base,
    ...known,
    kind: known.button ? 'button' : 'message',
    providerMessageId: message.id,
    windowUntil: new Date(Date.parse(base.sentAt) + dayMs).toISOString(),
    ...(message.referral ? { referral: message.referral as JsonObject } : {}), // z.json() is JSON
  };
}

/** One entry of `message_echoes[]`: staff wrote with the app on their phone. */
export function parseEcho(message: MetaMessage): EventDraft {
  const person = personOf({ phone: message.to, ids: [message.to_user_id] }, undefined);
  const base = draft({ eventId: message.id, sentAt: isoOf(message.timestamp), ...person });
  const changed = message.edit ?? message.revoke;
  // Staff corrected or took back what they wrote: their message stays as it was said, and nothing has to be answered.
  if (changed || message.reaction) return base;
  return { ...base, ...(parseContent(message) ?? { text: '', attachments: [] }), kind: 'echo', providerMessageId: message.id };
}

function baseOf(message: MetaMessage, contacts: readonly MetaContact[]): EventDraft {
  const contact = contacts.find(
    (one) =>
      (message.from !== undefined && one.wa_id === message.from) ||
      (message.from_user_id !== undefined && one.user_id === message.from_user_id),
  );
  const person = personOf(
    { phone: message.from, ids: [message.from_user_id] },
    contact ?? (contacts.length === 1 ? contacts[0] : undefined),
  );
  const base = draft({ eventId: message.id, sentAt: isoOf(message.timestamp), ...person });
  return message.group_id === undefined ? base : { ...base, address: message.group_id, isGroup: true };
}

/** The same person under a new number or user id. Other system messages say nothing we act on. */
function systemEvent({ system, from, from_user_id: fromUserId }: MetaMessage, base: EventDraft): EventDraft {
  const newPhone = phoneOf(system?.wa_id ?? system?.new_wa_id);
  const oldPhone = phoneOf(from);
  if (newPhone !== undefined && oldPhone !== undefined && newPhone !== oldPhone)
    return { ...base, kind: 'migration', address: oldPhone, migrateTo: newPhone };
  const newId = system?.user_id;
  if (newId !== undefined && fromUserId !== undefined && isUserId(newId) && newId !== fromUserId)
    return { ...base, kind: 'migration', address: fromUserId, migrateTo: newId };
  return { ...base, text: cleanText(system?.body ?? '') };
}

function unreadable({ type, errors }: MetaMessage): { name: string } {
  const said = errors?.[0]?.error_data?.details ?? errors?.[0]?.title;
  return { name: cleanText(said ?? type) };
}

export const draft = (given: Pick<EventDraft, 'eventId' | 'sentAt' | 'address' | 'contact'>): EventDraft => ({
  kind: 'other',
  isGroup: false,
  text: '',
  attachments: [],
  ...given,
});

export const withRaw = (event: EventDraft, raw: JsonValue): InboundEvent => ({ ...event, raw });
