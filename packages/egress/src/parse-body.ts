import { depthOfJson, mostJsonDepth, type JsonValue } from '@holdfast/node-kit';

/** A body as JSON when it says so and is, else as text. PostgreSQL's jsonb takes neither NUL nor half a surrogate pair; both become U+FFFD. */
export function parseBody(bytes: Buffer, contentType: string | undefined): JsonValue {
  const text = decode(bytes, contentType);
  if (!/[/+]json\b/i.test(contentType ?? '') || text.trim() === '' || depthOfJson(text) > mostJsonDepth) return clean(text);
  try {
    const hasOddText = /\\u(0000|d[89a-f])/i.test(text);
    const value: JsonValue = JSON.parse(
      text,
      hasOddText ? (_key, part: JsonValue) => (typeof part === 'string' ? clean(part) : part) : undefined,
    );
    return hasOddText ? cleanKeys(value) : value;
  } catch {
    return clean(text);
  }
}

function decode(bytes: Buffer, contentType: string | undefined): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? xmlCharset(bytes, contentType) ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** XML says itself in which characters it is written (RFC 7303, section 3): old servers rely on it. */
function xmlCharset(bytes: Buffer, contentType: string | undefined): string | undefined {
  if (!/[/+]xml\b/i.test(contentType ?? '')) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return /^<\?xml[^>]*?\sencoding=["']([\w.-]+)["']/.exec(bytes.subarray(0, 200).toString('latin1'))?.[1];
}

const clean = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

function cleanKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(cleanKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), cleanKeys(part)]));
}
