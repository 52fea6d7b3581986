import { createInsertingTemplate } from './inserting-template.ts';
import { asJson } from './render-template.ts';

const textOf = (value: unknown): string => {
  const given = asJson(value);
  return given === null ? '' : typeof given === 'object' ? JSON.stringify(given) : String(given);
};
/** A lone surrogate can't be encoded. `.` and `..` alone would walk through the path. */
const encode = (text: string): string => (/^\.{1,2}$/.test(text) ? '' : encodeURIComponent(text.toWellFormed()));

/**
 * A template that writes an address. A value at its very beginning stands as it is, since it holds the whole address or its
 * base; any other is one piece of a path or query, encoded, so that it can't lead anywhere else. Throws template.invalid.
 */
export const renderAddress = createInsertingTemplate({
  written: { url_encode: (value) => encode(textOf(value)), raw: textOf },
  createWriter: () => {
    let isFirst = true;
    return ({ value, isWritten }, before) => {
      const opens = isFirst && before.trim() === '';
      isFirst = false;
      return opens || isWritten ? textOf(value) : encode(textOf(value));
    };
  },
});
