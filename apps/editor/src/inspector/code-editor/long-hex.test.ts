import { expect, test } from 'vitest';
import { longHex } from './long-hex.ts';

test('short colours are written out, all others stay', () => {
  expect(longHex('#fff')).toBe('#ffffff');
  expect(longHex('#0B6')).toBe('#00BB66');
  expect(longHex('#0B6E63')).toBe('#0B6E63');
  expect(longHex('rgb(1 2 3)')).toBe('rgb(1 2 3)');
});
