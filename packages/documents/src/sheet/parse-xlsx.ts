import { HoldfastError, say } from '@holdfast/errors';
import readExcelFile, { type SheetData } from 'read-excel-file/node';
import { checkZip } from './check-zip.ts';
import { rowsOf } from './rows-of.ts';
import type { Cell, SheetRead, SheetToRead } from './sheet.ts';

/** Throws file.too-large, file.unreadable and step.config for a sheet that is not there. */
export async function parseXlsx(given: SheetToRead): Promise<SheetRead> {
  await checkZip(given.content);
  const sheets = await readAll(given);
  const found = findSheet(sheets, given);
  const table = found.data.map((row) => row.map((cell) => cellOf(cell, given.types)));
  return { ...rowsOf(table, given), sheets: sheets.map(({ sheet }) => sheet) };
}

async function readAll({ content, name }: SheetToRead): Promise<{ sheet: string; data: SheetData<string> }[]> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  try {
    // A number is kept as it is written, until it is known that a number of ours is as exact.
    return await readExcelFile<string>(bytes, { trim: false, parseNumber: (text) => `\u0000${text}` });
  } catch (error) {
    throw new HoldfastError('file.unreadable', {
      detail: say`"${name}" is not a spreadsheet that can be read: ${error instanceof Error ? error.message.slice(0, 200) : 'it is damaged'}.`,
      hint: 'It must be an .xlsx file. Save an older .xls file as .xlsx first.',
      cause: error,
    });
  }
}

function findSheet<Sheet extends { sheet: string }>(sheets: readonly Sheet[], { sheet, name }: SheetToRead): Sheet {
  const wanted = sheet.trim();
  const found = sheets.find((one) => one.sheet.toLowerCase() === wanted.toLowerCase()) ?? sheets[wanted === '' ? 0 : Number(wanted) - 1];
  if (found) return found;
  throw new HoldfastError('step.config', {
    detail: say`"${name}" has no sheet "${wanted.slice(0, 100)}". It has ${sheets
      .map((one) => `"${one.sheet}"`)
      .join(', ')
      .slice(0, 300)}.`,
    hint: 'Write the name on the tab, or its number.',
    path: 'sheet',
  });
}

function cellOf(cell: unknown, types: SheetToRead['types']): Cell {
  if (cell instanceof Date) return dateText(cell);
  if (typeof cell === 'boolean') return types === 'text' ? String(cell).toUpperCase() : cell;
  if (typeof cell !== 'string') return null;
  if (!cell.startsWith('\u0000')) return cell;
  return numberOf(cell.slice(1), types);
}

/** Programs write a number with up to 17 digits; what a number can't hold, like a long account, stays a text. */
function numberOf(text: string, types: SheetToRead['types']): Cell {
  const value = Number(text);
  const isWhole = /^-?\d+$/.test(text);
  if (!Number.isFinite(value) || (isWhole && !Number.isSafeInteger(value))) return text;
  return types === 'text' ? String(value) : value;
}

/** Sheets know days and times of day, and no time zone. */
function dateText(date: Date): string {
  const [day = '', time = ''] = new Date(Math.round(date.getTime() / 1_000) * 1_000).toISOString().split('T');
  return time.startsWith('00:00:00') ? day : `${day}T${time.slice(0, 8)}`;
}
