import { HoldfastError, mapWords, say } from '@holdfast/errors';
import type { Egress, Fetch } from '@holdfast/egress';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { readJson } from '../read-json.ts';

export const telegramApiUrl = 'https://api.telegram.org';
/** Telegram's own limit of getFile. */
export const maxDownloadBytes = 20 * 1024 * 1024;

/** Telegram understood the call and said no. Its description holds no token. */
export class TelegramRefusal extends Error {
  readonly status: number;
  readonly description: string;
  readonly retryAfterMs: number | undefined;
  readonly movedTo: string | undefined;

  constructor(status: number, answer: Refusal) {
    super(`Telegram answered ${status}: ${answer.description}`);
    this.status = answer.error_code ?? status;
    this.description = answer.description;
    this.retryAfterMs = answer.parameters?.retry_after === undefined ? undefined : answer.parameters.retry_after * 1_000;
    this.movedTo = answer.parameters?.migrate_to_chat_id === undefined ? undefined : String(answer.parameters.migrate_to_chat_id);
  }
}

const refusal = z.object({
  ok: z.literal(false),
  error_code: z.number().optional(),
  description: z.string().default('no reason given'),
  parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.union([z.number(), z.string()]).optional() }).optional(),
});
type Refusal = z.infer<typeof refusal>;
const success = z.object({ ok: z.literal(true), result: z.json() });

export interface CallOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  /** A multipart call, if there are any. */
  uploads?: readonly Upload[];
}

/** A file of a multipart call, and the field that it goes into. */
export interface Upload {
  field: string;
  name: string;
  mimeType: string;
  content: Buffer;
}

export interface TelegramClient {
  /** One attempt. Throws TelegramRefusal, or a HoldfastError of egress: upstream.unreachable, upstream.ambiguous, … */
  call: (method: string, parameters: JsonObject, options?: CallOptions) => Promise<JsonValue>;
  /** The bytes of a file a customer sent; at most 20 MB. */
  download: (fileId: string, signal?: AbortSignal) => Promise<Buffer>;
}

interface ClientOptions {
  egress: Egress;
  /** Set by an administrator, so trusted. */
  baseUrl: string;
  token: string;
}

/** The Bot API over egress. The token stands in every address, so no error leaves here with an address in it. */
export function createTelegramClient({ egress, baseUrl, token }: ClientOptions): TelegramClient {
  const base = baseUrl.replace(/\/+$/, '');
  const fetchWithin = (timeoutMs: number, maxBytes?: number): Fetch =>
    egress.fetchFor({ trustedBaseUrl: base, timeoutMs, secrets: [token], ...(maxBytes === undefined ? {} : { maxBytes }) });
  const call: TelegramClient['call'] = (method, parameters, options = {}) =>
    redacting(token, async () => {
      const response = await fetchWithin(options.timeoutMs ?? 15_000)(`${base}/bot${token}/${method}`, {
        method: 'POST',
        ...bodyOf(parameters, options.uploads ?? []),
        ...(options.signal ? { signal: options.signal } : {}),
      });
      return readAnswer(response, method);
    });
  return {
    call,
    download: async (fileId, signal) => {
      const found = z.object({ file_path: z.string() }).parse(await call('getFile', { file_id: fileId }, signal ? { signal } : {}));
      return redacting(token, async () => {
        const response = await fetchWithin(60_000, maxDownloadBytes)(
          `${base}/file/bot${token}/${found.file_path}`,
          signal ? { signal } : {},
        );
        if (!response.ok) throw new HoldfastError('upstream.broken', { detail: say`Telegram answered ${response.status} to a download.` });
        return Buffer.from(await response.arrayBuffer());
      });
    },
  };
}

function bodyOf(parameters: JsonObject, uploads: readonly Upload[]): RequestInit {
  if (uploads.length === 0) return { body: JSON.stringify(parameters), headers: { 'content-type': 'application/json' } };
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  for (const { field, name, mimeType, content } of uploads) form.set(field, new Blob([new Uint8Array(content)], { type: mimeType }), name);
  return { body: form };
}

async function readAnswer(response: Response, method: string): Promise<JsonValue> {
  const text = await response.text();
  const body = readJson(text);
  const done = success.safeParse(body);
  if (done.success) return done.data.result;
  const refused = refusal.safeParse(body);
  if (refused.success) throw new TelegramRefusal(response.status, refused.data);
  // Something between us and Telegram spoke: a gateway that gave up, a captive portal. Telegram may have carried the call out.
  throw new HoldfastError(method.startsWith('send') ? 'upstream.ambiguous' : 'upstream.broken', {
    detail: say`Something that is not Telegram answered ${response.status} to ${method}.`,
  });
}

async function redacting<T>(token: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TelegramRefusal) throw error;
    const known =
      error instanceof HoldfastError
        ? error
        : new HoldfastError('upstream.broken', { detail: error instanceof Error ? error.message : 'The call failed.' });
    const clean = (text: string) => text.replaceAll(token, '…').replaceAll(encodeURIComponent(token), '…');
    // Without its cause: a cause may hold the address.
    throw new HoldfastError(known.code, {
      detail: mapWords(known.words.detail, clean),
      ...(known.words.hint === undefined ? {} : { hint: mapWords(known.words.hint, clean) }),
      ...(known.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    });
  }
}
