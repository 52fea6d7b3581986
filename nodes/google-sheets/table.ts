import { HoldfastError, say } from '@holdfast/errors';
import { columnLetters } from './address.ts';
import type { Cell, SheetClient } from './sheet-client.ts';

/** A sheet as people use it: names in the first row, a row for each thing below. */
export interface Table {
  columns: readonly string[];
  /** The place of a column, by its name in any case; throws step.config for a name that the sheet does not have. */
  indexOf: (name: string) => number;
}

const readAtOnce = 20_000;
const same = (name: string): string => name.trim().toLowerCase();

export async function readTable(client: SheetClient): Promise<Table> {
  const [first = []] = await client.read('1:1');
  return tableOf(first.map((cell) => String(cell).trim()));
}

function tableOf(columns: readonly string[]): Table {
  return {
    columns,
    indexOf: (name) => {
      const index = columns.findIndex((column) => same(column) === same(name));
      if (index >= 0) return index;
      const known = columns.filter((column) => column !== '').slice(0, 12);
      throw new HoldfastError('step.config', {
        detail: say`The first row of the sheet has no column "${name}".${known.length === 0 ? ' It is empty.' : say` It has: ${known.join(', ')}.`}`,
        hint: 'Write the name as it stands in the sheet, or add the column there.',
      });
    },
  };
}

/** The table with these columns: the first row of an empty sheet is written, and a column of our own is added at the end. */
export async function ensureColumns(
  client: SheetClient,
  table: Table,
  { columns, own }: { columns: readonly string[]; own: string | null },
): Promise<Table> {
  const isEmpty = table.columns.every((column) => column === '');
  const wanted = isEmpty ? [...columns] : [...table.columns];
  if (own !== null && !wanted.some((column) => same(column) === same(own))) wanted.push(own);
  if (!isEmpty && wanted.length === table.columns.length) return table;
  const from = isEmpty ? 0 : table.columns.length;
  const cells = `${columnLetters(from)}1:${columnLetters(wanted.length - 1)}1`;
  const refused = await client.update([{ cells, values: [wanted.slice(from)] }], 'RAW');
  if (refused) throw refused;
  return tableOf(wanted);
}

/** Every row's number by its key, as text; read piece by piece. Rows count from 1, as Google's do. */
export async function rowsByKey(client: SheetClient, column: number): Promise<Map<string, number[]>> {
  const letters = columnLetters(column);
  const found = new Map<string, number[]>();
  for (let from = 2; ; from += readAtOnce) {
    const rows = await client.read(`${letters}${from}:${letters}${from + readAtOnce - 1}`);
    rows.forEach(([cell], index) => {
      const key = keyOf(cell ?? '');
      if (key !== '') found.set(key, [...(found.get(key) ?? []), from + index]);
    });
    if (rows.length < readAtOnce) return found;
  }
}

export const keyOf = (cell: Cell): string => String(cell).trim();
