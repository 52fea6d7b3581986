import type { JsonValue } from '@holdfast/node-kit';

/** A value as one line of text: texts as they are, the rest as JSON. */
export const asLine = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
