import type { IncomingMessage } from 'node:http';

export type Parameters = Record<string, unknown>;
export interface Upload {
  name: string;
  type: string;
  bytes: Buffer;
}

/** The parameters of a call however they came: query, JSON, form or multipart. Uploads are kept apart. */
export async function readParameters(request: IncomingMessage, url: URL): Promise<{ parameters: Parameters; uploads: Upload[] }> {
  const parameters: Parameters = Object.fromEntries(url.searchParams);
  const uploads: Upload[] = [];
  const body = await readBytes(request);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return { parameters, uploads };
  if (type.includes('json')) return { parameters: { ...parameters, ...asRecord(JSON.parse(body.toString())) }, uploads };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const [name, value] of form) {
    if (typeof value === 'string') parameters[name] = value;
    else {
      uploads.push({ name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) });
      parameters[name] = `attach://${value.name}`;
    }
  }
  return { parameters, uploads };
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export const asRecord = (value: unknown): Parameters =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
/** Ids come as numbers or as text; what is neither is nothing. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
/** Values of forms are text; Telegram reads JSON in them. */
export const parseMaybe = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};
