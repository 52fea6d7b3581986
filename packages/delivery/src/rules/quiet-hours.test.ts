import type { Purpose } from '@holdfast/db';
import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { quietHours } from './quiet-hours.ts';

const marketing: Purpose[] = ['marketing'];
const hours = { from: '21:00', to: '08:00', purposes: marketing };
const minutes = (verdict: ReturnType<typeof quietHours>) => (verdict?.state === 'later' ? verdict.inMs / 60_000 : null);

// It is 12:00 UTC on 23 November 2026.
test.each([
  ['Europe/Madrid, 13:00', 'Europe/Madrid', null],
  ['America/Los_Angeles, 04:00', 'America/Los_Angeles', 240],
  ['Asia/Tokyo, 21:00 sharp', 'Asia/Tokyo', 660],
  ['Asia/Kathmandu, 17:45', 'Asia/Kathmandu', null],
  ['a zone that nobody knows counts as UTC', 'Mars/Olympus', null],
])('%s', (_name, timezone, expected) => {
  expect(minutes(quietHours(sendContext({ purpose: 'marketing', target: { timezone }, limits: { quietHours: hours } })))).toBe(expected);
});

test('the contact’s own zone comes before the channel’s, and that before the workspace’s', () => {
  const sending = { timezone: 'Asia/Tokyo', quietHours: hours };
  expect(minutes(quietHours(sendContext({ purpose: 'marketing', target: { sending } })))).toBe(660);
  const limits = { quietHours: { ...hours, timezone: 'America/Los_Angeles' } };
  expect(minutes(quietHours(sendContext({ purpose: 'marketing', target: { sending }, limits })))).toBe(240);
  expect(minutes(quietHours(sendContext({ purpose: 'marketing', target: { sending, timezone: 'UTC' }, limits })))).toBeNull();
});

test('service goes out at night unless the setting names it', () => {
  const target = { timezone: 'Asia/Tokyo' };
  expect(quietHours(sendContext({ target, limits: { quietHours: hours } }))).toBeNull();
  expect(quietHours(sendContext({ target, limits: { quietHours: { ...hours, purposes: ['service'] } } }))?.code).toBe('send.quiet');
});

test('hours within one day work too, and end at their end', () => {
  const siesta = { from: '12:00', to: '15:30', purposes: marketing };
  expect(minutes(quietHours(sendContext({ purpose: 'marketing', limits: { quietHours: siesta } })))).toBe(210);
  expect(
    quietHours(
      sendContext({ purpose: 'marketing', target: { timezone: 'Europe/Athens' }, limits: { quietHours: { ...siesta, to: '14:00' } } }),
    ),
  ).toBeNull();
});

// It is Monday.
test.each([
  ['a night that began on Sunday is quiet until Monday morning', { from: '21:00', to: '15:00', days: ['sun'] }, 180],
  ['not when only Mondays are quiet', { from: '21:00', to: '15:00', days: ['mon'] }, null],
  ['a day off lasts around the clock', { from: '00:00', to: '00:00', days: ['mon'] }, 720],
  ['and leaves the others alone', { from: '00:00', to: '00:00', days: ['tue', 'sun'] }, null],
] as const)('%s', (_name, { from, to, days }, expected) => {
  const limits = { quietHours: { from, to, days: [...days], purposes: marketing } };
  expect(minutes(quietHours(sendContext({ purpose: 'marketing', limits })))).toBe(expected);
});
