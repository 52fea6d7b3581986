import type { IncomingMessage } from 'node:http';
import { HoldfastError, say } from '@holdfast/errors';

const maxJsonBytes = 1_000_000;
const maxFileBytes = 20_000_000;

export interface BodyLimits {
  maxBytes: number;
  /** A sender that drips is cut after this long. */
  withinMs: number;
}
export const jsonLimits: BodyLimits = { maxBytes: maxJsonBytes, withinMs: 12_000 };
export const fileLimits: BodyLimits = { maxBytes: maxFileBytes, withinMs: 60_000 };

/** The body's bytes. Stops reading at the limit and throws `request.too-large`; compressed bodies are refused. */
export async function readBody(request: IncomingMessage, { maxBytes, withinMs }: BodyLimits): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HoldfastError('request.unsupported-media', {
      detail: say`Bodies compressed with "${encoding.slice(0, 40)}" are not accepted.`,
      hint: 'Send it uncompressed.',
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let isLate = false;
  const cut = setTimeout(() => {
    isLate = true;
    request.destroy();
  }, withinMs);
  try {
    return await collect(request, maxBytes);
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    throw new HoldfastError('request.malformed', {
      detail: isLate ? say`The body took longer than ${withinMs / 1_000} s.` : 'The connection broke before the whole body was here.',
    });
  } finally {
    clearTimeout(cut);
  }
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number) =>
  new HoldfastError('request.too-large', { detail: say`The body is larger than ${maxBytes / 1_000_000} MB.`, hint: 'Send less at once.' });

export interface MediaType {
  type: string;
  charset: string | null;
}

/** `application/json; charset=utf-8` in parts. A repeated header is joined by Node with commas and fits no type. */
export function parseMediaType(header: string | undefined): MediaType | null {
  if (!header) return null;
  const [type = '', ...parameters] = header.split(';');
  const charset = parameters.map((part) => part.trim().toLowerCase()).find((part) => part.startsWith('charset='));
  return { type: type.trim().toLowerCase(), charset: charset?.slice('charset='.length).replaceAll('"', '') ?? null };
}

/** Throws `request.unsupported-media` unless the body is declared as JSON in UTF-8. */
export function requireJson(request: IncomingMessage): void {
  const media = parseMediaType(request.headers['content-type']);
  const isJson = media !== null && /^application\/(json|[a-z0-9.+-]+\+json)$/.test(media.type);
  if (!isJson)
    throw new HoldfastError('request.unsupported-media', {
      detail: say`"${(request.headers['content-type'] ?? 'no content type').slice(0, 80)}" is not accepted here.`,
      hint: 'Send the header "Content-Type: application/json".',
    });
  if (media.charset !== null && media.charset !== 'utf-8' && media.charset !== 'utf8')
    throw new HoldfastError('request.unsupported-media', {
      detail: say`The charset "${media.charset.slice(0, 40)}" is not accepted.`,
      hint: 'Send JSON in UTF-8.',
    });
}
