import { expect, test } from 'vitest';
import { firstPassword } from './first-password.ts';

test('is four groups of four, long enough for the rules', () => {
  const password = firstPassword(Uint8Array.from({ length: 16 }, (_, index) => index * 7));
  expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  expect(password.length).toBeGreaterThanOrEqual(10);
});

test('differs with its random bytes', () => {
  expect(firstPassword(new Uint8Array(16).fill(1))).not.toBe(firstPassword(new Uint8Array(16).fill(2)));
});
