import { jsonValue, type JsonValue } from '@holdfast/node-kit';

/** How a value is shown and edited: a text as it is, everything else as JSON. */
export const valueText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

export type ValueKind = 'text' | 'data';
export const kindOfValue = (value: JsonValue): ValueKind => (typeof value === 'string' ? 'text' : 'data');

/** What was typed, as a value; null when it should be JSON and is not. */
export function parseValue(kind: ValueKind, text: string): { value: JsonValue } | null {
  if (kind === 'text') return { value: text };
  try {
    return { value: jsonValue.parse(JSON.parse(text)) };
  } catch {
    return null;
  }
}
