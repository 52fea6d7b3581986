import type { JsonValue, Sample } from '@holdfast/node-kit';

const base = 'https://quickbooks.api.intuit.com';
const query = (body: JsonValue): NonNullable<Sample['world']> => [
  { request: `GET ${base}/query`, status: 200, body: { QueryResponse: body } },
];

export const samples: readonly Sample[] = [
  {
    name: 'looks up an invoice and what is still to be paid',
    config: { credential: 'cred_1', value: '{{ trigger.text }}' },
    input: { trigger: { text: '1001' } },
    world: query({
      Invoice: [
        {
          Id: '7',
          SyncToken: '0',
          DocNumber: '1001',
          CustomerRef: { value: '1', name: 'Amina' },
          TotalAmt: 24,
          Balance: 10,
          TxnDate: '2026-11-20',
          DueDate: '2026-12-20',
        },
      ],
    }),
    expect: {
      port: 'done',
      output: {
        count: 1,
        record: {
          type: 'Invoice',
          id: '7',
          number: '1001',
          name: 'Amina',
          email: null,
          total: 24,
          balance: 10,
          price: null,
          onHand: null,
          date: '2026-11-20',
          dueDate: '2026-12-20',
        },
        wasThere: true,
      },
    },
  },
  {
    name: 'says when there is no such customer',
    config: { credential: 'cred_1', entity: 'Customer', value: 'Nobody' },
    world: query({}),
    expect: { port: 'missing', output: { count: 0, record: null, records: [], wasThere: false } },
  },
];
