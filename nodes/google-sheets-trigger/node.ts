import { defineTrigger } from '@holdfast/node-kit';
import { z } from 'zod';
import { connectionGone } from '../fields/finding.ts';
import { sheetCredential, sheetKinds, spreadsheetFindings } from '../google-sheets/sheet-fields.ts';
import { samples } from './samples.ts';

const starts = { new: 'A row is new', changed: 'A row has changed', both: 'A row is new or has changed' } as const;

export const googleSheetsTrigger = defineTrigger({
  type: 'google-sheets-trigger',
  typeVersion: 1,
  source: 'connection',
  title: 'Google Sheets rows',
  summary: 'Starts for each new or changed row of a sheet. It looks every minute.',
  icon: 'table',
  category: 'start',
  keywords: ['spreadsheet', 'excel', 'row', 'google', 'form', 'trigger', 'start', 'hoja', 'fila', 'planilla', 'inicio'],
  config: z.strictObject({
    credential: sheetCredential,
    spreadsheet: z.string('Paste the address of the spreadsheet').min(1, 'Paste the address of the spreadsheet').max(2_000).meta({
      title: 'Spreadsheet',
      description: 'Its address, copied from the browser.',
      placeholder: 'https://docs.google.com/spreadsheets/d/…',
    }),
    sheet: z
      .string()
      .max(200)
      .default('')
      .meta({ title: 'Sheet', description: 'The name on its tab. Empty: the first one.', widget: 'sheet-name' }),
    startWhen: z.enum(['new', 'changed', 'both']).default('new').meta({ title: 'Start when', options: starts }),
    keyColumn: z.string().max(200).default('').meta({
      title: 'Column that tells rows apart',
      description:
        'Its name in the first row, such as an order number. Rows in which it is empty wait. Empty: rows are known by all that stands in them.',
      placeholder: 'Order',
      widget: 'sheet-column',
    }),
    columns: z
      .array(z.string().min(1).max(200))
      .max(100)
      .default([])
      .meta({
        title: 'Columns that count as a change',
        description: 'Empty: all of them. Leave out those that this flow writes to, or it starts itself.',
        placeholder: 'Status',
        widget: 'sheet-column',
        showWhen: { field: 'startWhen', is: ['changed', 'both'] },
      }),
    everySeconds: z.number().int().min(30).max(86_400).default(60).meta({ title: 'Look every … seconds', advanced: true }),
    existing: z
      .enum(['known', 'start'])
      .default('known')
      .meta({
        title: 'Rows that are there already',
        options: { known: 'Are known: only what comes later starts the flow', start: 'Start the flow too, once each' },
        advanced: true,
      }),
  }),
  ports: { row: { label: 'A row', mandatory: true } },
  describe: (given) => `${starts[given.startWhen]}${given.sheet === '' ? '' : ` · ${given.sheet}`}`,
  check: (given, world) => [...connectionGone({ ...given, kinds: sheetKinds }, world), ...spreadsheetFindings(given.spreadsheet)],
  samples,
});
