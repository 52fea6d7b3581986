import { HoldfastError, say } from '@holdfast/errors';
import { implement, type EffectContext, type JsonObject, type JsonValue, type Outcome } from '@holdfast/node-kit';
import { columnLetters, spreadsheetId } from './address.ts';
import { googleSheets, type GoogleSheetsConfig, type SheetRow } from './node.ts';
import { openSheet, type Cell, type SheetClient } from './sheet-client.ts';
import { keyOf, readTable } from './table.ts';
import { batchOf, ownColumn, writeTogether, type RowRefused, type RowWrite, type RowWritten } from './write-together.ts';

export const runGoogleSheets = implement(googleSheets, async ({ config, context }) => {
  const spreadsheet = spreadsheetId(String(config.spreadsheet));
  if (spreadsheet === null)
    throw new HoldfastError('step.config', {
      detail: say`"${String(config.spreadsheet).slice(0, 120)}" is not the address of a spreadsheet.`,
      hint: 'Open the spreadsheet in the browser and copy its whole address.',
      path: 'spreadsheet',
    });
  const place = { credential: config.credential, spreadsheet, sheet: config.sheet };
  const client = openSheet(context.egress, place);
  return config.operation === 'read' ? find(config, client) : write(config, client, context, spreadsheet);
});

async function write(config: GoogleSheetsConfig, client: SheetClient, context: EffectContext, spreadsheet: string): Promise<Outcome> {
  const row = writeOf(config, context.idempotencyKey);
  // The first sheet has a name, too: who writes to the one must not write beside who writes to the other.
  const place = { key: `google-sheets/${spreadsheet}`, batch: `${config.sheet.trim()}\n${batchOf(config.credential, row)}` };
  const done = await context.together<RowWrite, RowWritten | RowRefused>(place, row, (gather) => writeTogether(client, row, gather));
  if ('problem' in done) throw done.problem;
  context.note({ row: done.row, wasThere: done.wasThere });
  const isMissing = config.operation === 'update' && done.row === null;
  const values: JsonObject | null = isMissing ? null : { ...row.values };
  return {
    port: isMissing ? 'missing' : 'done',
    output: { count: isMissing ? 0 : done.count, row: done.row, wasThere: done.wasThere, values, rows: [] },
  };
}

function writeOf(config: GoogleSheetsConfig, idempotencyKey: string): RowWrite {
  const values = Object.fromEntries(Object.entries(config.values).map(([name, value]) => [name, cellOf(value)]));
  const common = { values, option: config.writeAs };
  if (config.operation !== 'append') {
    const key = keyOf(cellOf(config.keyValue));
    if (key === '') throw emptyKey(config.keyColumn, 'keyValue');
    const isAdding = config.operation === 'upsert';
    // A row that is added carries the value that it will be found by.
    const own = isAdding && !Object.keys(values).some((name) => isSame(name, config.keyColumn)) ? { [config.keyColumn]: key } : {};
    return { ...common, values: { ...own, ...values }, act: isAdding ? 'either' : 'change', keyColumn: config.keyColumn, key };
  }
  const unique = config.uniqueColumn.trim();
  if (unique === '') return { ...common, act: 'add', keyColumn: ownColumn, key: idempotencyKey.replace(/:$/, '') };
  const key = keyOf(Object.entries(values).find(([name]) => isSame(name, unique))?.[1] ?? '');
  if (key === '') throw emptyKey(unique, 'uniqueColumn');
  return { ...common, act: 'add', keyColumn: unique, key };
}

const isSame = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

const emptyKey = (column: string, path: string): HoldfastError =>
  new HoldfastError('step.config', {
    detail: say`The value for "${column}" is empty, so the row could not be told from others. Nothing was written.`,
    hint: 'Look where the value comes from.',
    path,
  });

/** A cell holds a text, a number or yes and no; anything else is written as JSON. */
function cellOf(value: JsonValue): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null ? '' : JSON.stringify(value);
}

const rowsAtOnce = 5_000;

async function find(config: GoogleSheetsConfig, client: SheetClient): Promise<Outcome> {
  const { columns, indexOf } = await readTable(client);
  const wanted = keyOf(cellOf(config.keyValue));
  const at = config.keyColumn.trim() === '' ? null : indexOf(config.keyColumn);
  const last = columnLetters(Math.max(0, columns.length - 1));
  const found: SheetRow[] = [];
  for (let from = 2; found.length < config.limit; from += rowsAtOnce) {
    const rows = await client.read(`A${from}:${last}${from + rowsAtOnce - 1}`);
    rows.forEach((cells, index) => {
      const isWanted = at === null ? cells.some((cell) => cell !== '') : keyOf(cells[at] ?? '') === wanted;
      if (isWanted && found.length < config.limit) found.push({ row: from + index, values: namedCells(columns, cells) });
    });
    if (rows.length < rowsAtOnce) break;
  }
  const [first] = found;
  return {
    port: first ? 'done' : 'missing',
    output: { count: found.length, row: first?.row ?? null, wasThere: first !== undefined, values: first?.values ?? null, rows: found },
  };
}

const namedCells = (columns: readonly string[], cells: readonly Cell[]): JsonObject =>
  Object.fromEntries(columns.flatMap((name, index) => (name === '' || name === ownColumn ? [] : [[name, cells[index] ?? '']])));
