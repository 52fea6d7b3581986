import { expect, test } from 'vitest';
import { waitEndsAt } from './session-end.ts';

const openedAt = new Date('2026-11-23T10:00:00.000Z');
const later = new Date('2026-11-23T10:50:00.000Z');
const ask = { waitFor: 'reply' as const, timeout: '1d', openedAt };

test.each([
  ['without a session’s end its own time counts', ask, {}, openedAt, '2026-11-24T10:00:00.000Z'],
  ['0s is no session’s end', ask, { sessionTimeout: '0s' }, openedAt, '2026-11-24T10:00:00.000Z'],
  ['a quiet conversation ends it earlier', ask, { sessionTimeout: '1h' }, openedAt, '2026-11-23T11:00:00.000Z'],
  ['what is said moves the session’s end', ask, { sessionTimeout: '1h' }, later, '2026-11-23T11:50:00.000Z'],
  ['but never beyond its own time', { ...ask, timeout: '1h' }, { sessionTimeout: '1h' }, later, '2026-11-23T11:00:00.000Z'],
  [
    'a question that waits for ever ends with the session',
    { ...ask, timeout: null },
    { sessionTimeout: '1h' },
    openedAt,
    '2026-11-23T11:00:00.000Z',
  ],
  [
    'waiting for time or a person has nothing to do with it',
    { ...ask, waitFor: 'timer' as const, timeout: '1d' },
    { sessionTimeout: '1h' },
    openedAt,
    '2026-11-24T10:00:00.000Z',
  ],
])('%s', (...row) => {
  const [, wait, settings, saidAt, expected] = row;
  expect(waitEndsAt(wait, settings, saidAt)).toBe(expected);
});
