import type { JsonValue } from '@holdfast/node-kit';
import { createInsertingTemplate } from './inserting-template.ts';
import { asJson, type Insert } from './render-template.ts';

/**
 * A template that writes JSON. A value between quotes becomes part of that text, escaped; a value without quotes becomes
 * JSON of its own kind. Throws template.invalid.
 */
export const renderJsonTemplate = createInsertingTemplate({
  written: { json: (value) => JSON.stringify(asJson(value)) },
  createWriter: () => {
    let isQuoted = false;
    return (given, before) => {
      isQuoted = endsQuoted(before, isQuoted);
      return isQuoted ? asPart(given.value) : asWhole(given);
    };
  },
});

/** Whether a piece of JSON ends inside of a text. */
function endsQuoted(piece: string, isQuoted: boolean): boolean {
  let inside = isQuoted;
  for (let at = 0; at < piece.length; at += 1) {
    if (piece[at] === '"') inside = !inside;
    else if (piece[at] === '\\' && inside) at += 1;
  }
  return inside;
}

const asPart = (value: JsonValue): string => {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return JSON.stringify(text).slice(1, -1);
};

const asWhole = ({ value, isWritten }: Insert): string => (isWritten && typeof value === 'string' ? value : JSON.stringify(value));
