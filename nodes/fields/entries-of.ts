import { HoldfastError, say } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';

/** The entries of a list, or of one that a text holds as JSON; nothing at all is an empty list. Throws step.config for anything else. */
export function entriesOf(items: JsonValue, path: string): readonly JsonValue[] {
  const list = typeof items === 'string' ? parse(items) : items;
  if (Array.isArray(list)) return list;
  if (list === null) return [];
  throw new HoldfastError('step.config', {
    detail: say`A list is needed here, but it is ${typeof list === 'object' ? 'one entry' : `"${String(list).slice(0, 80)}"`}.`,
    hint: 'Choose the list itself: no single value of it.',
    path,
  });
}

function parse(text: string): JsonValue {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
