import { literally } from '@holdfast/messages';
import { createInsertingTemplate } from './inserting-template.ts';
import { asJson } from './render-template.ts';

const textOf = (value: unknown): string => {
  const given = asJson(value);
  return given === null ? '' : typeof given === 'object' ? JSON.stringify(given) : String(given);
};

/**
 * A template that writes a formatted text (packages/messages). A value stays the characters that it is: a customer's `*` makes nothing bold, and
 * their line breaks make no list. `| formatted` lets a value's own formatting through, for what a model wrote. Throws template.invalid.
 */
export const renderRichTemplate = createInsertingTemplate({
  written: { formatted: textOf },
  createWriter:
    () =>
    ({ value, isWritten }) =>
      isWritten ? textOf(value) : literally(textOf(value)),
});
