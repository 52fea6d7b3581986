import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wellFormed, wellFormedText } from './well-formed.ts';

test('NUL and lone surrogates become U+FFFD, pairs and escapes stay', () => {
  expect(wellFormedText('a\0b\uDC00c\uD83D\uDE00\\u0000')).toBe('a\uFFFDb\uFFFDc\u{1F600}\\u0000');
});

test('keys are cleaned too, and __proto__ stays data', () => {
  const cleaned = wellFormed(JSON.parse('{"a\\u0000":{"__proto__":{"x":1}},"list":["\\ud800"]}'));
  expect(JSON.stringify(cleaned)).toBe('{"a\uFFFD":{"__proto__":{"x":1}},"list":["\uFFFD"]}');
});

test('what is clean stays as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const given = JSON.parse(JSON.stringify(value));
      const once = wellFormed(given);
      expect(JSON.stringify(once)).not.toContain('\\u0000');
      expect(JSON.stringify(wellFormed(once))).toBe(JSON.stringify(once));
    }),
  );
});
