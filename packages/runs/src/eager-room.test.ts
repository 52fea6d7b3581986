import { expect, test } from 'vitest';
import { createEagerRoom } from './eager-room.ts';

test('lets in as many as it holds, and the next when one leaves', () => {
  const room = createEagerRoom(2);
  expect(['a', 'b', 'c'].map((id) => room.enter(id))).toEqual([true, true, false]);
  room.leave('a');
  expect(room.enter('c')).toBe(true);
});

test('forgets a start whose first task never came', () => {
  const room = createEagerRoom(1, -1);
  expect(room.enter('a')).toBe(true);
  expect(room.enter('b')).toBe(true);
});
