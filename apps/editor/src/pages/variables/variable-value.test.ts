import { expect, test } from 'vitest';
import { kindOfValue, parseValue, valueText } from './variable-value.ts';

test.each(['9 to 5', '{"looks":"like JSON"}', '', 42, true, null, ['a', 1], { open: { mon: '9-17' } }])(
  '%j comes back as it was',
  (value) => {
    expect(parseValue(kindOfValue(value), valueText(value))).toEqual({ value });
  },
);

test('what should be JSON and is not is refused', () => {
  expect(parseValue('data', '{open: 9}')).toBeNull();
});
