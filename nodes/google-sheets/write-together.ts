import { HoldfastError, say } from '@holdfast/errors';
import { columnLetters } from './address.ts';
import type { Cell, SheetClient } from './sheet-client.ts';
import { ensureColumns, keyOf, readTable, rowsByKey, type Table } from './table.ts';

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

/** A row that can't be written, whatever is tried: the others are. */
export interface RowRefused {
  problem: HoldfastError;
}

/**
 * Writes rows of several steps at once, whose turn it is alone. Each is looked for first, so that a repeat after a lost answer writes nothing twice;
 * and read back, so that nothing is taken for written that is not. Throws upstream.broken when a row is missing afterwards: then it is tried again.
 */
export async function writeTogether(client: SheetClient, writes: readonly RowWrite[]): Promise<(RowWritten | RowRefused)[]> {
  const results: (RowWritten | RowRefused)[] = [];
  // Steps that differ in their key or in how values are read are done one group after the other.
  for (const group of groupsOf(writes)) {
    const ours = group.flatMap((index) => writes[index] ?? []);
    const done = await writeGroup(client, ours).catch((error: unknown) => ours.map(() => ({ problem: ofSettings(error) })));
    group.forEach((index, at) => (results[index] = done[at] ?? { row: null, count: 0, wasThere: false }));
  }
  return results;
}

/** What is wrong with one step's settings is that step's own; everything else is everybody's. */
function ofSettings(error: unknown): HoldfastError {
  if (error instanceof HoldfastError && error.code === 'step.config') return error;
  throw error;
}

function groupsOf(writes: readonly RowWrite[]): number[][] {
  const groups = new Map<string, number[]>();
  writes.forEach(({ keyColumn, option }, index) => {
    const name = `${option} ${keyColumn.trim().toLowerCase()}`;
    groups.set(name, [...(groups.get(name) ?? []), index]);
  });
  return [...groups.values()];
}

async function writeGroup(client: SheetClient, writes: readonly RowWrite[]): Promise<(RowWritten | RowRefused)[]> {
  const [{ keyColumn, option } = { keyColumn: ownColumn, option: 'RAW' }] = writes;
  const table = await prepare(client, keyColumn, writes);
  const column = table.indexOf(keyColumn);
  const problems = writes.map((write) => problemOf(table, write));
  const fit = writes.filter((_write, index) => problems[index] === null);
  const before = await rowsByKey(client, column);
  const fresh = new Map<string, RowWrite>();
  for (const write of fit) if (write.act !== 'change' && !before.has(write.key) && !fresh.has(write.key)) fresh.set(write.key, write);
  const changes = fit.filter(({ act, key }) => act !== 'add' && before.has(key));
  if (fresh.size > 0)
    await client.append(
      [...fresh.values()].map((write) => cellsOf(table, write)),
      option,
    );
  if (changes.length > 0) await client.update(changesOf(table, changes, before), option);
  const after = fresh.size === 0 && changes.length === 0 ? before : await rowsByKey(client, column);
  checkThere(after, { fresh, keyColumn });
  return writes.map((write, index) => {
    const problem = problems[index] ?? null;
    if (problem) return { problem };
    const rows = after.get(write.key) ?? [];
    const isNew = fresh.get(write.key) === write;
    return { row: rows[0] ?? null, count: write.act === 'change' ? rows.length : 1, wasThere: !isNew && rows.length > 0 };
  });
}

async function prepare(client: SheetClient, keyColumn: string, writes: readonly RowWrite[]): Promise<Table> {
  const table = await readTable(client);
  const adding = writes.filter(({ act }) => act !== 'change');
  if (adding.length === 0) return table;
  const isOwn = keyColumn === ownColumn;
  const columns = new Set([...adding.flatMap(({ values }) => Object.keys(values)), ...(isOwn ? [] : [keyColumn])]);
  return ensureColumns(client, table, { columns: [...columns], own: isOwn ? ownColumn : null });
}

function problemOf(table: Table, write: RowWrite): HoldfastError | null {
  try {
    cellsOf(table, write);
    return null;
  } catch (error) {
    return ofSettings(error);
  }
}

function cellsOf(table: Table, { values, keyColumn, key }: RowWrite): Cell[] {
  const cells: Cell[] = table.columns.map(() => '');
  for (const [name, value] of Object.entries(values)) cells[table.indexOf(name)] = value;
  const at = table.indexOf(keyColumn);
  if (keyOf(cells[at] ?? '') === '') cells[at] = key;
  return cells;
}

function changesOf(table: Table, writes: readonly RowWrite[], before: ReadonlyMap<string, readonly number[]>) {
  return writes.flatMap(({ values, key }) =>
    (before.get(key) ?? []).flatMap((row) =>
      Object.entries(values).map(([name, value]) => ({ cells: `${columnLetters(table.indexOf(name))}${row}`, values: [[value]] })),
    ),
  );
}

function checkThere(
  after: ReadonlyMap<string, readonly number[]>,
  { fresh, keyColumn }: { fresh: ReadonlyMap<string, RowWrite>; keyColumn: string },
): void {
  for (const key of fresh.keys()) {
    const count = after.get(key)?.length ?? 0;
    if (count === 0)
      throw new HoldfastError('upstream.broken', {
        detail: say`Google said that it added the row, but there is none with "${key}" in "${keyColumn}".`,
      });
    if (count > 1)
      throw new HoldfastError('upstream.ambiguous', {
        detail: say`The row with "${key}" in "${keyColumn}" is there ${count} times: an earlier call of ours arrived late.`,
        hint: 'Remove all but one of them in the sheet, then skip this step.',
      });
  }
}
