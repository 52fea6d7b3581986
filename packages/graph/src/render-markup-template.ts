import { createInsertingTemplate } from './inserting-template.ts';
import { asJson } from './render-template.ts';

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (value: unknown): string => {
  const given = asJson(value);
  const text = given === null ? '' : typeof given === 'object' ? JSON.stringify(given) : String(given);
  return text.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark);
};

/** A template that writes HTML or XML. A value is text, in an element or between quotes: it opens no tag of its own. Throws template.invalid. */
export const renderMarkupTemplate = createInsertingTemplate({
  written: { escape: escaped, xml_escape: escaped },
  createWriter:
    () =>
    ({ value, isWritten }) =>
      isWritten && typeof value === 'string' ? value : escaped(value),
});
