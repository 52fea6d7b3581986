import type { Sample } from '@holdfast/node-kit';

export const samples: readonly Sample[] = [
  {
    name: 'makes an invoice of an order',
    config: {
      title: 'Invoice {{ trigger.body.number }}',
      blocks: [
        { kind: 'heading', heading: 'Invoice {{ trigger.body.number }}' },
        {
          kind: 'table',
          items: '{{ trigger.body.lines }}',
          columns: [
            { label: 'Description', value: 'description', width: 'wide' },
            { label: 'Amount', value: 'quantity * price', as: 'money', align: 'right' },
          ],
        },
        { kind: 'totals', lines: [{ label: 'Total', value: '{{ trigger.body.total }}', as: 'money', strong: true }] },
      ],
    },
    input: { trigger: { body: { number: 'A-1', lines: [{ description: 'Kelp', quantity: 2, price: '4.50' }], total: 9 } } },
    expect: { port: 'done', output: { file: { name: 'Invoice A-1.pdf', mimeType: 'application/pdf' }, pages: 1, notShown: '' } },
  },
  {
    name: 'tells which characters it can’t show',
    config: { title: 'Letter', blocks: [{ kind: 'text', text: 'Dear {{ trigger.body.name }}' }] },
    input: { trigger: { body: { name: 'Ana 中' } } },
    expect: { port: 'done', output: { pages: 1, notShown: '中' } },
  },
];
