import { readSheet, writeSheet, type Cell } from '@holdfast/documents';
import { HoldfastError, say } from '@holdfast/errors';
import { implement, isJsonObject, type EffectContext, type JsonValue, type Outcome } from '@holdfast/node-kit';
import { chosenFile } from '../fields/chosen-file.ts';
import { entriesOf } from '../fields/entries-of.ts';
import { valueAt } from '../fields/value-at.ts';
import { spreadsheet, type SpreadsheetConfig } from './node.ts';

/** Excel takes a million; a run's data is no place for so many. */
const maxWritten = 50_000;
const types = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv' } as const;

export const runSpreadsheet = implement(spreadsheet, ({ config, context }) =>
  config.operation === 'read' ? read(config, context) : write(config, context),
);

async function read(config: SpreadsheetConfig, context: EffectContext): Promise<Outcome> {
  const id = chosenFile(config.file, { path: 'file', detail: say`"${String(config.file).slice(0, 80)}" is no file.` });
  const { name, content } = await context.files.read(id);
  const { rows, columns, count, hasMore, sheets } = await readSheet(
    {
      content,
      name,
      format: 'auto',
      sheet: String(config.sheet),
      headerRow: config.headerRow,
      maxRows: config.maxRows,
      types: config.types,
      csv: { delimiter: config.delimiter, encoding: config.encoding },
    },
    { signal: context.signal },
  );
  context.note({ rows: count });
  return { port: count === 0 ? 'empty' : 'done', output: { file: null, count, columns, rows, hasMore, sheets } };
}

async function write(config: SpreadsheetConfig, context: EffectContext): Promise<Outcome> {
  const entries = entriesOf(config.rows, 'rows');
  if (entries.length > maxWritten)
    throw new HoldfastError('step.config', {
      detail: say`The list has ${entries.length} entries; at most ${maxWritten} are written into one file.`,
      path: 'rows',
    });
  const columns = config.columns.length > 0 ? config.columns : columnsIn(entries);
  const content = await writeSheet(
    {
      format: config.format,
      sheet: String(config.sheet),
      columns: columns.map(({ label, as }) => ({ label, as })),
      rows: entries.map((entry, index) => columns.map(({ value }) => cellOf(valueAt(entry, value, index)))),
      csv: {
        delimiter: config.delimiter === 'auto' ? ',' : config.delimiter,
        encoding: config.encoding === 'auto' ? 'utf-8-bom' : config.encoding,
        hasHeader: config.hasHeader,
        neutralises: !config.forProgram,
      },
    },
    { signal: context.signal },
  );
  const file = await context.files.save({ name: nameOf(config), mimeType: types[config.format], content });
  context.note({ rows: entries.length });
  return {
    port: 'done',
    output: { file, count: entries.length, columns: columns.map(({ label }) => label), rows: [], hasMore: false, sheets: [] },
  };
}

type Columns = SpreadsheetConfig['columns'];

/** Every name in the entries, in the order in which they come. A list of plain values is one column. */
function columnsIn(entries: readonly JsonValue[]): Columns {
  const names = new Set<string>();
  for (const entry of entries) if (isJsonObject(entry)) for (const name of Object.keys(entry)) names.add(name);
  if (names.size === 0) return [{ label: 'Value', value: '.', as: 'auto' }];
  return [...names].slice(0, 200).map((name) => ({ label: name, value: name, as: 'auto' }));
}

const cellOf = (value: JsonValue): Cell => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

function nameOf({ fileName, format }: SpreadsheetConfig): string {
  const name = fileName.trim().slice(0, 110) || 'rows';
  return name.toLowerCase().endsWith(`.${format}`) ? name : `${name}.${format}`;
}
