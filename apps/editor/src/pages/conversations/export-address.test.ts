import { expect, test } from 'vitest';
import { exportAddress } from './export-address.ts';

const open = { format: 'csv', channel: null, search: ' ', from: '', to: '' } as const;

test('an open filter asks for everything', () => {
  expect(exportAddress(open)).toBe('/api/messages/export?format=csv');
});

test('both days are included, as the reader’s calendar has them', () => {
  const { searchParams } = new URL(exportAddress({ ...open, from: '2026-11-30', to: '2026-11-30' }), 'http://x');
  const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? ''].map((at) => new Date(at));
  expect([from?.getDate(), from?.getHours(), to?.getDate(), to?.getMonth()]).toEqual([30, 0, 1, 11]);
});

test('words and channels go along, whatever is in them', () => {
  expect(exportAddress({ ...open, format: 'mbox', channel: 'chan_1', search: 'a&b=c' })).toBe(
    '/api/messages/export?format=mbox&channel=chan_1&search=a%26b%3Dc',
  );
});
