import { HoldfastError, say } from '@holdfast/errors';
import { columnLetters } from './address.ts';
import type { Cell, SheetClient } from './sheet-client.ts';
import { ensureColumns, keyOf, readTable, rowsByKey, type Table } from './table.ts';
import { writeInPieces } from './write-in-pieces.ts';

/** What our own column is called where a step names no unique one. */
export const ownColumn = 'Holdfast ID';

/** One row to write. `add`: at the end, unless its key is there · `change`: only where its key is · `either`. */
export interface RowWrite {
  act: 'add' | 'change' | 'either';
  keyColumn: string;
  key: string;
  values: Readonly<Record<string, Cell>>;
  option: string;
}

export interface RowWritten {
  /** Its first row's number; null when there is no such row. */
  row: number | null;
  count: number;
  /** It was there already: an earlier try had written it, or somebody else. */
  wasThere: boolean;
}

/** A row that can't be written, whatever is tried, or of which nobody knows how often it is there: the others are. */
export interface RowRefused {
  problem: HoldfastError;
}

/** Rows that differ in it can't go in one call: each is written with its own connection, and known by its own column. */
export const batchOf = (credential: string, { keyColumn, option }: RowWrite): string =>
  JSON.stringify([credential, option, keyColumn.trim().toLowerCase()]);

/**
 * Writes rows of several steps at once, whose turn it is alone. They are gathered as late as can be, so that all that came while this one waited for its calls go along.
 * Each is looked for first, so that a repeat after a lost answer writes nothing twice; and read back, so that nothing is taken for written that is not.
 */
export async function writeTogether(
  client: SheetClient,
  own: RowWrite,
  gather: () => readonly RowWrite[],
): Promise<(RowWritten | RowRefused)[]> {
  const { keyColumn, option } = own;
  const table = await prepare(client, own, gather);
  const column = table.indexOf(keyColumn);
  const before = await rowsByKey(client, column);
  const writes = gather();
  const problems = writes.map((write) => problemOf(table, write));
  const { fresh, changes } = sort(
    writes.filter((_write, index) => problems[index] === null),
    before,
  );
  const rows = [...fresh.values()].map(({ row }) => ({ key: row.key, cells: cellsOf(table, row) }));
  const unadded = await writeInPieces(rows, (piece) =>
    client.append(
      piece.map(({ cells }) => cells),
      option,
    ),
  );
  const changed = changes.map((write) => ({ write, cells: changesOf(table, write, before) }));
  const unchanged = await writeInPieces(changed, (piece) =>
    client.update(
      piece.flatMap(({ cells }) => cells),
      option,
    ),
  );
  const refusals = new Map<RowWrite | string, HoldfastError>([
    ...[...unadded].map(([{ key }, error]) => [key, error] as const),
    ...[...unchanged].map(([{ write }, error]) => [write, error] as const),
  ]);
  const after = fresh.size === 0 && changes.length === 0 ? before : await rowsByKey(client, column);
  return writes.map((write, index) => {
    const refused = refusals.get(write) ?? refusals.get(write.key);
    const problem = problems[index] ?? refused ?? (fresh.has(write.key) ? notOnce(after, write) : null);
    if (problem) return { problem };
    const rows = after.get(write.key) ?? [];
    const isNew = fresh.get(write.key)?.first === write;
    return { row: rows[0] ?? null, count: write.act === 'change' ? rows.length : 1, wasThere: !isNew && rows.length > 0 };
  });
}

interface Fresh {
  /** Whose it is. */
  first: RowWrite;
  /** With what others that came after it change in it. */
  row: RowWrite;
}

/** As if they were written one after the other, in the order in which they came. */
function sort(
  writes: readonly RowWrite[],
  before: ReadonlyMap<string, readonly number[]>,
): { fresh: Map<string, Fresh>; changes: RowWrite[] } {
  const fresh = new Map<string, Fresh>();
  const changes: RowWrite[] = [];
  for (const write of writes) {
    const known = fresh.get(write.key);
    if (before.has(write.key)) {
      if (write.act !== 'add') changes.push(write);
    } else if (known) {
      if (write.act !== 'add') known.row = { ...known.row, values: { ...known.row.values, ...write.values } };
    } else if (write.act !== 'change') fresh.set(write.key, { first: write, row: write });
  }
  return { fresh, changes };
}

/** The names in the first row. An empty sheet gets those of all that are written; a column of our own is added where there is none. */
async function prepare(client: SheetClient, own: RowWrite, gather: () => readonly RowWrite[]): Promise<Table> {
  const table = await readTable(client);
  if (own.act === 'change') return table;
  const isOwn = own.keyColumn === ownColumn;
  const isEmpty = table.columns.every((column) => column === '');
  const columns = isEmpty ? gather().flatMap(({ values }) => Object.keys(values)) : [];
  return ensureColumns(client, table, {
    columns: [...new Set([...columns, ...(isOwn ? [] : [own.keyColumn])])],
    own: isOwn ? ownColumn : null,
  });
}

/** What is wrong with one step's settings is that step's own. */
function problemOf(table: Table, write: RowWrite): HoldfastError | null {
  try {
    cellsOf(table, write);
    return null;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'step.config') return error;
    throw error;
  }
}

function cellsOf(table: Table, { values, keyColumn, key, option }: RowWrite): Cell[] {
  const cells: Cell[] = table.columns.map(() => '');
  for (const [name, value] of Object.entries(values)) cells[table.indexOf(name)] = value;
  const at = table.indexOf(keyColumn);
  if (keyOf(cells[at] ?? '') === '') cells[at] = key;
  // Typed, "007" would become 7 and "1-5" a day, and the row would not be found by its key any more.
  const own = cells[at];
  if (option === 'USER_ENTERED' && typeof own === 'string' && String(Number(own)) !== own) cells[at] = `'${own}`;
  return cells;
}

function changesOf(table: Table, { values, key }: RowWrite, before: ReadonlyMap<string, readonly number[]>) {
  return (before.get(key) ?? []).flatMap((row) =>
    Object.entries(values).map(([name, value]) => ({ cells: `${columnLetters(table.indexOf(name))}${row}`, values: [[value]] })),
  );
}

/** Of a row that was added: each is its own step's, and the others are there. */
function notOnce(after: ReadonlyMap<string, readonly number[]>, { key, keyColumn }: RowWrite): HoldfastError | null {
  const count = after.get(key)?.length ?? 0;
  if (count === 0)
    return new HoldfastError('upstream.broken', {
      detail: say`Google said that it added the row, but there is none with "${key}" in "${keyColumn}".`,
    });
  if (count === 1) return null;
  return new HoldfastError('upstream.ambiguous', {
    detail: say`The row with "${key}" in "${keyColumn}" is there ${count} times: an earlier call of ours arrived late.`,
    hint: 'Remove all but one of them in the sheet, then skip this step.',
  });
}
