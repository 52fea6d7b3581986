import { expect, test } from 'vitest';
import { createEagerRoom } from './eager-room.ts';

test('lets in as many as it holds, and the others in their order as places become free', async () => {
  const room = createEagerRoom({ size: 2 });
  const entered: string[] = [];
  const enter = (id: string) => room.enter(id).then((isIn) => isIn && entered.push(id));
  const [, , third, fourth] = ['a', 'b', 'c', 'd'].map(enter);
  await Promise.resolve();
  room.leave('a');
  await third;
  room.leave('x');
  room.leave('b');
  await fourth;
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
});

test('turns away who waited too long, and lets the next one in all the same', async () => {
  const room = createEagerRoom({ size: 1, patienceMs: 1 });
  expect(await room.enter('a')).toBe(true);
  expect(await room.enter('b')).toBe(false);
  room.leave('a');
  expect(await room.enter('c')).toBe(true);
});

test('forgets a start whose first task never came', async () => {
  const room = createEagerRoom({ size: 1, forgetMs: -1 });
  expect(await room.enter('a')).toBe(true);
  expect(await room.enter('b')).toBe(true);
});
