import { createHash } from 'node:crypto';
import { cleanJson, type JsonValue } from '@holdfast/node-kit';
import type { InboundEvent } from '../channel-adapter.ts';
import { isUserId, personOf } from './identity.ts';
import { optOutWish, wishId } from './opt-out-wish.ts';
import { draft, parseEcho, parseMessage, withRaw, type EventDraft } from './parse-message.ts';
import { parseStatus } from './parse-status.ts';
import { isoOf } from './times.ts';
import { changeValue, envelope, type ChangeValue } from './update-schema.ts';

/** One of the changes that a call brought. `wabaId` is the account's; `phoneNumberId` is null for what concerns the whole account. */
export interface Change {
  wabaId: string;
  field: string;
  phoneNumberId: string | null;
  value: ChangeValue;
  raw: JsonValue;
}

/** The changes of one call, entry by entry; none when it isn't what Meta sends. Never throws. */
export function parseChanges(given: JsonValue): Change[] {
  const parsed = envelope.safeParse(cleanJson(given));
  if (!parsed.success) return [];
  return parsed.data.entry.flatMap(({ id, changes }) =>
    changes.flatMap(({ field, value: raw }) => {
      const value = changeValue.safeParse(raw);
      if (!value.success) return [];
      return [{ wabaId: id, field, phoneNumberId: value.data.metadata?.phone_number_id ?? null, value: value.data, raw: raw as JsonValue }]; // z.json() is JSON
    }),
  );
}

/** What one change says of conversations: messages, statuses, echoes, people's wishes and new names. */
export function eventsOf({ value, raw }: Change): InboundEvent[] {
  const events: (EventDraft | null)[] = [
    ...value.messages.flatMap((message) => {
      const event = parseMessage(message, value.contacts);
      return [event, ...optOutWish(event, message.type)];
    }),
    ...value.statuses.map(parseStatus),
    ...value.message_echoes.map(parseEcho),
    ...value.user_preferences.map(preferenceEvent),
    ...value.user_id_update.map(newIdEvent),
  ];
  return events.flatMap((event) => (event === null ? [] : [withRaw(event, rawOf(event, raw))]));
}

/** One call as events, for the adapter. */
export const parseUpdate = (given: JsonValue): InboundEvent[] => parseChanges(given).flatMap(eventsOf);

function preferenceEvent(given: ChangeValue['user_preferences'][number]): EventDraft {
  const sentAt = isoOf(given.timestamp);
  const person = personOf({ phone: given.wa_id, ids: [given.user_id] }, undefined);
  return {
    ...draft({ eventId: hashed('preference', given), sentAt, ...person }),
    kind: 'preference',
    preference: { purpose: 'marketing', isAllowed: given.value === 'resume' },
  };
}

/** Somebody's user id changed, as it does with their number. Two shapes are described; what fits neither is left. */
function newIdEvent(given: ChangeValue['user_id_update'][number]): EventDraft | null {
  const { user_id: id, previous_user_id: previous } = given;
  const from = typeof id === 'object' ? id.previous : previous;
  const to = typeof id === 'object' ? id.current : id;
  if (from === undefined || to === undefined || !isUserId(from) || !isUserId(to)) return null;
  const person = personOf({ ids: [from] }, undefined);
  return { ...draft({ eventId: hashed('user-id', given), sentAt: isoOf(given.timestamp), ...person }), kind: 'migration', migrateTo: to };
}

const hashed = (kind: string, value: unknown): string =>
  `${kind}-${createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)}`;

/** The event's own part of the change, so that a batch of a hundred doesn't store itself a hundred times. */
function rawOf(event: EventDraft, raw: JsonValue): JsonValue {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) return raw;
  const { metadata, contacts } = raw;
  const own = ['messages', 'message_echoes', 'statuses'].flatMap((key) => {
    const list = raw[key];
    const found = Array.isArray(list) ? list.find((one) => isOwn(one, event)) : undefined;
    return found === undefined ? [] : [[key, [found]] as const];
  });
  if (own.length === 0) return raw;
  return { ...(metadata === undefined ? {} : { metadata }), ...(contacts === undefined ? {} : { contacts }), ...Object.fromEntries(own) };
}

function isOwn(one: JsonValue, { eventId }: EventDraft): boolean {
  if (one === null || typeof one !== 'object' || Array.isArray(one)) return false;
  const { id, status } = one;
  return (
    id === eventId ||
    (typeof id === 'string' && wishId(id) === eventId) ||
    (typeof id === 'string' && typeof status === 'string' && `${id}:${status}` === eventId)
  );
}
