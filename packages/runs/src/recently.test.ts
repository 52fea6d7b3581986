import { expect, test } from 'vitest';
import { createRecently } from './recently.ts';

test('what was asked for is new again after its time, and nothing is kept for longer', () => {
  let now = 0;
  const recently = createRecently(100, () => now);
  expect([recently.isNew('a'), recently.isNew('a'), recently.isNew('b')]).toEqual([true, false, true]);
  now = 99;
  expect(recently.isNew('a')).toBe(false);
  now = 100;
  expect([recently.isNew('a'), recently.isNew('a')]).toEqual([true, false]);
});
