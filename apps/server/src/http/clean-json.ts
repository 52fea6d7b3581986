import type { JsonValue } from '@holdfast/node-kit';

/** PostgreSQL's text and jsonb hold neither NUL nor half a character (a lone surrogate); both become U+FFFD. */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** The same for every text and key of a JSON value. Depth is bounded by `parseStrictJson` before. */
export function cleanJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(cleanJson);
  if (value === null || typeof value !== 'object') return value;
  const clean: { [key: string]: JsonValue } = {};
  // defineProperty, since assigning to `__proto__` would change the prototype instead of keeping the key as data.
  for (const [key, child] of Object.entries(value)) Object.defineProperty(clean, cleanText(key), { value: cleanJson(child), enumerable: true, configurable: true, writable: true });
  return clean;
}
