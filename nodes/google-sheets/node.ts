import { defineEffect, type CheckWorld, type ConfigFinding, type JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import { keepFieldsWhen, keepingOf, keptPort } from '../calls/keep-fields.ts';
import { connectionGone, finding } from '../fields/finding.ts';
import { shortText } from '../fields/short-text.ts';
import { samples } from './samples.ts';
import { sheetCredential, sheetKinds, spreadsheetFindings } from './sheet-fields.ts';

const shown = (...is: string[]) => ({ field: 'operation', is }) as const;
const column = z.string().max(200).default('');

const config = z.strictObject({
  operation: z
    .enum(['read', 'append', 'update', 'upsert'])
    .default('append')
    .meta({
      title: 'What to do',
      options: { read: 'Find rows', append: 'Add a row', update: 'Change a row', upsert: 'Change a row, or add it' },
    }),
  credential: sheetCredential,
  spreadsheet: z.string('Paste the address of the spreadsheet').min(1, 'Paste the address of the spreadsheet').max(2_000).meta({
    title: 'Spreadsheet',
    description: 'Its address, copied from the browser.',
    placeholder: 'https://docs.google.com/spreadsheets/d/…',
    template: true,
  }),
  sheet: z
    .string()
    .max(200)
    .default('')
    .meta({ title: 'Sheet', description: 'The name on its tab. Empty: the first one.', template: true }),
  keyColumn: column.meta({
    title: 'Column to look in',
    description: 'Its name in the first row.',
    placeholder: 'Order',
    widget: 'sheet-column',
    showWhen: shown('read', 'update', 'upsert'),
  }),
  keyValue: z
    .string()
    .max(2_000)
    .default('')
    .meta({ title: 'Value to look for', template: true, showWhen: shown('read', 'update', 'upsert') }),
  values: z
    .record(z.string().min(1, 'Give the name of a column').max(200), z.string().max(20_000).meta({ template: true, keepsType: true }))
    .default({})
    .meta({
      title: 'Values',
      description: 'A column’s name in the first row, and what to write there.',
      widget: 'key-value',
      showWhen: shown('append', 'update', 'upsert'),
    }),
  uniqueColumn: column.meta({
    title: 'Unique column',
    description: 'A value that is there already is not added again. Empty: Holdfast adds a column “Holdfast ID” of its own.',
    placeholder: 'Order',
    widget: 'sheet-column',
    advanced: true,
    showWhen: shown('append'),
  }),
  limit: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(50)
    .meta({ title: 'Rows at most', advanced: true, showWhen: shown('read') }),
  writeAs: z
    .enum(['RAW', 'USER_ENTERED'])
    .default('RAW')
    .meta({
      title: 'Values are written',
      description: 'As if typed, “+254…” becomes a number and “=…” a formula.',
      options: { RAW: 'Exactly as they are', USER_ENTERED: 'As if a person typed them' },
      advanced: true,
      showWhen: shown('append', 'update', 'upsert'),
    }),
  ...keepFieldsWhen(shown('append', 'update', 'upsert')),
});
export type GoogleSheetsConfig = z.infer<typeof config>;

export const googleSheets = defineEffect({
  type: 'google-sheets',
  typeVersion: 1,
  title: 'Google Sheets',
  summary: 'Finds, adds and changes rows. No row is lost, and none is added twice.',
  icon: 'table',
  category: 'systems',
  keywords: ['spreadsheet', 'excel', 'row', 'append', 'hoja', 'fila', 'google', 'planilla'],
  config,
  ports: (given) => ({
    done: { label: given.operation === 'read' ? 'Found' : 'Done', mandatory: true },
    ...(given.operation === 'read' || given.operation === 'update' ? { missing: { label: 'No such row', unhappy: true } } : {}),
    ...keptPort(given.keepCall && given.operation !== 'read'),
    failed: { label: 'Gave up', unhappy: true },
  }),
  // Google refills its quota by the minute, so that the last pauses are as long.
  retry: { maxAttempts: 8, firstDelay: '2s', factor: 2, maxDelay: '2m' },
  timeout: '90s',
  keeps: (given) => keepingOf(given, { writes: given.operation !== 'read', credential: given.credential }),
  output: z.object({
    count: z.number(),
    row: z.number().nullable(),
    wasThere: z.boolean(),
    values: z.record(z.string(), z.json()).nullable(),
    rows: z.array(z.object({ row: z.number(), values: z.record(z.string(), z.json()) })),
  }),
  describe: (given) => {
    const key = given.keyColumn === '' ? '' : `${given.keyColumn} = ${shortText(given.keyValue)}`;
    return given.operation === 'append' ? shortText(Object.keys(given.values).join(', ')) : key;
  },
  check: findingsOf,
  samples,
});

function findingsOf(given: GoogleSheetsConfig, world: CheckWorld): ConfigFinding[] {
  const writes = given.operation !== 'read';
  const needsKey = given.operation === 'update' || given.operation === 'upsert';
  return [
    ...connectionGone({ ...given, kinds: sheetKinds }, world),
    ...(given.spreadsheet.includes('{{') ? [] : spreadsheetFindings(given.spreadsheet)),
    ...(needsKey && given.keyColumn.trim() === ''
      ? [finding('keyColumn', 'It is not said which row is meant.', 'Name the column whose value tells rows apart.')]
      : []),
    ...(writes && Object.keys(given.values).length === 0
      ? [finding('values', 'There is nothing to write.', 'Add a column and its value.')]
      : []),
  ];
}

/** A row that a sample shows. */
export type SheetRow = { row: number; values: JsonObject };
