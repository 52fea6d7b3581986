import { expect, test } from 'vitest';
import { changeKind, parseCron, writeCron } from './cron-pattern.ts';

test.each(['5 * * * *', '30 9 * * *', '0 9 * * 1-5', '15 8 * * 3', '0 7 1 * *', '*/5 * * * *', '0 9 * 1 *', 'nonsense'])(
  '%s comes back as it was',
  (text) => {
    expect(writeCron(parseCron(text))).toBe(text);
  },
);

test('only what the lists can show is shown in lists', () => {
  expect(['0 9 * * 1-5', '0 9 * * 7', '*/5 * * * *', '0 9 1 * 1'].map((text) => parseCron(text).kind)).toEqual([
    'weekdays',
    'weekly',
    'custom',
    'custom',
  ]);
});

test('another kind keeps the time of day', () => {
  expect(writeCron(changeKind(parseCron('30 17 * * *'), 'weekly'))).toBe('30 17 * * 1');
  expect(changeKind(parseCron('30 17 * * *'), 'custom')).toEqual({ kind: 'custom', text: '30 17 * * *' });
});
