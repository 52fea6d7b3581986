import { z } from 'zod';
import type { PieceSend, ProviderResult } from '../channel-adapter.ts';
import { explainRefusal } from './refusal.ts';
import { telegramCall, type TelegramCall, type Way } from './telegram-calls.ts';
import { TelegramRefusal, type TelegramClient } from './telegram-client.ts';

const sent = z.object({ message_id: z.union([z.number(), z.string()]).transform(String) });
const taken = z.union([sent, z.array(sent).min(1)]);

/**
 * One attempt at one piece. What Telegram refused has certainly reached nobody, so it is said in another way at once where there is one: at the
 * chat's new address, as a file to who takes no voice notes, without formatting that Telegram can't read.
 */
export async function sendPiece(client: TelegramClient, send: PieceSend): Promise<ProviderResult> {
  let way: Way = { asFile: false, isPlain: false };
  let address = send.address;
  for (;;) {
    const call = await telegramCall(send, way);
    try {
      return { ...(await deliver(client, address, call, send.signal)), ...(address === send.address ? {} : { movedTo: address }) };
    } catch (error) {
      if (!(error instanceof TelegramRefusal)) throw error;
      if (/message is not modified/i.test(error.description)) return { providerMessageId: '' };
      const next = anotherWay(error, call, way);
      const movedTo = error.movedTo !== undefined && address === send.address ? error.movedTo : null;
      if (!next && movedTo === null) throw explainRefusal(error);
      way = next ?? way;
      address = movedTo ?? address;
    }
  }
}

/** Each way is tried once, so this comes to an end. */
function anotherWay({ status, description }: TelegramRefusal, { method, parameters }: TelegramCall, way: Way): Way | null {
  const mayBeFile = !way.asFile && /^send(?:Voice|VideoNote|Photo|Sticker|Video|MediaGroup)$/.test(method);
  if (mayBeFile && (restricted.test(description) || unfit.test(description))) return { ...way, asFile: true };
  const isFormatted = 'entities' in parameters || JSON.stringify(parameters).includes('caption_entities');
  if (status === 400 && isFormatted && !way.isPlain && /entit/i.test(description)) return { ...way, isPlain: true };
  return null;
}

// The person's own settings; and pictures whose form Telegram shows only as a file.
const restricted = /VOICE_MESSAGES_FORBIDDEN|restricted receiving of (?:voice|video)/i;
const unfit =
  /PHOTO_INVALID_DIMENSIONS|IMAGE_PROCESS_FAILED|PHOTO_EXT_INVALID|wrong type of the (?:file|web page content)|use the media of the specified type/i;

async function deliver(
  client: TelegramClient,
  address: string,
  call: TelegramCall,
  signal: AbortSignal | undefined,
): Promise<ProviderResult> {
  const result = await client.call(
    call.method,
    { chat_id: address, ...call.parameters },
    { timeoutMs: call.uploads.length > 0 ? 60_000 : 15_000, uploads: call.uploads, ...(signal ? { signal } : {}) },
  );
  // It was taken, whatever the answer looks like. Of an album the first one stands for all.
  const answer = taken.safeParse(result).data;
  return { providerMessageId: (Array.isArray(answer) ? answer[0] : answer)?.message_id ?? '' };
}
