import type { JsonValue } from '@holdfast/node-kit';

/** Longer ones are no ids of any provider's. */
const maxLength = 255;

/** The id that the caller gave this message, by a header's name or a way into the body: `body.id`. Null: it has none. */
export function readMessageId(where: string, headers: Readonly<Record<string, string>>, body: JsonValue): string | null {
  const found = where.startsWith('body.') ? valueAt(body, where.split('.').slice(1)) : headers[where.toLowerCase()];
  const text = typeof found === 'number' ? String(found) : found;
  return typeof text === 'string' && text !== '' && text.length <= maxLength ? text : null;
}

function valueAt(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}
