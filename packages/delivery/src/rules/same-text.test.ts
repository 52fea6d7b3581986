import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { isSameText } from './same-text.ts';

test.each([
  [29, 30, false],
  [30, 30, true],
  [5_000, null, false],
])('%i people got the same words, %s may: %s', (sameTextPeople, limit, expected) => {
  expect(isSameText(sendContext({ target: { sameTextPeople }, limits: { sameTextPeople: limit } }))).toBe(expected);
});
