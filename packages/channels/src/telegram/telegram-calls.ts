import { HoldfastError, say } from '@holdfast/errors';
import type { TextEntity } from '@holdfast/messages';
import type { Attachment, JsonObject } from '@holdfast/node-kit';
import type { PieceSend, StoredFile } from '../channel-adapter.ts';
import type { Upload } from './telegram-client.ts';

export interface TelegramCall {
  method: string;
  parameters: JsonObject;
  uploads: Upload[];
}

/** Another way to say the same, for chats and people who don't take the first one. */
export interface Way {
  /** Voice notes, round videos and pictures go as files. */
  asFile: boolean;
  /** Without its formatting. */
  isPlain: boolean;
}

// Bigger pictures are taken as documents only.
const maxPhotoBytes = 10 * 1024 * 1024;
const methods: Partial<Record<Attachment['kind'], { method: string; field: string }>> = {
  image: { method: 'sendPhoto', field: 'photo' },
  voice: { method: 'sendVoice', field: 'voice' },
  audio: { method: 'sendAudio', field: 'audio' },
  video: { method: 'sendVideo', field: 'video' },
  sticker: { method: 'sendSticker', field: 'sticker' },
};
const asDocument = { method: 'sendDocument', field: 'document' };
// A sticker has no caption and no other format; a file of another type is a document.
const stickerTypes = new Set(['image/webp', 'video/webm', 'application/x-tgsticker']);

export async function telegramCall(send: PieceSend, way: Way): Promise<TelegramCall> {
  const { piece } = send;
  const around: JsonObject = { ...markupOf(send), ...replyOf(send) };
  if (piece.attachments) return album(send, piece.attachments, way, around);
  const { attachment } = piece;
  if (!attachment) return { method: 'sendMessage', parameters: { ...textOf(send, way, 'text'), ...around }, uploads: [] };
  if (attachment.kind === 'location') return { ...placeCall(attachment, around), uploads: [] };
  if (attachment.kind === 'contact') return { method: 'sendContact', parameters: { ...cardOf(attachment), ...around }, uploads: [] };
  const file = await fileOf(send, attachment);
  const { method, field } = wayOf(attachment, file, way);
  return {
    method,
    parameters: { ...(piece.text === '' ? {} : textOf(send, way, 'caption')), ...around },
    uploads: [uploadOf(field, attachment, file)],
  };
}

function wayOf({ kind }: Attachment, file: StoredFile, { asFile }: Way): { method: string; field: string } {
  const isTooBig = kind === 'image' && file.content.length > maxPhotoBytes;
  const isOddSticker = kind === 'sticker' && !stickerTypes.has(file.mimeType);
  return asFile || isTooBig || isOddSticker ? asDocument : (methods[kind] ?? asDocument);
}

/** Up to ten files as one message; only the first says something. */
async function album(send: PieceSend, attachments: readonly Attachment[], way: Way, around: JsonObject): Promise<TelegramCall> {
  const files = await Promise.all(attachments.map((attachment) => fileOf(send, attachment)));
  const media = attachments.map(({ kind }, index): JsonObject => ({
    type: kind === 'image' && !way.asFile ? 'photo' : kind === 'video' && !way.asFile ? 'video' : 'document',
    media: `attach://file${index}`,
    ...(index === 0 && send.piece.text !== '' ? textOf(send, way, 'caption') : {}),
  }));
  const uploads = attachments.flatMap((attachment, index) => {
    const file = files[index];
    return file ? [uploadOf(`file${index}`, attachment, file)] : [];
  });
  return { method: 'sendMediaGroup', parameters: { media, ...around }, uploads };
}

function textOf({ piece }: PieceSend, { isPlain }: Way, field: 'text' | 'caption'): JsonObject {
  const entities = isPlain ? [] : (piece.entities ?? []);
  const key = field === 'text' ? 'entities' : 'caption_entities';
  return { [field]: piece.text, ...(entities.length === 0 ? {} : { [key]: entities.map(entityJson) }) };
}

const entityJson = ({ type, offset, length, url, language }: TextEntity): JsonObject => ({
  type,
  offset,
  length,
  ...(url === undefined ? {} : { url }),
  ...(language === undefined ? {} : { language }),
});

const markupOf = ({ piece: { buttons } }: PieceSend): JsonObject =>
  buttons.length === 0 ? {} : { reply_markup: { inline_keyboard: buttons.map(({ id, label }) => [{ text: label, callback_data: id }]) } };

/** A message that was deleted meanwhile must not keep the answer back. */
function replyOf({ piece: { quote } }: PieceSend): JsonObject {
  const id = Number(quote?.providerMessageId);
  return Number.isSafeInteger(id) && id > 0 ? { reply_parameters: { message_id: id, allow_sending_without_reply: true } } : {};
}

function placeCall(
  { latitude = 0, longitude = 0, name, address }: Attachment,
  around: JsonObject,
): { method: string; parameters: JsonObject } {
  const place = { latitude, longitude };
  if (!name) return { method: 'sendLocation', parameters: { ...place, ...around } };
  return { method: 'sendVenue', parameters: { ...place, title: name, address: address ?? '', ...around } };
}

const cardOf = ({ name, phone }: Attachment): JsonObject => ({ phone_number: phone ?? '', first_name: name || (phone ?? '') });

async function fileOf({ loadFile }: PieceSend, { fileId, name }: Attachment): Promise<StoredFile> {
  const file = fileId === undefined ? null : await loadFile(fileId);
  if (file) return file;
  throw new HoldfastError('channel.content', {
    detail: say`The file ${name ?? fileId ?? ''} is no longer stored.`,
    hint: 'Choose the file again in the step.',
  });
}

const uploadOf = (field: string, { name }: Attachment, file: StoredFile): Upload => ({
  field,
  name: name ?? file.name,
  mimeType: file.mimeType,
  content: file.content,
});
