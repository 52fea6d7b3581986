import { HoldfastError } from '@holdfast/errors';
import type { Attachment, JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import type { PieceSend, ProviderResult } from '../channel-adapter.ts';
import { explainRefusal } from './refusal.ts';
import { TelegramRefusal, type CallOptions, type TelegramClient } from './telegram-client.ts';

const sent = z.object({ message_id: z.union([z.number(), z.string()]).transform(String) });
// Bigger pictures are taken as documents only.
const maxPhotoBytes = 10 * 1024 * 1024;
const methods: Partial<Record<Attachment['kind'], { method: string; field: string }>> = {
  image: { method: 'sendPhoto', field: 'photo' },
  voice: { method: 'sendVoice', field: 'voice' },
  audio: { method: 'sendAudio', field: 'audio' },
  video: { method: 'sendVideo', field: 'video' },
};
const asDocument = { method: 'sendDocument', field: 'document' };

/** One attempt at one piece; two when the chat has moved, because then the first one certainly reached nobody. */
export async function sendPiece(client: TelegramClient, send: PieceSend): Promise<ProviderResult> {
  const call = await callFor(send);
  try {
    return await deliver(client, send.address, call, send.signal);
  } catch (error) {
    if (!(error instanceof TelegramRefusal)) throw error;
    if (error.movedTo === undefined) return acceptedAnyway(error);
    const movedTo = error.movedTo;
    return { ...(await deliver(client, movedTo, call, send.signal).catch(acceptedAnyway)), movedTo };
  }
}

function acceptedAnyway(error: unknown): ProviderResult {
  if (error instanceof TelegramRefusal) {
    if (/message is not modified/i.test(error.description)) return { providerMessageId: '' };
    throw explainRefusal(error);
  }
  throw error;
}

interface Call {
  method: string;
  parameters: JsonObject;
  upload?: NonNullable<CallOptions['upload']>;
}

async function deliver(client: TelegramClient, address: string, call: Call, signal: AbortSignal | undefined): Promise<ProviderResult> {
  const result = await client.call(
    call.method,
    { chat_id: address, ...call.parameters },
    { timeoutMs: call.upload ? 60_000 : 15_000, ...(call.upload ? { upload: call.upload } : {}), ...(signal ? { signal } : {}) },
  );
  // It was taken, whatever the answer looks like.
  return { providerMessageId: sent.safeParse(result).data?.message_id ?? '' };
}

async function callFor({ piece, loadFile }: PieceSend): Promise<Call> {
  const markup: JsonObject =
    piece.buttons.length === 0
      ? {}
      : { reply_markup: { inline_keyboard: piece.buttons.map(({ id, label }) => [{ text: label, callback_data: id }]) } };
  const { attachment } = piece;
  // Plain text, never Markdown or HTML: there is nothing to escape, and no parse error to meet.
  if (!attachment) return { method: 'sendMessage', parameters: { text: piece.text, ...markup } };
  if (attachment.kind === 'location')
    return { method: 'sendLocation', parameters: { latitude: attachment.latitude ?? 0, longitude: attachment.longitude ?? 0, ...markup } };
  const file = attachment.fileId === undefined ? null : await loadFile(attachment.fileId);
  if (!file)
    throw new HoldfastError('channel.content', {
      detail: `The file ${attachment.name ?? attachment.fileId ?? ''} is no longer stored.`,
      hint: 'Choose the file again in the step.',
    });
  const isTooBig = attachment.kind === 'image' && file.content.length > maxPhotoBytes;
  const { method, field } = (isTooBig ? undefined : methods[attachment.kind]) ?? asDocument;
  return {
    method,
    parameters: markup,
    upload: { field, name: attachment.name ?? file.name, mimeType: file.mimeType, content: file.content },
  };
}
