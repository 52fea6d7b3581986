import { defineEffect } from '@holdfast/node-kit';
import { z } from 'zod';
import { keepFieldsWhen, keepingOf, keptPort } from '../calls/keep-fields.ts';
import { connectionGone, finding } from '../fields/finding.ts';
import { shortText } from '../fields/short-text.ts';
import { samples } from './samples.ts';
import { customerShape, orderShape, productShape } from './shapes.ts';

const shown = (...is: string[]) => ({ field: 'operation', is }) as const;
const operations = {
  'find-orders': 'Find orders',
  'create-order': 'Make an order',
  'find-product': 'Look up a product and its stock',
  'set-stock': 'Set the stock',
  'change-stock': 'Add to the stock, or take from it',
  'find-customer': 'Look up a customer',
  'save-customer': 'Change a customer, or add them',
} as const;

const item = z.strictObject({
  sku: z.string().min(1, 'Give the SKU').max(300).meta({ title: 'SKU', template: true }),
  quantity: z.string().min(1, 'Give a number').max(300).default('1').meta({ title: 'How many', template: true, keepsType: true }),
});

const config = z.strictObject({
  operation: z
    .enum(['find-orders', 'create-order', 'find-product', 'set-stock', 'change-stock', 'find-customer', 'save-customer'])
    .default('find-orders')
    .meta({ title: 'What to do', options: operations }),
  credential: z
    .string('Choose the shop')
    .min(1, 'Choose the shop')
    .meta({ title: 'Shop', widget: 'credential', credentialKinds: ['shopify'] }),
  order: z
    .string()
    .max(500)
    .default('')
    .meta({
      title: 'Order',
      description: 'Its number, or the customer’s e-mail address.',
      placeholder: '{{ trigger.text }}',
      template: true,
      showWhen: shown('find-orders'),
    }),
  sku: z
    .string()
    .max(500)
    .default('')
    .meta({ title: 'SKU', template: true, showWhen: shown('find-product', 'set-stock', 'change-stock') }),
  quantity: z
    .string()
    .max(300)
    .default('')
    .meta({
      title: 'Number',
      description: 'With a minus it is taken away.',
      template: true,
      keepsType: true,
      showWhen: shown('set-stock', 'change-stock'),
    }),
  location: z
    .string()
    .max(300)
    .default('')
    .meta({
      title: 'Location',
      description: 'Empty: the first one.',
      template: true,
      advanced: true,
      showWhen: shown('set-stock', 'change-stock'),
    }),
  customer: z
    .string()
    .max(500)
    .default('')
    .meta({
      title: 'Customer',
      description: 'An e-mail address, or a phone number with its country code.',
      template: true,
      showWhen: shown('find-customer', 'save-customer'),
    }),
  firstName: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'First name', template: true, showWhen: shown('save-customer') }),
  lastName: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'Last name', template: true, showWhen: shown('save-customer') }),
  items: z
    .array(item)
    .max(100)
    .default([])
    .meta({ title: 'Products', showWhen: shown('create-order') }),
  email: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'E-mail address', template: true, showWhen: shown('create-order') }),
  note: z
    .string()
    .max(5_000)
    .default('')
    .meta({ title: 'Note', template: true, showWhen: shown('create-order', 'save-customer') }),
  limit: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(10)
    .meta({ title: 'Orders at most', advanced: true, showWhen: shown('find-orders') }),
  ...keepFieldsWhen(shown('create-order', 'set-stock', 'change-stock', 'save-customer')),
});
export type ShopifyConfig = z.infer<typeof config>;

const finds = new Set<string>(['find-orders', 'find-product', 'find-customer']);
const canMiss = new Set<string>(['find-orders', 'find-product', 'set-stock', 'change-stock', 'find-customer']);
const needed: Readonly<Record<string, readonly ('order' | 'sku' | 'quantity' | 'customer')[]>> = {
  'find-orders': ['order'],
  'find-product': ['sku'],
  'set-stock': ['sku', 'quantity'],
  'change-stock': ['sku', 'quantity'],
  'find-customer': ['customer'],
  'save-customer': ['customer'],
};

export const shopify = defineEffect({
  type: 'shopify',
  typeVersion: 1,
  title: 'Shopify',
  summary: 'Orders, products, stock and customers of a shop.',
  icon: 'building-store',
  category: 'systems',
  keywords: ['shop', 'order', 'stock', 'inventory', 'product', 'customer', 'tienda', 'pedido', 'existencias'],
  config,
  ports: ({ operation, keepCall }) => ({
    done: { label: finds.has(operation) ? 'Found' : 'Done', mandatory: true },
    ...(canMiss.has(operation) ? { missing: { label: 'Not found', unhappy: true } } : {}),
    ...keptPort(keepCall && !finds.has(operation)),
    failed: { label: 'Gave up', unhappy: true },
  }),
  retry: { maxAttempts: 8, firstDelay: '1s', factor: 2, maxDelay: '1m' },
  timeout: '45s',
  // Of all that it changes, only orders have no key that Shopify knows them again by.
  isRepeatable: ({ operation }) => operation !== 'create-order',
  keeps: (given) => keepingOf(given, { writes: !finds.has(given.operation), credential: given.credential }),
  output: z.object({
    count: z.number(),
    order: orderShape.nullable(),
    orders: z.array(orderShape),
    product: productShape.nullable(),
    customer: customerShape.nullable(),
    wasThere: z.boolean(),
  }),
  describe: ({ operation, order, sku, customer }) =>
    [operations[operation], shortText(order || sku || customer)].filter((part) => part !== '').join(': '),
  check: (given, world) => {
    const empty = (needed[given.operation] ?? []).filter((field) => given[field].trim() === '');
    return [
      ...connectionGone({ ...given, kinds: ['shopify'], what: 'The shop of this step' }, world),
      ...empty.map((field) => finding(field, 'This is needed for what the step does.', 'Fill it in, or insert a value.')),
      ...(given.operation === 'create-order' && given.items.length === 0
        ? [finding('items', 'The order has no products.', 'Add a product.')]
        : []),
    ];
  },
  samples,
});
