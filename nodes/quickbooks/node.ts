import { defineEffect } from '@holdfast/node-kit';
import { z } from 'zod';
import { keepFieldsWhen, keepingOf, keptPort } from '../calls/keep-fields.ts';
import { connectionGone, finding } from '../fields/finding.ts';
import { shortText } from '../fields/short-text.ts';
import { entities, recordShape } from './records.ts';
import { samples } from './samples.ts';

const shown = (...is: string[]) => ({ field: 'operation', is }) as const;
const operations = {
  find: 'Look something up',
  query: 'Search by conditions',
  'save-customer': 'Change a customer, or add them',
  'create-invoice': 'Make an invoice',
  'create-estimate': 'Make an estimate',
  'record-payment': 'Record a payment',
} as const;

const line = z.strictObject({
  item: z
    .string()
    .min(1, 'Name the product or service')
    .max(300)
    .meta({ title: 'Product or service', description: 'Its name in QuickBooks.', template: true }),
  quantity: z.string().min(1, 'Give a number').max(300).default('1').meta({ title: 'How many', template: true, keepsType: true }),
  price: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'Price of one', description: 'Empty: the price in QuickBooks.', template: true, keepsType: true }),
});

const condition = z.strictObject({
  field: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,60}(\.[A-Za-z][A-Za-z0-9]{0,60})?$/, 'Write the name of a field as QuickBooks does, such as TotalAmt')
    .meta({ title: 'Field', placeholder: 'TotalAmt' }),
  operator: z
    .enum(['=', '<', '>', '<=', '>=', 'like'])
    .default('=')
    .meta({
      title: 'Comparison',
      options: {
        '=': 'is',
        '<': 'is less than',
        '>': 'is more than',
        '<=': 'is at most',
        '>=': 'is at least',
        like: 'is like (% stands for anything)',
      },
    }),
  value: z.string().max(500).default('').meta({ title: 'Value', template: true }),
});

const config = z.strictObject({
  operation: z
    .enum(['find', 'query', 'save-customer', 'create-invoice', 'create-estimate', 'record-payment'])
    .default('find')
    .meta({ title: 'What to do', options: operations }),
  credential: z
    .string('Choose the company')
    .min(1, 'Choose the company')
    .meta({ title: 'Company', widget: 'credential', credentialKinds: ['quickbooks'] }),
  entity: z
    .enum(entities)
    .default('Invoice')
    .meta({
      title: 'What to look for',
      options: {
        Customer: 'A customer, by name',
        Item: 'A product or service, by name',
        Invoice: 'An invoice, by number',
        Estimate: 'An estimate, by number',
        Payment: 'A payment, by reference',
      },
      showWhen: shown('find', 'query'),
    }),
  by: z
    .enum(['key', 'id'])
    .default('key')
    .meta({
      title: 'Look by',
      description: 'What QuickBooks tells names records by their id.',
      options: { key: 'Name or number', id: 'Id in QuickBooks' },
      showWhen: shown('find'),
    }),
  conditions: z
    .array(condition)
    .max(10)
    .default([])
    .meta({ title: 'Conditions', description: 'All of them hold. None: everything.', showWhen: shown('query') }),
  limit: z
    .number()
    .int()
    .min(1)
    .max(500)
    .default(50)
    .meta({ title: 'Records at most', advanced: true, showWhen: shown('query') }),
  value: z
    .string()
    .max(500)
    .default('')
    .meta({ title: 'Name or number', placeholder: '{{ trigger.text }}', template: true, showWhen: shown('find') }),
  customer: z
    .string()
    .max(500)
    .default('')
    .meta({
      title: 'Customer',
      description: 'The name in QuickBooks.',
      template: true,
      showWhen: shown('save-customer', 'create-invoice', 'create-estimate', 'record-payment'),
    }),
  email: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'E-mail address', template: true, showWhen: shown('save-customer', 'create-invoice', 'create-estimate') }),
  onConflict: z
    .enum(['again', 'stop'])
    .default('again')
    .meta({
      title: 'When somebody else saved the record meanwhile',
      options: { again: 'Read it again, and change only our fields', stop: 'Change nothing, and let the step fail' },
      advanced: true,
      showWhen: shown('save-customer'),
    }),
  phone: z
    .string()
    .max(100)
    .default('')
    .meta({ title: 'Phone number', template: true, showWhen: shown('save-customer') }),
  lines: z
    .array(line)
    .max(100)
    .default([])
    .meta({ title: 'Lines', showWhen: shown('create-invoice', 'create-estimate') }),
  dueDate: z
    .string()
    .max(100)
    .default('')
    .meta({
      title: 'Due on',
      description: 'As 2026-12-31. For an estimate: valid until.',
      template: true,
      advanced: true,
      showWhen: shown('create-invoice', 'create-estimate'),
    }),
  note: z
    .string()
    .max(1_000)
    .default('')
    .meta({ title: 'Note to the customer', template: true, advanced: true, showWhen: shown('create-invoice', 'create-estimate') }),
  amount: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'Amount', template: true, keepsType: true, showWhen: shown('record-payment') }),
  invoice: z
    .string()
    .max(100)
    .default('')
    .meta({
      title: 'Invoice',
      description: 'Its number. Empty: for the customer’s account.',
      template: true,
      showWhen: shown('record-payment'),
    }),
  ...keepFieldsWhen(shown('save-customer', 'create-invoice', 'create-estimate', 'record-payment')),
});
export type QuickbooksConfig = z.infer<typeof config>;

const needed: Readonly<Record<string, readonly ('value' | 'customer' | 'amount')[]>> = {
  find: ['value'],
  query: [],
  'save-customer': ['customer'],
  'create-invoice': ['customer'],
  'create-estimate': ['customer'],
  'record-payment': ['customer', 'amount'],
};
const looks = new Set<string>(['find', 'query']);
const sells = new Set<string>(['create-invoice', 'create-estimate']);

export const quickbooks = defineEffect({
  type: 'quickbooks',
  typeVersion: 1,
  title: 'QuickBooks',
  summary: 'Customers, products, invoices, estimates and payments of a company.',
  icon: 'receipt-2',
  category: 'systems',
  keywords: ['invoice', 'estimate', 'payment', 'accounting', 'customer', 'factura', 'presupuesto', 'pago', 'contabilidad'],
  config,
  ports: ({ operation, keepCall }) => ({
    done: { label: looks.has(operation) ? 'Found' : 'Done', mandatory: true },
    ...(looks.has(operation) ? { missing: { label: 'Not found', unhappy: true } } : {}),
    ...keptPort(keepCall && !looks.has(operation)),
    failed: { label: 'Gave up', unhappy: true },
  }),
  // QuickBooks refills its limits by the minute.
  retry: { maxAttempts: 8, firstDelay: '2s', factor: 2, maxDelay: '2m' },
  timeout: '90s',
  keeps: (given) => keepingOf(given, { writes: !looks.has(given.operation), credential: given.credential }),
  output: z.object({
    count: z.number(),
    record: recordShape.nullable(),
    records: z.array(recordShape),
    rows: z.array(z.record(z.string(), z.json())),
    wasThere: z.boolean(),
  }),
  describe: ({ operation, value, customer }) =>
    [operations[operation], shortText(operation === 'find' ? value : customer)].filter((part) => part !== '').join(': '),
  check: (given, world) => {
    const empty = (needed[given.operation] ?? []).filter((field) => given[field].trim() === '');
    return [
      ...connectionGone({ ...given, kinds: ['quickbooks'], what: 'The company of this step' }, world),
      ...empty.map((field) => finding(field, 'This is needed for what the step does.', 'Fill it in, or insert a value.')),
      ...(sells.has(given.operation) && given.lines.length === 0 ? [finding('lines', 'There is nothing on it.', 'Add a line.')] : []),
    ];
  },
  samples,
});
