import { HoldfastError, say } from '@holdfast/errors';
import type { Attachment } from '@holdfast/node-kit';
import { z } from 'zod';
import type { ChannelAccount, PieceSend, ProviderResult, StoredFile } from '../channel-adapter.ts';
import { numbersOf } from './account.ts';
import { buildMessage, type Uploaded } from './build-message.ts';
import { explaining } from './explain-refusal.ts';
import type { GraphClient } from './graph-client.ts';
import { isPhone, phoneOf } from './identity.ts';
import { maxMediaBytes, uploadMedia } from './media.ts';

const accepted = z.object({
  messages: z.array(z.object({ id: z.string() })).min(1),
  contacts: z.array(z.object({ wa_id: z.string().optional() })).optional(),
});

/** One attempt. Meta takes no idempotency key, so whatever isn't a clear yes or no of its own is ambiguous. */
export async function sendPiece(client: GraphClient, send: PieceSend): Promise<ProviderResult> {
  const { phoneNumberId } = numbersOf(send.account);
  const uploaded = await upload(client, phoneNumberId, send);
  const { template } = send.piece;
  const definition = template && send.loadTemplate ? await send.loadTemplate(template.name, template.language) : null;
  const json = buildMessage({ address: send.address, piece: send.piece, uploaded, template: definition, key: send.key });
  const answer = await explaining(() => client.call('POST', `${phoneNumberId}/messages`, { json, isSend: true, signal: send.signal }));
  const { data } = accepted.safeParse(answer);
  // It was taken, whatever the answer looks like.
  return { providerMessageId: data?.messages[0]?.id ?? '', ...movedBy(send.address, data?.contacts?.[0]?.wa_id) };
}

/** Some countries' numbers are written in two ways; WhatsApp names the one that answers will come from. */
function movedBy(address: string, waId: string | undefined): { movedTo?: string } {
  const phone = phoneOf(waId);
  return phone !== undefined && isPhone(address) && phone !== address ? { movedTo: phone } : {};
}

async function upload(client: GraphClient, phoneNumberId: string, { piece, loadFile, signal }: PieceSend): Promise<Uploaded | null> {
  const { attachment } = piece;
  if (!attachment || attachment.kind === 'location' || attachment.kind === 'contact') return null;
  const file = attachment.fileId === undefined ? null : await loadFile(attachment.fileId);
  if (!file)
    throw new HoldfastError('channel.content', {
      detail: say`The file ${attachment.name ?? attachment.fileId ?? ''} is no longer stored.`,
      hint: 'Choose the file again in the step.',
    });
  const type = mediaType(attachment, file);
  const name = attachment.name ?? file.name;
  // Nobody has seen an upload: what is not known of it may be done again.
  const id = await explaining(() => uploadMedia(client, { phoneNumberId, file: { ...file, name }, signal })).catch((error: unknown) => {
    if (error instanceof HoldfastError && error.code === 'upstream.ambiguous')
      throw new HoldfastError('upstream.broken', { detail: say`The file could not be uploaded: ${error.words.detail}` });
    throw error;
  });
  return { id, type, name };
}

const mimeTypes: Readonly<Record<Exclude<Uploaded['type'], 'document'>, readonly string[]>> = {
  image: ['image/jpeg', 'image/png'],
  audio: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
  video: ['video/mp4', 'video/3gpp'],
  sticker: ['image/webp'],
};

/** As what it is where WhatsApp takes its type and size, else as a document. Throws channel.content above 100 MB. */
function mediaType({ kind }: Attachment, { mimeType, content, name }: StoredFile): Uploaded['type'] {
  const wanted = kind === 'voice' ? 'audio' : kind;
  const bare = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  if ((wanted === 'image' || wanted === 'audio' || wanted === 'video' || wanted === 'sticker') && mimeTypes[wanted].includes(bare)) {
    if (content.length <= maxMediaBytes[wanted]) return wanted;
  }
  if (content.length <= maxMediaBytes.document) return 'document';
  throw new HoldfastError('channel.content', {
    detail: say`The file "${name}" is larger than the 100 MB that WhatsApp takes.`,
    hint: 'Send a link to it instead.',
  });
}

/** Marks what the customer wrote as read, and shows for up to 25 s that somebody is writing. Meta ties the two together. */
export async function showTyping(
  client: GraphClient,
  account: ChannelAccount,
  messageId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const json = { messaging_product: 'whatsapp', status: 'read', message_id: messageId, typing_indicator: { type: 'text' } };
  await client.call('POST', `${numbersOf(account).phoneNumberId}/messages`, { json, signal, timeoutMs: 5_000 });
}
