import { cleanJson, cleanText, type JsonValue } from '@holdfast/node-kit';
import type { ChannelAccount, InboundEvent } from '../channel-adapter.ts';
import { attachmentsOf } from './attachments.ts';
import { telegramUpdate, type TelegramMessage, type TelegramUpdate, type TelegramUser } from './update-schema.ts';

/** One update as events; what we don't read becomes `other`, and nothing throws. */
export function parseUpdate(given: JsonValue, account: Pick<ChannelAccount, 'config'>): InboundEvent[] {
  const raw = cleanJson(given);
  const parsed = telegramUpdate.safeParse(raw);
  if (!parsed.success) return [unknownEvent(raw)];
  const update = parsed.data;
  const botName = typeof account.config['username'] === 'string' ? account.config['username'] : '';
  const event = fromMessage(update, botName) ?? fromButton(update) ?? fromReaction(update) ?? fromMembership(update);
  return [event === null ? unknownEvent(raw) : { ...event, raw }];
}

type Event = Omit<InboundEvent, 'raw'>;

function fromMessage(update: TelegramUpdate, botName: string): Event | null {
  const message = update.message ?? update.edited_message;
  if (!message) return null;
  const base = baseOf(update, message.chat, message.from, message.date);
  const moved = migration(message, base);
  if (moved) return moved;
  const attachments = attachmentsOf(message);
  const written = textOf(message, base.isGroup ? botName : '');
  // Another bot, a channel's post in a discussion group, a join or a pin: nobody wrote to us.
  const isForUs = message.from !== undefined && !message.from.is_bot && written !== null && (written !== '' || attachments.length > 0);
  if (!isForUs) return { ...base, kind: 'other' };
  const content = { ...base, text: written, attachments, providerMessageId: message.message_id, ...ridersOf(message) };
  if (update.message) return { ...content, kind: 'message' };
  return { ...content, kind: 'edit', editedAt: isoOf(message.edit_date ?? message.date) };
}

/** What a message refers to, and what it came with. */
function ridersOf(message: TelegramMessage): Pick<Event, 'quote' | 'albumId' | 'isForwarded'> {
  const { reply_to_message: answered, quote, media_group_id: albumId, forward_origin: origin } = message;
  const quoted = cleanText(quote?.text ?? answered?.text ?? answered?.caption ?? '');
  return {
    ...(answered ? { quote: { providerMessageId: answered.message_id, ...(quoted === '' ? {} : { text: quoted }) } } : {}),
    ...(albumId === undefined ? {} : { albumId }),
    ...(origin ? { isForwarded: true } : {}),
  };
}

/** To any message of the chat. Custom emoji have no sign of their own. */
function fromReaction({ update_id: updateId, message_reaction: given }: TelegramUpdate): Event | null {
  if (!given) return null;
  const [reaction] = given.new_reaction;
  return {
    ...baseOf({ update_id: updateId }, given.chat, given.user, given.date),
    kind: 'reaction',
    providerMessageId: given.message_id,
    reaction: { emoji: reaction ? (reaction.emoji ?? '⭐') : null },
  };
}

/** A group that became a supergroup says so twice: in the old chat and in the new one. */
function migration(message: TelegramMessage, base: Event): Event | null {
  if (message.migrate_to_chat_id !== undefined) return { ...base, kind: 'migration', migrateTo: message.migrate_to_chat_id };
  if (message.migrate_from_chat_id !== undefined)
    return { ...base, kind: 'migration', address: message.migrate_from_chat_id, migrateTo: message.chat.id };
  return null;
}

function fromButton({ update_id: updateId, callback_query: query }: TelegramUpdate): Event | null {
  if (!query?.message || query.data === undefined) return null;
  const base = baseOf({ update_id: updateId }, query.message.chat, query.from, query.message.date ?? 0);
  const label =
    query.message.reply_markup?.inline_keyboard.flat().find((button) => button.callback_data === query.data)?.text ?? query.data;
  // The tap carries no time of its own; the message's would lie in the past.
  return {
    ...base,
    kind: 'button',
    text: label,
    button: { id: query.data, label },
    providerMessageId: `tap-${query.id}`,
    sentAt: new Date().toISOString(),
  };
}

function fromMembership({ update_id: updateId, my_chat_member: change }: TelegramUpdate): Event | null {
  if (!change) return null;
  const isReachable = !['kicked', 'left'].includes(change.new_chat_member.status);
  return { ...baseOf({ update_id: updateId }, change.chat, change.from, change.date), kind: 'membership', isReachable };
}

function baseOf(
  { update_id: updateId }: { update_id: number },
  chat: TelegramMessage['chat'],
  from: TelegramUser | undefined,
  date: number,
): Event {
  return {
    eventId: String(updateId),
    kind: 'other',
    address: chat.id,
    isGroup: chat.type !== 'private',
    contact: { address: from?.id ?? chat.id, name: nameOf(from, chat), language: from?.language_code ?? '' },
    text: '',
    attachments: [],
    sentAt: isoOf(date),
  };
}

const nameOf = (from: TelegramUser | undefined, chat: TelegramMessage['chat']): string =>
  from
    ? [from.first_name, from.last_name].filter(Boolean).join(' ') || (from.username ?? '')
    : (chat.title ?? [chat.first_name, chat.last_name].filter(Boolean).join(' '));

/**
 * What was written. In a group the bot's own name goes: `/order@shop_bot 7` is `/order 7` and `@shop_bot where is it?` is `where is it?`.
 * Null for a command to another bot.
 */
function textOf(message: TelegramMessage, botName: string): string | null {
  const text = cleanText(message.text ?? message.caption ?? '');
  if (botName === '') return text;
  const command = /^\/[\w]+@(\w+)/.exec(text);
  if (command && command[1]?.toLowerCase() !== botName.toLowerCase()) return null;
  const mention = new RegExp(`(^|[^\\w@/])@${botName}\\b|^(/\\w+)@${botName}\\b`, 'gi'); // a bot's name is letters, digits and "_"
  return text
    .replaceAll(mention, (_all, before: string | undefined, name: string | undefined) => name ?? before ?? '')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

/** Telegram's seconds; a date that is none must not throw an event away. */
function isoOf(seconds: number): string {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) || seconds <= 0 ? new Date().toISOString() : date.toISOString();
}

function unknownEvent(raw: JsonValue): InboundEvent {
  const id = raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? raw['update_id'] : undefined;
  const eventId = typeof id === 'number' ? String(id) : `unread-${hashOf(JSON.stringify(raw))}`;
  return {
    eventId,
    kind: 'other',
    address: '',
    isGroup: false,
    contact: { address: '', name: '', language: '' },
    text: '',
    attachments: [],
    sentAt: new Date().toISOString(),
    raw,
  };
}

/** FNV-1a: the same odd update twice is one event. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16);
}
