import { weekdays, type ExpectedActivity } from '@holdfast/node-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestEnded, windowAfter } from './activity-windows.ts';

const madrid = (from: string, to: string, days: ExpectedActivity['days'] = ['sun']) => ({ from, to, days, timezone: 'Europe/Madrid' });
const shown = (expects: Parameters<typeof windowAfter>[0], after: string) => {
  const found = windowAfter(expects, new Date(after));
  return found && [found.from, found.until].map((at) => at.toISOString().slice(5, 16)).join(' to ');
};

describe('the next window', () => {
  test.each<[string, Parameters<typeof windowAfter>[0], string, string]>([
    ['is by the clocks of its place', madrid('08:00', '18:00', ['mon']), '2026-03-28T12:00', '03-30T06:00 to 03-30T16:00'],
    ['goes over midnight', madrid('22:00', '06:00', ['fri']), '2026-03-28T12:00', '04-03T20:00 to 04-04T04:00'],
    ['is a whole day', madrid('00:00', '00:00', ['tue']), '2026-03-28T12:00', '03-30T22:00 to 03-31T22:00'],
    ['begins where the clock goes on in spring', madrid('02:30', '05:00'), '2026-03-28T12:00', '03-29T01:00 to 03-29T03:00'],
    ['ends where the clock goes on in spring', madrid('01:00', '02:30'), '2026-03-28T12:00', '03-29T00:00 to 03-29T01:00'],
    ['is skipped when it is left out altogether', madrid('02:15', '02:45'), '2026-03-28T12:00', '04-05T00:15 to 04-05T00:45'],
    ['comes once when its hour comes twice', madrid('02:15', '02:45'), '2026-10-24T12:00', '10-25T00:15 to 10-25T00:45'],
    ['is an hour longer over the night of autumn', madrid('22:00', '06:00', ['sat']), '2026-10-24T12:00', '10-24T20:00 to 10-25T05:00'],
    ['begins at the very moment that is asked for', madrid('08:00', '09:00', ['mon']), '2026-03-30T06:00', '03-30T06:00 to 03-30T07:00'],
  ])('%s', (_name, expects, after, found) => {
    expect(shown(expects, `${after}:00Z`)).toBe(found);
  });

  test('follows the one before in every zone, at the clock’s time, and never lies in it', () => {
    const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map((parts) => parts.map(two).join(':'));
    const zones = fc.constantFrom('UTC', 'Europe/Madrid', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia');
    const day = fc.integer({ min: 0, max: 3_000 });
    const expects = fc.record({
      from: clock,
      to: clock,
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
      timezone: zones,
    });
    fc.assert(
      fc.property(expects, day, (given, days) => {
        let after = new Date(Date.UTC(2024, 0, 1) + days * 86_400_000);
        for (let looks = 0; looks < 10; looks++) {
          const found = windowAfter(given, after);
          expect(found).not.toBeNull();
          if (!found) return;
          expect(found.from >= after).toBe(true);
          expect(found.until > found.from).toBe(true);
          expect(found.until.getTime() - found.from.getTime()).toBeLessThanOrEqual(27 * 3_600_000);
          const local = new Intl.DateTimeFormat('en-GB', {
            timeZone: given.timezone,
            weekday: 'short',
            hour: '2-digit',
            minute: '2-digit',
          });
          const parts = Object.fromEntries(local.formatToParts(found.from).map(({ type, value }) => [type, value]));
          expect(given.days).toContain(parts['weekday']?.toLowerCase());
          expect(`${parts['hour']}:${parts['minute']}` >= given.from).toBe(true);
          after = new Date(found.from.getTime() + 1);
        }
      }),
      { numRuns: 25 },
    );
  });
});

test('after an outage the last window that ended counts', () => {
  const expects = madrid('08:00', '18:00', ['mon', 'tue', 'wed', 'thu', 'fri']);
  const known = windowAfter(expects, new Date('2026-11-02T00:00:00Z'));
  if (!known) throw new Error('There is a window.');
  expect(latestEnded(expects, known, new Date('2026-11-02T17:00:00Z'))).toEqual(known);
  expect(latestEnded(expects, known, new Date('2026-11-20T16:59:00Z')).from.toISOString()).toBe('2026-11-19T07:00:00.000Z');
  expect(latestEnded(expects, known, new Date('2026-11-20T17:00:00Z')).from.toISOString()).toBe('2026-11-20T07:00:00.000Z');
});

const two = (part: number): string => String(part).padStart(2, '0');
