import type { JsonValue } from '@holdfast/node-kit';
import { withoutSecrets, type ResolvedCredential } from './credential.ts';

/** A shorter one may be a word like any other, which would be missing in what a service says. */
const shortestKey = 8;

/**
 * An answer without the key that its call carried in the address: services repeat addresses, above all in those of next pages, and answers stand in runs,
 * where more people read than may know the key. The next call gets it anew.
 */
export function unrepeated<T extends JsonValue>(value: T, credential: ResolvedCredential | undefined): T {
  if (credential?.kind !== 'query' || (credential.secret['value'] ?? '').length < shortestKey) return value;
  return cut(value, (text) => withoutSecrets(text, credential)) as T; // the shape is kept, only texts change
}

/** As deep as a parsed body may be. */
function cut(value: JsonValue, clean: (text: string) => string): JsonValue {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cut(item, clean));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item, clean)]));
}
