import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

test('there are so many places and no more, and one that is left is free again', () => {
  const places = createPlaces(2);
  places.take('a');
  places.take('b');
  places.take('b');
  expect([places.free(), places.ids()]).toEqual([0, ['a', 'b']]);
  places.leave('a');
  expect(places.free()).toBe(1);
});

test('once closed nobody comes in, and it is over when the last has left; who stays too long is stopped', async () => {
  const places = createPlaces(2);
  const quick = places.take('quick');
  const slow = places.take('slow');
  slow.addEventListener('abort', () => places.leave('slow'));
  const closed = places.close(1);
  expect([places.isOpen, places.free()]).toEqual([false, 0]);
  places.leave('quick');
  await closed;
  expect([quick.aborted, slow.aborted, places.ids()]).toEqual([false, true, []]);
});
