import { splitSpans } from './split-spans.ts';
import { textOf } from './spans.ts';

/** Parts of a plain text of at most `limit` UTF-16 units; see `splitSpans`. */
export const splitText = (text: string, limit: number): string[] => splitSpans([{ text }], limit).map(textOf);
