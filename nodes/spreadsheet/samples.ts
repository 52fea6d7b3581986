import type { Sample } from '@holdfast/node-kit';

export const samples: readonly Sample[] = [
  {
    name: 'writes a list into an Excel file',
    config: {
      operation: 'write',
      rows: '{{ trigger.body.orders }}',
      columns: [
        { label: 'Order', value: 'number' },
        { label: 'Customer', value: 'customer.name' },
        { label: 'Amount', value: 'quantity * price' },
      ],
      fileName: 'orders',
    },
    input: { trigger: { body: { orders: [{ number: 'A-1', customer: { name: 'Ana' }, quantity: 2, price: 4.5 }] } } },
    expect: { port: 'done', output: { file: { name: 'orders.xlsx' }, count: 1, columns: ['Order', 'Customer', 'Amount'] } },
  },
  {
    name: 'writes every value that the entries have',
    config: { operation: 'write', rows: '{{ trigger.body.orders }}', format: 'csv', fileName: 'orders' },
    input: { trigger: { body: { orders: [{ number: 'A-1' }, { number: 'A-2', note: 'urgent' }] } } },
    expect: { port: 'done', output: { file: { name: 'orders.csv' }, count: 2, columns: ['number', 'note'] } },
  },
];
