import type { JsonValue } from '@holdfast/node-kit';

const leaves = (value: JsonValue): string[] => {
  if (value === null || typeof value === 'boolean' || value === '') return [];
  if (typeof value === 'object') return (Array.isArray(value) ? value : Object.values(value)).flatMap(leaves);
  return [String(value)];
};

/** What stands in a piece of data, in a few words: its first texts and numbers. */
export function glimpse(value: JsonValue): string {
  const texts = leaves(value);
  return texts.length === 0 ? '–' : texts.slice(0, 3).join(' · ').slice(0, 80);
}
