import type { Sample } from '@holdfast/node-kit';

export const samples: readonly Sample[] = [
  {
    name: 'starts for a row that was added',
    config: { credential: 'cred_google', spreadsheet: 'https://docs.google.com/spreadsheets/d/1aBcDeFgHiJk/edit' },
    input: {
      trigger: {
        change: 'new',
        row: 12,
        key: '',
        values: { Name: 'Amina', Product: 'Milk', Quantity: 2 },
        sheet: '',
        seenAt: '2026-11-23T10:00:00.000Z',
      },
    },
    expect: { port: 'row' },
  },
  {
    name: 'starts when the status of an order changes',
    config: {
      credential: 'cred_google',
      spreadsheet: '1aBcDeFgHiJk',
      sheet: 'Orders',
      startWhen: 'changed',
      keyColumn: 'Order',
      columns: ['Status'],
    },
    input: {
      trigger: {
        change: 'changed',
        row: 7,
        key: '1001',
        values: { Order: 1001, Status: 'packed' },
        sheet: 'Orders',
        seenAt: '2026-11-23T10:00:00.000Z',
      },
    },
    expect: { port: 'row' },
  },
];
