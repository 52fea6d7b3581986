import { expect, test } from 'vitest';
import { quantile } from './quantile.ts';

test('takes the nearest rank', () => {
  const numbers = [5, 1, 4, 2, 3];
  expect(quantile(numbers, 0.5)).toBe(3);
  expect(quantile(numbers, 0.99)).toBe(5);
  expect(quantile(numbers, 0)).toBe(1);
});

test('knows nothing of an empty list', () => {
  expect(quantile([], 0.5)).toBeNaN();
});
