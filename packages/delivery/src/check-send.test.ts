import { expect, test } from 'vitest';
import { checkSend } from './check-send.ts';
import { now, sendContext } from './test/send-context.ts';

test('an answer to somebody who wrote an hour ago may go', () => {
  expect(checkSend(sendContext())).toBeNull();
});

test('what may never go is refused rather than kept waiting; the red switch comes before all', () => {
  const target = { optOuts: ['service' as const], automationPaused: { reason: '' }, sentPerHour: 100 };
  expect(checkSend(sendContext({ target }))?.code).toBe('send.opted-out');
  expect(checkSend(sendContext({ target: { ...target, status: 'broken' } }))?.code).toBe('send.opted-out');
  expect(checkSend(sendContext({ target: { ...target, sendsPausedAt: now } }))?.code).toBe('send.paused');
});
