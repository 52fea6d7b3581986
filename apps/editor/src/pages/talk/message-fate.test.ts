import { expect, test } from 'vitest';
import { messageFate } from './message-fate.ts';

test('a message that came in has no fate', () => {
  expect(messageFate({ direction: 'in', status: 'accepted' })).toBeNull();
});

test.each([
  ['planned', 'pending'],
  ['dispatching', 'pending'],
  ['accepted', 'sent'],
  ['rejected', 'refused'],
  ['unknown', 'unknown'],
  ['cancelled', 'cancelled'],
  ['something-new', null],
])('a send that is %s reads as %s', (status, fate) => {
  expect(messageFate({ direction: 'out', status })).toBe(fate);
});
