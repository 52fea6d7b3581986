import Papa from 'papaparse';
import { HoldfastError, say } from '@holdfast/errors';
import { rowsOf } from './rows-of.ts';
import type { SheetRead, SheetToRead } from './sheet.ts';
import { typedCell } from './typed-cell.ts';

/** Throws file.unreadable where the bytes are no text in their encoding. */
export function parseCsv(given: SheetToRead): SheetRead {
  const text = decode(given.content, given.csv.encoding);
  const { data } = Papa.parse<string[]>(text, {
    delimiter: given.csv.delimiter === 'auto' ? '' : given.csv.delimiter,
    skipEmptyLines: false,
  });
  const table = given.types === 'text' ? data : data.map((row, index) => (index < given.headerRow ? row : row.map(typedCell)));
  return { ...rowsOf(table, given), sheets: [] };
}

function decode(content: Uint8Array, encoding: SheetToRead['csv']['encoding']): string {
  if (encoding !== 'auto') return decodeAs(content, encoding);
  if (content[0] === 0xff && content[1] === 0xfe) return decodeAs(content, 'utf-16le');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    // What spreadsheet programs of the West write when nobody tells them otherwise.
    return decodeAs(content, 'windows-1252');
  }
}

function decodeAs(content: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    throw new HoldfastError('file.unreadable', {
      detail: say`The file is no text in ${encoding}.`,
      hint: 'Choose another encoding, or leave it to be found.',
    });
  }
}
