import type { JsonValue } from '@holdfast/node-kit';

/** Text that PostgreSQL takes: NUL and lone surrogates become U+FFFD, everything else stays as it came. */
export const wellFormedText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

/** The same for every text and key of a JSON value. */
export function wellFormed<T extends JsonValue>(value: T): T {
  return clean(value) as T; // the shape is kept, only characters change
}

function clean(value: JsonValue): JsonValue {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  // fromEntries defines own properties, so a key "__proto__" stays data.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wellFormedText(key), clean(inner)]));
}
