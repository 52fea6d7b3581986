import { defineTrigger } from '@holdfast/node-kit';
import { z } from 'zod';
import { connectionGone } from '../fields/finding.ts';
import { samples } from './samples.ts';

const entities = ['Customer', 'Item', 'Invoice', 'Estimate', 'Payment'] as const;
const entityTitles = {
  Customer: 'Customers',
  Item: 'Products and services',
  Invoice: 'Invoices',
  Estimate: 'Estimates',
  Payment: 'Payments',
} as const;
const operations = ['Create', 'Update', 'Delete', 'Void', 'Merge', 'Emailed'] as const;
const operationTitles = {
  Create: 'Was added',
  Update: 'Was changed',
  Delete: 'Was deleted',
  Void: 'Was voided',
  Merge: 'Was merged with another',
  Emailed: 'Was sent by e-mail',
} as const;

export const quickbooksTrigger = defineTrigger({
  type: 'quickbooks-trigger',
  typeVersion: 1,
  source: 'connection',
  title: 'QuickBooks tells',
  summary: 'Starts when a customer, product, invoice, estimate or payment of a company changes.',
  icon: 'receipt-2',
  category: 'start',
  keywords: ['invoice', 'estimate', 'payment', 'accounting', 'customer', 'trigger', 'start', 'factura', 'presupuesto', 'pago', 'inicio'],
  config: z.strictObject({
    credential: z
      .string('Choose the company')
      .min(1, 'Choose the company')
      .meta({
        title: 'Company',
        description: 'The address that Intuit is to call stands with the connection.',
        widget: 'credential',
        credentialKinds: ['quickbooks'],
      }),
    topics: z
      .array(z.enum(entities).meta({ options: entityTitles }))
      .min(1, 'Choose at least one')
      .max(entities.length)
      .default(['Invoice'])
      .meta({ title: 'Of what', options: entityTitles }),
    operations: z
      .array(z.enum(operations).meta({ options: operationTitles }))
      .min(1, 'Choose at least one')
      .max(operations.length)
      .default(['Create', 'Update'])
      .meta({ title: 'Start when it', options: operationTitles }),
  }),
  ports: { happened: { label: 'It happened', mandatory: true } },
  describe: (given) =>
    `${given.topics.map((topic) => entityTitles[topic]).join(', ')} · ${given.operations.map((each) => operationTitles[each]).join(', ')}`,
  check: (given, world) => connectionGone({ ...given, kinds: ['quickbooks'], what: 'The company of this step' }, world),
  samples,
});
