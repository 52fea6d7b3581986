import type { Sample } from '@holdfast/node-kit';

const spreadsheet = 'https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp/edit#gid=0';
const base = 'https://sheets.googleapis.com/v4/spreadsheets/1AbCdEfGhIjKlMnOp/values';
const header = { request: `GET ${base}/1%3A1`, status: 200, body: { values: [['Order', 'Customer', 'Total']] } };

export const samples: readonly Sample[] = [
  {
    name: 'finds the row of an order',
    config: { operation: 'read', credential: 'cred_1', spreadsheet, keyColumn: 'Order', keyValue: '{{ trigger.text }}' },
    input: { trigger: { text: 'A-2' } },
    world: [
      header,
      {
        request: `GET ${base}/A2%3AC5001`,
        status: 200,
        body: {
          values: [
            ['A-1', 'Amina', 12],
            ['A-2', 'Brian', 30],
          ],
        },
      },
    ],
    expect: {
      port: 'done',
      output: {
        count: 1,
        row: 3,
        wasThere: true,
        values: { Order: 'A-2', Customer: 'Brian', Total: 30 },
        rows: [{ row: 3, values: { Order: 'A-2', Customer: 'Brian', Total: 30 } }],
      },
    },
  },
  {
    name: 'says when there is no such row',
    config: { operation: 'update', credential: 'cred_1', spreadsheet, keyColumn: 'Order', keyValue: 'A-9', values: { Total: '5' } },
    world: [header, { request: `GET ${base}/A2%3AA20001`, status: 200, body: { values: [['A-1'], ['A-2']] } }],
    expect: { port: 'missing', output: { count: 0, row: null, wasThere: false, values: null, rows: [] } },
  },
  {
    name: 'adds no order that is there already',
    config: { credential: 'cred_1', spreadsheet, values: { Order: 'A-2', Customer: 'Brian' }, uniqueColumn: 'Order' },
    world: [header, { request: `GET ${base}/A2%3AA20001`, status: 200, body: { values: [['A-1'], ['A-2']] } }],
    expect: { port: 'done', output: { count: 1, row: 3, wasThere: true, values: { Order: 'A-2', Customer: 'Brian' }, rows: [] } },
  },
];
