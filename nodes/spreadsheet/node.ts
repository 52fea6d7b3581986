import { defineEffect, fileRef, type Ports } from '@holdfast/node-kit';
import { z } from 'zod';
import { finding } from '../fields/finding.ts';
import { shortText } from '../fields/short-text.ts';
import { samples } from './samples.ts';

const reads = { field: 'operation', is: ['read'] } as const;
const writes = { field: 'operation', is: ['write'] } as const;
const delimiters = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Bar' } as const;

const column = z.strictObject({
  label: z.string().min(1, 'Name the column').max(200).meta({ title: 'Heading', placeholder: 'Order', template: true }),
  value: z.string().min(1, 'Name the value of the column').max(200).meta({
    title: 'Value of each row',
    description: 'Its name in an entry of the list, as “number” or “customer.name”. “quantity * price” multiplies, “#” counts.',
    placeholder: 'customer.name',
  }),
  as: z
    .enum(['auto', 'text', 'number', 'date'])
    .default('auto')
    .meta({
      title: 'Written as',
      options: { auto: 'What it is', text: 'Text', number: 'Number', date: 'Day or time' },
    }),
});

const config = z.strictObject({
  operation: z
    .enum(['read', 'write'])
    .default('read')
    .meta({ title: 'What to do', options: { read: 'Read a file', write: 'Write a file' } }),
  file: z.string().max(2_000).default('').meta({
    title: 'File',
    description: 'An .xlsx or csv file from an earlier step or a message.',
    placeholder: '{{ trigger.message.attachments[0].fileId }}',
    template: true,
    keepsType: true,
    widget: 'file',
    showWhen: reads,
  }),
  rows: z.string().max(2_000).default('').meta({
    title: 'Rows',
    description: 'A list from an earlier step: each of its entries becomes a row.',
    placeholder: '{{ nodes.orders.body.items }}',
    template: true,
    keepsType: true,
    showWhen: writes,
  }),
  columns: z.array(column).max(200).default([]).meta({
    title: 'Columns',
    description: 'None: every value that the entries have.',
    showWhen: writes,
  }),
  format: z
    .enum(['xlsx', 'csv'])
    .default('xlsx')
    .meta({ title: 'Kind of file', options: { xlsx: 'Excel (.xlsx)', csv: 'CSV' }, showWhen: writes }),
  fileName: z
    .string()
    .max(200)
    .default('')
    .meta({ title: 'Name of the file', placeholder: 'orders-{{ run.startedAt | date: "%Y-%m-%d" }}', template: true, showWhen: writes }),
  sheet: z.string().max(200).default('').meta({
    title: 'Sheet',
    description: 'The name on its tab; when reading also its number, and empty is the first one.',
    template: true,
  }),
  headerRow: z.number().int().min(0).max(1_000).default(1).meta({
    title: 'Row with the headings',
    description: '0: there is none, and columns are called A, B, C.',
    showWhen: reads,
  }),
  maxRows: z.number().int().min(1).max(10_000).default(1_000).meta({ title: 'Rows at most', advanced: true, showWhen: reads }),
  types: z
    .enum(['guess', 'text'])
    .default('guess')
    .meta({
      title: 'Values',
      description: 'What begins with a zero or a plus always stays a text.',
      options: { guess: 'Numbers are numbers', text: 'Everything is text' },
      advanced: true,
      showWhen: reads,
    }),
  delimiter: z
    .enum(['auto', ',', ';', '\t', '|'])
    .default('auto')
    .meta({
      title: 'CSV: between values',
      options: { auto: 'Found by itself; a comma when written', ...delimiters },
      advanced: true,
    }),
  encoding: z
    .enum(['auto', 'utf-8', 'windows-1252', 'utf-16le'])
    .default('auto')
    .meta({
      title: 'CSV: encoding',
      options: {
        auto: 'Found by itself; UTF-8 that Excel opens rightly when written',
        'utf-8': 'UTF-8',
        'windows-1252': 'Windows-1252',
        'utf-16le': 'UTF-16',
      },
      advanced: true,
    }),
  hasHeader: z.boolean().default(true).meta({ title: 'CSV: headings in the first row', advanced: true, showWhen: writes }),
  forProgram: z.boolean().default(false).meta({
    title: 'CSV: for a program, exactly as it is',
    description: 'Otherwise a text that a spreadsheet would calculate, as =1+1, begins with an apostrophe.',
    advanced: true,
    showWhen: writes,
  }),
});
export type SpreadsheetConfig = z.infer<typeof config>;

const failed = { failed: { label: 'Gave up', unhappy: true } };

export const spreadsheet = defineEffect({
  type: 'spreadsheet',
  typeVersion: 1,
  title: 'Spreadsheet file',
  summary: 'Reads the rows of an Excel or CSV file, or writes a list into one.',
  icon: 'file-spreadsheet',
  category: 'act',
  keywords: ['excel', 'xlsx', 'csv', 'rows', 'export', 'import', 'hoja', 'filas', 'tabla', 'planilla'],
  config,
  ports: (given): Ports =>
    given.operation === 'write'
      ? { done: { label: 'Written', mandatory: true }, ...failed }
      : { done: { label: 'Read', mandatory: true }, empty: { label: 'No rows', unhappy: true }, ...failed },
  retry: { maxAttempts: 3, firstDelay: '5s', factor: 3, maxDelay: '1m' },
  timeout: '2m',
  pace: 'slow',
  output: z.object({
    /** What was written; null after reading. */
    file: fileRef.nullable(),
    /** Rows that hold something. */
    count: z.number(),
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.json())),
    /** There are more than were read. */
    hasMore: z.boolean(),
    sheets: z.array(z.string()),
  }),
  describe: (given) => shortText(given.operation === 'write' ? given.fileName : given.file),
  check: ({ operation, file, rows }) => [
    ...(operation === 'read' && file.trim() === ''
      ? [finding('file', 'It is not said which file to read.', 'Choose a file from an earlier step or a message.')]
      : []),
    ...(operation === 'write' && rows.trim() === ''
      ? [finding('rows', 'There is nothing to write.', 'Choose a list from an earlier step.')]
      : []),
  ],
  samples,
});
