import { expect, test } from 'vitest';
import { initials } from './initials.ts';

test.each([
  ['Ana María Ruiz', 'AR'],
  ['ñandú', 'Ñ'],
  ['李 小龙', '李小'],
  ['', '?'],
  ['🙂', '?'],
])('%s is shown as %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});
