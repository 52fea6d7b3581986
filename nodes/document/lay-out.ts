import type { PdfBlock } from '@holdfast/documents';
import { HoldfastError, say } from '@holdfast/errors';
import { parseRichText } from '@holdfast/messages';
import type { JsonValue } from '@holdfast/node-kit';
import { entriesOf } from '../fields/entries-of.ts';
import { valueAt } from '../fields/value-at.ts';
import type { DocumentBlock } from './blocks.ts';
import { formatValue, type Locale } from './format-value.ts';

/** Of all tables of a document together: some 120 pages. */
export const maxRows = 5_000;

export interface LayOut {
  locale: Locale;
  /** Puts a picture into the document; answers the name that it has there. */
  picture: (file: JsonValue) => Promise<string>;
}

/** A block with its data, ready to be drawn. Throws step.config where the data is no list. */
export async function layOut(block: DocumentBlock, index: number, { locale, picture }: LayOut): Promise<PdfBlock> {
  switch (block.kind) {
    case 'heading':
      return { kind: 'heading', text: block.heading, level: block.level === '1' ? 1 : 2 };
    case 'text':
      return { kind: 'text', content: parseRichText(block.text), align: block.align };
    case 'sides':
      return { kind: 'sides', left: parseRichText(block.text), right: parseRichText(block.textRight) };
    case 'table':
      return tableOf(block, index, locale);
    case 'facts':
      return { kind: 'facts', lines: linesOf(block, locale) };
    case 'totals':
      return { kind: 'totals', lines: linesOf(block, locale) };
    case 'image':
      return { kind: 'image', image: await picture(block.file), widthMm: block.widthMm, align: block.align };
    case 'line':
    case 'page-break':
      return { kind: block.kind };
  }
}

const linesOf = ({ lines }: DocumentBlock, locale: Locale) =>
  lines
    .map(({ label, value, as, strong }) => ({ label, value: formatValue(value, as, locale), isStrong: strong }))
    .filter(({ value }) => value.trim() !== '');

function tableOf({ items, columns }: DocumentBlock, index: number, locale: Locale): PdfBlock {
  const entries = entriesOf(items, `blocks.${index}.items`);
  if (entries.length > maxRows)
    throw new HoldfastError('step.config', {
      detail: say`The list has ${entries.length} entries; a document takes at most ${maxRows}.`,
      hint: 'Send a spreadsheet instead, or fewer of them.',
      path: `blocks.${index}.items`,
    });
  return {
    kind: 'table',
    columns: columns.map(({ label, align, width }) => ({ label, align, width })),
    rows: entries.map((entry, row) => columns.map(({ value, as }) => formatValue(valueAt(entry, value, row), as, locale))),
  };
}
