import type { JsonValue } from '@holdfast/node-kit';

/** Deeper than any config that a form can make; recursion below this is safe everywhere. */
export const maxDepth = 64;
/** Values in one file, lists and objects included: twenty times what the largest flow of our tests has. */
export const maxValues = 200_000;

/**
 * A copy without what text columns, hashes and prototypes can't bear: lone surrogates and NUL become U+FFFD, `__proto__`
 * is dropped as a key, what JSON can't hold becomes null. Refuses what is too deep or too large before anything recurses
 * into it.
 */
export function sanitize(input: unknown): { value: JsonValue } | { reason: string; fix: string } {
  const root: { [key: string]: JsonValue } = {};
  const pending: Pending[] = [{ into: root, key: 'value', value: input, depth: 0 }];
  let count = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (++count > maxValues)
      return { reason: `This file holds more than ${maxValues} values.`, fix: 'Split the flow, or remove what it does not need.' };
    if (next.depth > maxDepth)
      return { reason: `This file is nested more than ${maxDepth} levels deep.`, fix: 'Flatten the settings that are nested so deeply.' };
    place(next, pending);
  }
  return { value: root['value'] ?? null };
}

type Container = JsonValue[] | { [key: string]: JsonValue };
interface Pending {
  into: Container;
  key: string;
  value: unknown;
  depth: number;
}

function place({ into, key, value, depth }: Pending, pending: Pending[]): void {
  const isContainer = typeof value === 'object' && value !== null;
  const container: Container = Array.isArray(value) ? [] : {};
  const copy = isContainer ? container : cleanScalar(value);
  if (Array.isArray(into)) into.push(copy);
  else into[key] = copy;
  if (!isContainer) return;
  // Backwards, because the last one pending comes next.
  const add = (inner: string, item: unknown): void => void pending.push({ into: container, key: inner, value: item, depth: depth + 1 });
  if (Array.isArray(value)) for (let index = Math.min(value.length, maxValues + 1) - 1; index >= 0; index -= 1) add('', value[index]);
  else for (const inner of Object.keys(value).toReversed()) if (inner !== '__proto__') add(cleanText(inner), Reflect.get(value, inner));
}

const cleanText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');

function cleanScalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'boolean' ? value : null;
}
