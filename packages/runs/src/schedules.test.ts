import { expect, test } from 'vitest';
import { nextFireAt } from './schedules.ts';

test('a time in the customer’s zone stays at its hour when the clocks change', () => {
  const config = { cron: '0 9 * * *', timezone: 'Europe/Madrid' };
  expect(nextFireAt(config, new Date('2026-10-24T07:00:00Z'))?.toISOString()).toBe('2026-10-25T08:00:00.000Z');
});

test('a time that the clocks skip or repeat comes once', () => {
  const config = { cron: '30 2 * * *', timezone: 'Europe/Madrid' };
  const first = nextFireAt(config, new Date('2026-10-24T12:00:00Z'));
  const second = nextFireAt(config, first ?? new Date());
  expect((second?.getTime() ?? 0) - (first?.getTime() ?? 0)).toBeGreaterThan(12 * 3_600_000);
});

test('what never comes round has no next time', () => {
  expect(nextFireAt({ cron: '0 0 30 2 *', timezone: 'UTC' }, new Date())).toBeNull();
  expect(nextFireAt({ cron: 'nonsense', timezone: 'UTC' }, new Date())).toBeNull();
});
