import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOutText, type Laid } from './lay-out.ts';
import { textOf } from './spans.ts';
import { plainLength, splitSpans, splitTail } from './split-spans.ts';
import { splitText } from './split-text.ts';
import { written } from './test/write-rich-text.ts';
import { whatsAppMarkup } from './whatsapp-markup.ts';

const limit = fc.integer({ min: 24, max: 90 });
const withoutSpace = (text: string) => text.replaceAll(/\s/gu, '');
const graphemes = (text: string) => [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)];

test.each([
  ['a'.repeat(10), 10, ['a'.repeat(10)]],
  ['One sentence. Another one.', 15, ['One sentence.', 'Another one.']],
  ['First line\nsecond line', 14, ['First line', 'second line']],
  ['Paragraph one\n\nParagraph two', 16, ['Paragraph one', 'Paragraph two']],
  ['short https://a.test/a-long-address-of-an-order', 45, ['short', 'https://a.test/a-long-address-of-an-order']],
  ['  kept at the start, gone at the end  ', 80, ['  kept at the start, gone at the end']],
  ['', 10, []],
])('"%s" at %i', (text, most, parts) => {
  expect(splitText(text, most)).toEqual(parts);
});

describe('any text', () => {
  test('comes apart in order, within the limit, losing white space only', () => {
    fc.assert(
      fc.property(written, limit, (text, most) => {
        const parts = splitText(text, most);
        expect(parts.every((part) => part.length <= most)).toBe(true);
        expect(withoutSpace(parts.join(''))).toBe(withoutSpace(text));
      }),
    );
  });

  test('keeps its characters whole, as people see them', () => {
    fc.assert(
      fc.property(written, limit, (text, most) => {
        const whole = graphemes(text)
          .map(({ segment }) => segment)
          .filter((segment) => segment.trim() !== '');
        const parted = splitText(text, most).flatMap((part) =>
          graphemes(part)
            .map(({ segment }) => segment)
            .filter((segment) => segment.trim() !== ''),
        );
        expect(parted).toEqual(whole);
      }),
    );
  });

  test('keeps words whole that fit into a part', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9/_-]{1,20}$/), { maxLength: 40 }), limit, (list, most) => {
        expect(splitText(list.join(' '), most).flatMap((part) => part.split(' '))).toEqual(list);
      }),
    );
  });

  test('keeps every character’s look, closed and opened again where it is cut, and within the limit with its signs', () => {
    const measure = (spans: readonly Laid[]) => whatsAppMarkup(spans).length;
    const looks = (spans: readonly Laid[]) =>
      spans.flatMap(({ text, ...look }) => [...text].filter((one) => one.trim() !== '').map((one) => [one, look]));
    fc.assert(
      fc.property(written, limit, (text, most) => {
        const laid = layOutText(text, 'rich').map(({ link: _link, ...span }) => span);
        const parts = splitSpans(laid, most, measure);
        expect(parts.flatMap(looks)).toEqual(looks(laid));
        expect(Math.max(0, ...parts.map((part) => measure(part)))).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('has a last part that fits, as long as it can be', () => {
    fc.assert(
      fc.property(written, limit, (text, most) => {
        const { head, tail } = splitTail([{ text }], most);
        expect(plainLength(tail)).toBeLessThanOrEqual(most);
        expect(withoutSpace(textOf(head) + textOf(tail))).toBe(withoutSpace(text));
      }),
    );
  });
});

test('the tail begins at a paragraph where one fits', () => {
  const { head, tail } = splitTail([{ text: `${'a '.repeat(40)}\n\nWhich one?\nThis or that?` }], 30);
  expect([textOf(head).length, textOf(tail)]).toEqual([79, 'Which one?\nThis or that?']);
});

test('code keeps the indentation of the line it is cut at', () => {
  expect(splitSpans([{ text: 'if (a) {\n    b();\n}', pre: '' }], 10).map(textOf)).toEqual(['if (a) {', '    b();\n}']);
});
