import { nameColumns } from './name-columns.ts';
import type { Cell, SheetRead, SheetToRead } from './sheet.ts';

const isEmpty = (row: readonly Cell[]): boolean => row.every((cell) => cell === null || cell === '');

/** Cells in rows, named by their header; empty rows are left out. */
export function rowsOf(
  table: readonly (readonly Cell[])[],
  { headerRow, maxRows }: Pick<SheetToRead, 'headerRow' | 'maxRows'>,
): Omit<SheetRead, 'sheets'> {
  const header = headerRow > 0 ? (table[headerRow - 1] ?? []) : null;
  const filled = table.slice(headerRow).filter((row) => !isEmpty(row));
  const read = filled.slice(0, maxRows);
  const width = read.reduce((most, row) => Math.max(most, row.length), header?.length ?? 0);
  const columns = nameColumns(header, width);
  return {
    columns,
    rows: read.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null]))),
    count: filled.length,
    hasMore: filled.length > read.length,
  };
}
