import type { JsonValue } from '@holdfast/node-kit';

/** A number, or a text that is one as systems write it: `12.50`. */
export function numberOf(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(value)) return null;
  return Number(value);
}
