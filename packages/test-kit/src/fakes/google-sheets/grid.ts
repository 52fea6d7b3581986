export type Cell = string | number | boolean;
/** Rows of a sheet; rows and their ends may be missing, as in Google's answers. */
export type Grid = Cell[][];

export interface Area {
  sheet: string | null;
  fromRow: number;
  toRow: number | null;
  fromColumn: number;
  toColumn: number | null;
}

/** `'My sheet'!B2:C5`, `Sheet1!A:A`, `A1`; rows and columns from 0. Null for what is no range. */
export function parseArea(text: string): Area | null {
  const [, quoted, plain, cells] = /^(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?([A-Z0-9:]+)$/i.exec(text) ?? [];
  const [, c1 = '', r1 = '', c2, r2] = /^([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?$/i.exec(cells ?? '') ?? [];
  if (cells === undefined) return null;
  const isOne = c2 === undefined;
  return {
    sheet: quoted?.replaceAll("''", "'") ?? plain ?? null,
    fromRow: r1 === '' ? 0 : Number(r1) - 1,
    toRow: isOne ? Number(r1) - 1 : r2 ? Number(r2) - 1 : null,
    fromColumn: c1 === '' ? 0 : columnIndex(c1),
    toColumn: isOne ? columnIndex(c1) : c2 ? columnIndex(c2) : null,
  };
}

const columnIndex = (letters: string): number =>
  [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** As Google answers: empty cells and rows at the end are left out. */
export function readArea(grid: Grid, area: Area): Grid {
  const rows = grid.slice(area.fromRow, area.toRow === null ? undefined : area.toRow + 1).map((row) => {
    const cells = Array.from(row.slice(area.fromColumn, area.toColumn === null ? undefined : area.toColumn + 1), (cell) => cell ?? '');
    while (cells.at(-1) === '') cells.pop();
    return cells;
  });
  while (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

export function writeArea(grid: Grid, area: Pick<Area, 'fromRow' | 'fromColumn'>, values: Grid): void {
  values.forEach((cells, down) => {
    const row = (grid[area.fromRow + down] ??= []);
    cells.forEach((cell, across) => (row[area.fromColumn + across] = cell));
  });
  for (let index = 0; index < grid.length; index += 1) grid[index] ??= [];
}

/** The first row below the table that begins in the first row. */
export function endOfTable(grid: Grid): number {
  let end = 0;
  while (grid[end]?.some((cell) => cell !== '')) end += 1;
  return end;
}

/** What a person's typing becomes; RAW keeps what was sent. */
export function typed(cell: Cell, option: string | null): Cell {
  if (option === 'RAW' || typeof cell !== 'string') return cell;
  if (cell.startsWith('=')) return '#NAME?';
  if (cell.startsWith("'")) return cell.slice(1);
  return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell;
}
