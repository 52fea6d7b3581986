import { sendingSettings } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { quietSettings, quietValues } from './quiet-hours-values.ts';

const night = { from: '22:00', to: '07:30', purposes: ['marketing' as const] };

test('what was saved is what the form shows, and saves the same again', () => {
  for (const saved of [
    { timezone: 'Europe/Madrid', quietHours: night },
    { timezone: 'Africa/Nairobi', quietHours: { ...night, days: ['sat' as const, 'sun' as const] } },
    { timezone: 'UTC', quietHours: null },
    { timezone: 'UTC', quietHours: { ...night, purposes: ['service' as const, 'marketing' as const] } },
  ])
    expect(quietSettings(quietValues(saved))).toEqual(saved);
});

test('no day at all, and around the clock on every day, are refused', () => {
  const values = quietValues({ timezone: 'UTC', quietHours: night });
  const paths = (changed: object) =>
    sendingSettings.safeParse(quietSettings({ ...values, ...changed })).error?.issues.map(({ path }) => path.join('.'));
  expect(paths({ days: [] })).toEqual(['quietHours.days']);
  expect(paths({ from: '08:00', to: '08:00' })).toEqual(['quietHours.to']);
  expect(paths({ from: '08:00', to: '08:00', days: ['sun'] })).toBeUndefined();
});
