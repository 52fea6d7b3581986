import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literally } from './literal.ts';
import { parseRichText } from './parse-rich-text.ts';
import type { Block } from './rich-text.ts';
import { anything, apart, blocks, written, writeRichText } from './test/write-rich-text.ts';
import { toPlainText } from './to-plain-text.ts';

const spansOf = (text: string) => {
  const [block] = parseRichText(text);
  return block?.kind === 'paragraph' ? block.spans : block;
};

test.each([
  ['a **b** c', [{ text: 'a ' }, { text: 'b', bold: true }, { text: ' c' }]],
  [
    '_a_ *b* ***c***',
    [{ text: 'a', italic: true }, { text: ' ' }, { text: 'b', italic: true }, { text: ' ' }, { text: 'c', bold: true, italic: true }],
  ],
  ['~~a~~ `b *c*`', [{ text: 'a', strike: true }, { text: ' ' }, { text: 'b *c*', code: true }]],
  [
    '[**b** c](https://a.test/(x)_y)',
    [
      { text: 'b', bold: true, link: 'https://a.test/(x)_y' },
      { text: ' c', link: 'https://a.test/(x)_y' },
    ],
  ],
  ['see https://a.test/b_c_d.', [{ text: 'see ' }, { text: 'https://a.test/b_c_d', link: 'https://a.test/b_c_d' }, { text: '.' }]],
  ['**a _b** c_', [{ text: 'a _b', bold: true }, { text: ' c_' }]],
])('"%s" is formatted', (text, spans) => {
  expect(spansOf(text)).toEqual(spans);
});

test.each([
  '2*3*4',
  'file_name_2',
  '5 * 3 * 2',
  '**',
  '****',
  '* a',
  '\\*a\\*',
  '~5 ~6',
  '[a](javascript:alert(1))',
  '[a](b c)',
  '`a',
  '**a',
  'a~~ b',
  '- ',
])('"%s" stays characters', (text) => {
  expect(toPlainText(text, 'rich').replace('• ', '* ')).toBe(text.replaceAll('\\', '').trim());
  expect(JSON.stringify(parseRichText(text))).not.toMatch(/bold|italic|strike|code"|link/);
});

test('blocks are paragraphs, lists and code, and remember whether an empty line was between', () => {
  expect(parseRichText('# Hi\nyou\nthere\n- a\n- b\n\n1) c\n\n2) d\n```js\n**x**\n\n  y\n```\nend\n1986. was a year')).toEqual([
    { kind: 'paragraph', spans: [{ text: 'Hi', bold: true }] },
    { kind: 'paragraph', spans: [{ text: 'you\nthere' }], isTight: true },
    { kind: 'list', start: null, items: [[{ text: 'a' }], [{ text: 'b' }]], isTight: true },
    { kind: 'list', start: 1, items: [[{ text: 'c' }], [{ text: 'd' }]] },
    { kind: 'code', language: 'js', text: '**x**\n\n  y', isTight: true },
    { kind: 'paragraph', spans: [{ text: 'end\n1986. was a year' }], isTight: true },
  ] satisfies Block[]);
});

describe('a value that was put in', () => {
  test('stays the characters that it is, whatever they are and wherever they stand', () => {
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom(
          ['a ', ' b'],
          ['**', '**'],
          ['_', '_'],
          ['- ', ' x'],
          ['`', '`'],
          ['[', '](https://a.test)'],
          ['x\n', '\ny'],
          ['# ', ''],
        ),
        (value, [before, after]) => {
          const plain = toPlainText(`${before}${literally(value)}${after}`, 'rich').replaceAll(/\s/gu, '');
          expect(plain).toContain(value.replaceAll(/[\uFDD0\uFDD1\s]/gu, ''));
        },
      ),
    );
  });

  test('is formatted by what stands around it, even when it is empty or has blanks at its ends', () => {
    expect(spansOf(`x **${literally(' *a* ')}** y`)).toEqual([{ text: 'x ' }, { text: ' *a* ', bold: true }, { text: ' y' }]);
    expect(spansOf(`x **${literally('')}**y`)).toEqual([{ text: 'x y' }]);
    expect(parseRichText(`- ${literally('a\n\n- b\n```\nc')}`)).toEqual([
      { kind: 'list', start: null, items: [[{ text: 'a\n\n- b\n```\nc' }]] },
    ]);
  });

  test('can’t lead a link out of its place', () => {
    expect(spansOf(`[go](https://shop.test/o?q=${literally('a) b&c "x')})`)).toEqual([
      { text: 'go', link: 'https://shop.test/o?q=a)%20b&c%20%22x' },
    ]);
    expect(JSON.stringify(parseRichText(`[go](${literally('javascript:alert(1)')})`))).not.toContain('link');
  });
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(blocks, (given) => {
      const expected = given.map((block): Block => {
        if (block.kind === 'paragraph') return { ...block, spans: apart(block.spans) };
        return block.kind === 'list' ? { ...block, items: block.items.map(apart) } : block;
      });
      // Two lists of one kind, one below the other, are one list in Markdown.
      fc.pre(given.every((block, index) => block.kind !== 'list' || given[index - 1]?.kind !== 'list'));
      expect(parseRichText(writeRichText(given))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('any text is read, and none of its letters is lost', () => {
  fc.assert(
    fc.property(written, (text) => {
      // Two links to one address that touch are one link.
      const letters = (given: string) => given.replaceAll(/\(https:..a\.test.b\)|[^\p{L}]/gu, '');
      expect(letters(toPlainText(text, 'rich'))).toBe(letters(text.replaceAll('[x](https://a.test/b)', 'x')));
    }),
  );
});

test.each(['**a ', '[', '`a ', '_a*b', '[a](https://x.y ', '```a\n', '- \n', '[[a](x)', '[a](', '[a](()', 'http://'])(
  'twenty thousand characters of "%s" are read in one go',
  (piece) => {
    expect(parseRichText(piece.repeat(20_000 / piece.length)).length).toBeGreaterThanOrEqual(0);
  },
);
