import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

test.each([
  ['/runs?status=open', '/runs?status=open'],
  ['//evil.example', '/flows'],
  ['/\\evil.example', '/flows'],
  ['https://evil.example', '/flows'],
  [undefined, '/flows'],
])('%s leads to %s', (next, goal) => {
  expect(safeNext(next)).toBe(goal);
});
