import type { Bot } from './bot.ts';
import { asRecord, asText, parseMaybe, type Parameters, type Upload } from './parameters.ts';
import { refuse, type Reply } from './reply.ts';

const maxText = 4_096;
const maxCaption = 1_024;
const sends: Record<string, string> = {
  sendMessage: 'text',
  sendPhoto: 'photo',
  sendDocument: 'document',
  sendVoice: 'voice',
  sendAudio: 'audio',
  sendVideo: 'video',
  sendSticker: 'sticker',
  sendLocation: 'location',
  sendVenue: 'venue',
  sendContact: 'contact',
  sendMediaGroup: 'photo',
};
export const isSend = (method: string): boolean => method in sends;

export interface Call {
  method: string;
  parameters: Parameters;
  uploads: Upload[];
}

/** What Telegram would say before it takes a message; null when it takes it. */
export function refusalOfSend(bot: Bot, method: string, parameters: Parameters): Reply | null {
  const chat = asText(parameters['chat_id']);
  if (chat === '') return refuse(400, 'Bad Request: chat_id is empty');
  const known = bot.chats.get(chat);
  if (!known) return refuse(400, 'Bad Request: chat not found');
  if (known.movedTo !== undefined)
    return refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: Number(known.movedTo) });
  if (known.blocked !== undefined) return refuse(403, known.blocked);
  const text = asText(parameters['text']);
  if (method === 'sendMessage' && text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
  if ([...text].length > maxText) return refuse(400, 'Bad Request: message is too long');
  if ([...asText(parameters['caption'])].length > maxCaption) return refuse(400, 'Bad Request: message caption is too long');
  if (known.takesNoVoice && method === 'sendVoice') return refuse(400, 'Bad Request: user restricted receiving of voice note messages');
  const media = parseMaybe(parameters['media']);
  if (method === 'sendMediaGroup' && (!Array.isArray(media) || media.length < 2 || media.length > 10))
    return refuse(400, 'Bad Request: wrong number of media in the album');
  if (hasBadEntity(text, parameters['entities']) || hasBadEntity(asText(parameters['caption']), parameters['caption_entities']))
    return refuse(400, "Bad Request: can't parse entities: entity is out of range");
  if (hasBadButton(parameters['reply_markup'])) return refuse(400, 'Bad Request: BUTTON_DATA_INVALID');
  return null;
}

function hasBadEntity(text: string, entities: unknown): boolean {
  const parsed = parseMaybe(entities);
  return (
    Array.isArray(parsed) &&
    parsed
      .map(asRecord)
      .some(({ offset, length }) => Number(offset) < 0 || Number(length) <= 0 || Number(offset) + Number(length) > text.length)
  );
}

function hasBadButton(markup: unknown): boolean {
  const parsed = parseMaybe(markup);
  const found = [...JSON.stringify(parsed ?? null).matchAll(/"callback_data":("(?:[^"\\]|\\.)*")/g)];
  return found.some(([, data]) => {
    const bytes = Buffer.byteLength(String(JSON.parse(data ?? '""')));
    return bytes < 1 || bytes > 64;
  });
}

/** Takes the message: from here on the customer has it. */
export function acceptSend(bot: Bot, { method, parameters, uploads }: Call, seq: number): Reply {
  const chat = asText(parameters['chat_id']);
  const messageId = bot.nextMessageId++;
  const media = parseMaybe(parameters['media']);
  const first = Array.isArray(media) ? asRecord(media[0]) : {};
  const text = asText(parameters['text'] ?? parameters['caption'] ?? first['caption']);
  bot.accepted.push({
    seq,
    at: Date.now(),
    token: bot.token,
    method,
    chat,
    messageId,
    text,
    payload: {
      ...parameters,
      ...(uploads.length === 0 ? {} : { uploads: uploads.map(({ name, type, bytes }) => ({ name, type, size: bytes.length })) }),
    },
  });
  bot.sentTexts.set(`${chat}/${messageId}`, text);
  const field = sends[method] ?? 'text';
  const result = {
    message_id: messageId,
    date: Math.floor(Date.now() / 1_000),
    chat: { id: Number(chat), type: bot.chats.get(chat)?.isGroup ? 'supergroup' : 'private' },
    from: { id: bot.id, is_bot: true, first_name: 'Fake', username: bot.username },
    ...(field === 'text' ? { text } : {}),
  };
  if (!Array.isArray(media)) return { result };
  const others = media.slice(1).map(() => ({ ...result, message_id: bot.nextMessageId++ }));
  return { result: [result, ...others] };
}

export function editText(bot: Bot, parameters: Parameters): Reply {
  const key = `${asText(parameters['chat_id'])}/${asText(parameters['message_id'])}`;
  const before = bot.sentTexts.get(key);
  if (before === undefined) return refuse(400, 'Bad Request: message to edit not found');
  const text = asText(parameters['text']);
  if (before === text) {
    return refuse(
      400,
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  bot.sentTexts.set(key, text);
  return { result: { message_id: Number(parameters['message_id']), text } };
}
