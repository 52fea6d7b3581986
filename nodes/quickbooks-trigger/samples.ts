import type { Sample } from '@holdfast/node-kit';

export const samples: readonly Sample[] = [
  {
    name: 'starts with a new invoice, which a later step looks up by its id',
    config: { credential: 'cred_books', topics: ['Invoice'], operations: ['Create'] },
    input: {
      trigger: {
        entity: 'Invoice',
        operation: 'Create',
        id: '145',
        company: '4620816365',
        happenedAt: '2026-11-23T10:00:00.000Z',
        isCaughtUp: false,
        mergedId: null,
      },
    },
    expect: { port: 'happened' },
  },
];
