import writeExcelFile, { type CellObject } from 'write-excel-file/node';
import type { Cell, SheetColumn, SheetToWrite } from './sheet.ts';

const widest = 60;

/** A text stays a text: whatever it begins with, no spreadsheet takes it for a formula. */
export async function buildXlsx({ sheet, columns, rows }: SheetToWrite): Promise<Uint8Array> {
  const head = columns.map(({ label }): CellObject => ({ value: label, type: String, fontWeight: 'bold' }));
  const body = rows.map((row) => columns.map((column, index) => cellOf(row[index] ?? null, column)));
  const widths = columns.map(({ label }, index) => ({
    width: Math.min(widest, 2 + rows.slice(0, 500).reduce((most, row) => Math.max(most, String(row[index] ?? '').length), label.length)),
  }));
  const content = await writeExcelFile([head, ...body], { sheet: tabName(sheet), columns: widths, stickyRowsCount: 1 }).toBuffer();
  return new Uint8Array(content);
}

function cellOf(value: Cell, { as }: SheetColumn): CellObject | null {
  if (value === null || value === '') return null;
  const date = as === 'date' ? dateOf(value) : null;
  if (date) return { value: date.at, type: Date, format: date.hasTime ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd' };
  if (as === 'number' && typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()) && Number.isFinite(Number(value)))
    return { value: Number(value), type: Number };
  if (as === 'auto' || as === 'number') {
    if (typeof value === 'number' && Number.isFinite(value)) return { value, type: Number };
    if (typeof value === 'boolean') return { value, type: Boolean };
  }
  // XML has no place for control characters.
  return {
    value: String(value)
      .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '')
      .toWellFormed(),
    type: String,
  };
}

const isoDate = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** The day and time as they are written; a sheet knows no time zone. */
function dateOf(value: Cell): { at: Date; hasTime: boolean } | null {
  const [, day, time] = (typeof value === 'string' && isoDate.exec(value.trim())) || [];
  if (day === undefined) return null;
  const at = new Date(`${day}T${time ?? '00:00'}:00Z`);
  return Number.isNaN(at.getTime()) ? null : { at, hasTime: time !== undefined };
}

/** Excel's rules for the name on a tab. */
const tabName = (given: string): string =>
  given
    .replaceAll(/[\p{Cc}\\/?*[\]:]/gu, ' ')
    .replaceAll(/^'+|'+$/g, '')
    .trim()
    .slice(0, 31) || 'Sheet1';
