import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText } from './split-text.ts';

const bare = (text: string) => text.replaceAll(/\s+/g, '');

describe('splitText', () => {
  test('leaves a short text whole', () => expect(splitText('hello', 10)).toEqual(['hello']));
  test('makes nothing of nothing', () => expect(splitText('  \n', 10)).toEqual([]));
  test('cuts at a paragraph before a line, a sentence or a word', () => {
    expect(splitText('aaaa bbb.\n\ncc dd. ee ff', 16)).toEqual(['aaaa bbb.', 'cc dd. ee ff']);
    expect(splitText('One two three. Four five six seven', 20)).toEqual(['One two three.', 'Four five six seven']);
    expect(splitText('one two three four', 12)).toEqual(['one two', 'three four']);
  });
  test('cuts between characters as people see them when there is no gap', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const part of splitText(family.repeat(10), 30)) expect(part.length % family.length).toBe(0);
    expect(splitText('e\u0301'.repeat(6), 5)).toEqual(['e\u0301e\u0301', 'e\u0301e\u0301', 'e\u0301e\u0301']);
  });
  test('cuts one endless character between code points rather than never', () => {
    const zalgo = `a${'\u0301'.repeat(100)}`;
    expect(splitText(zalgo, 30).join('')).toBe(zalgo);
  });
  test('loses nothing but white space, keeps every part within the limit, and breaks no surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const parts = splitText(text, limit);
        expect(bare(parts.join(''))).toBe(bare(text));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
