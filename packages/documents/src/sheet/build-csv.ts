import Papa from 'papaparse';
import { encodeText } from './encode-text.ts';
import type { Cell, SheetToWrite } from './sheet.ts';

/** What a spreadsheet would take for the beginning of a formula, as OWASP lists it. */
const formula = /^[=+\-@\t\r]/;
/** A negative amount is no formula. */
const negative = /^-\d+(?:[.,]\d+)?$/;

/** A text that no spreadsheet calculates: the apostrophe says that it is one. */
const neutral = (text: string): string => (formula.test(text) && !negative.test(text) ? `'${text}` : text);

/** Lines end as RFC 4180 says. Throws step.config where the encoding does not have a character. */
export function buildCsv({ columns, rows, csv }: SheetToWrite): Uint8Array {
  const textOf = (cell: Cell): string => {
    if (typeof cell === 'string') return csv.neutralises ? neutral(cell) : cell;
    return cell === null ? '' : String(cell);
  };
  const header = csv.hasHeader ? [columns.map(({ label }) => textOf(label))] : [];
  const text = Papa.unparse([...header, ...rows.map((row) => columns.map((_, index) => textOf(row[index] ?? null)))], {
    delimiter: csv.delimiter,
    newline: '\r\n',
  });
  return encodeText(text === '' ? '' : `${text}\r\n`, csv.encoding);
}
