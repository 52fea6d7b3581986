import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { velocity } from './velocity.ts';

test.each([
  ['a quiet talk', { beyondPerMinute: 7, sentPerHour: 59 }, null],
  ['eight in a minute that nobody asked for', { beyondPerMinute: 8, sentPerHour: 8 }, 'later'],
  ['sixty in an hour', { beyondPerMinute: 0, sentPerHour: 60 }, 'refused'],
  ['the simulator', { beyondPerMinute: 80, sentPerHour: 600, kind: 'simulator' }, null],
])('%s', (_name, target, state) => {
  expect(velocity(sendContext({ target }))?.state ?? null).toBe(state);
});

test('people are told of what is refused', () => {
  expect(velocity(sendContext({ target: { sentPerHour: 60 } }))?.tell).toContain('60 automated messages');
});

test('the rest of a message whose first part has left is not held back', () => {
  expect(velocity(sendContext({ target: { sentPerHour: 60 }, isFirst: false }))).toBeNull();
});

test('a channel without these limits sends as much as it likes', () => {
  const limits = { velocityPerHour: null, velocityPerMinute: null };
  expect(velocity(sendContext({ target: { sentPerHour: 600, beyondPerMinute: 60 }, limits }))).toBeNull();
});
