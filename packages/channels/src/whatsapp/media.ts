import { z } from 'zod';
import type { GraphClient } from './graph-client.ts';

const found = z.object({ url: z.string(), file_size: z.coerce.number().optional() });
const uploaded = z.object({ id: z.union([z.string(), z.number()]).transform(String) });

const mega = 1024 * 1024;
/** The most Meta carries of each kind. */
export const maxMediaBytes = { image: 5 * mega, audio: 16 * mega, video: 16 * mega, document: 100 * mega, sticker: 500 * 1024 } as const;
/** What we keep of a customer's file: as much as we let staff upload. */
export const maxDownloadBytes = 20 * mega;

/** Two calls: the id says where the file is for the next 5 minutes, and there it is fetched with the token. */
export async function downloadMedia(
  client: GraphClient,
  { id, phoneNumberId, signal }: { id: string; phoneNumberId: string; signal: AbortSignal },
): Promise<Buffer> {
  const { url } = found.parse(await client.call('GET', id, { query: { phone_number_id: phoneNumberId }, signal }));
  return client.download(url, maxDownloadBytes, signal);
}

/** Answers the media's id, good for 30 days. Nobody has seen anything yet, so this may be tried again. */
export async function uploadMedia(
  client: GraphClient,
  {
    phoneNumberId,
    file,
    signal,
  }: { phoneNumberId: string; file: { name: string; mimeType: string; content: Buffer }; signal?: AbortSignal | undefined },
): Promise<string> {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', file.mimeType);
  form.set('file', new Blob([new Uint8Array(file.content)], { type: file.mimeType }), file.name);
  return uploaded.parse(await client.call('POST', `${phoneNumberId}/media`, { form, timeoutMs: 60_000, signal })).id;
}
