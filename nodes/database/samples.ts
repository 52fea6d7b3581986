import type { DatabaseRefusal, Sample } from '@holdfast/node-kit';

const orders = {
  credential: 'cred_shop',
  sql: 'select status, total from orders where number = :number',
  values: [{ name: 'number', value: '{{ trigger.text }}', as: 'text' }],
};
const found = { rows: [{ status: 'shipped', total: 12.5 }], rowCount: 1, isTruncated: false, refusal: null };
const nothing = { rows: [], rowCount: 0, isTruncated: false, refusal: null };
const refusal: DatabaseRefusal = {
  kind: 'exists-already',
  constraint: 'tickets_number_key',
  table: 'tickets',
  columns: ['number'],
  reason: 'There is a row with the same "number" in "tickets" already (tickets_number_key).',
};
const tickets = {
  operation: 'change',
  credential: 'cred_shop',
  sql: 'insert into tickets (number, text) values (:number, :text)',
  values: [
    { name: 'number', value: '{{ trigger.number }}', as: 'number' },
    { name: 'text', value: '{{ trigger.text }}', as: 'text' },
  ],
};

export const samples: readonly Sample[] = [
  {
    name: 'finds the row of an order',
    config: orders,
    input: { trigger: { text: 'A-1001' } },
    database: found,
    expect: {
      port: 'found',
      output: { rows: found.rows, first: { status: 'shipped', total: 12.5 }, count: 1, truncated: false, refusal: null },
    },
  },
  {
    name: 'says when there is no such order',
    config: orders,
    input: { trigger: { text: "x' or '1'='1" } },
    database: nothing,
    expect: { port: 'none', output: { rows: [], first: null, count: 0, truncated: false, refusal: null } },
  },
  {
    name: 'says which rule of the table refused a new row',
    config: tickets,
    input: { trigger: { number: 7, text: 'It said "broken"' } },
    database: { ...nothing, refusal },
    expect: { port: 'refused', output: { rows: [], first: null, count: 0, truncated: false, refusal: { ...refusal } } },
  },
];
