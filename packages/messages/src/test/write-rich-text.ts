import fc from 'fast-check';
import type { Block, Span } from '../rich-text.ts';
import { joinSpans } from '../spans.ts';

const signs = /[!-/:-@[-`{-~]/g;

function writeSpan({ text, bold, italic, strike, code, link }: Span): string {
  if (code) return `\`${text}\``;
  if (link === text) return link;
  const words = text.replaceAll(signs, '\\$&');
  const marks = `${bold ? '**' : ''}${italic ? '*' : ''}${strike ? '~~' : ''}`;
  const back = `${strike ? '~~' : ''}${italic ? '*' : ''}${bold ? '**' : ''}`;
  const marked = `${marks}${words}${back}`;
  return link === undefined ? marked : `[${marked}](${link})`;
}

const writeSpans = (spans: readonly Span[]): string => spans.map(writeSpan).join(' ');

/** The Markdown of blocks whose spans stand apart by a blank: for tests that read back what was written. */
export const writeRichText = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'code') return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
      if (block.kind === 'paragraph') return writeSpans(block.spans);
      return block.items.map((item, nth) => `${block.start === null ? '-' : `${block.start + nth}.`} ${writeSpans(item)}`).join('\n');
    })
    .join('\n\n');

const word = fc.stringMatching(/^[a-zA-Zñ中🇪👍*_.#-]{1,8}$/u).filter((text) => text.isWellFormed());
const flag = fc.constantFrom(undefined, true as const);
const look = fc.record({ bold: flag, italic: flag, strike: flag }).map(({ bold, italic, strike }) => ({
  ...(bold ? { bold } : {}),
  ...(italic ? { italic } : {}),
  ...(strike ? { strike } : {}),
}));
const link = fc.constantFrom('https://shop.test/a_b?x=1', 'mailto:ana@shop.test', 'tel:+34600000000');
export const span: fc.Arbitrary<Span> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ text: word, look }).map((given) => ({ text: given.text, ...given.look })) },
  fc.stringMatching(/^[a-z*_-]{1,8}$/).map((text) => ({ text, code: true as const })),
  fc.record({ text: word, look, link }).map((given) => ({ text: given.text, ...given.look, link: given.link })),
);
/** As `writeSpans` puts them: with a blank between. */
export const apart = (spans: readonly Span[]): Span[] =>
  joinSpans(spans.flatMap((one, index) => (index === 0 ? [one] : [{ text: ' ' }, one])));
export const blocks: fc.Arbitrary<Block[]> = fc.array(
  fc.oneof(
    fc.array(span, { minLength: 1, maxLength: 4 }).map((spans): Block => ({ kind: 'paragraph', spans })),
    fc
      .record({
        start: fc.constantFrom(null, 1, 4),
        items: fc.array(fc.array(span, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      })
      .map((given): Block => ({ kind: 'list', ...given })),
    fc.stringMatching(/^[a-z*_#\n-]{0,8}[a-z]$/).map((text): Block => ({ kind: 'code', text, language: 'js' })),
  ),
  { maxLength: 4 },
);

/** Any sixteen bits in a row: letters, signs, halves of pairs. */
export const anything = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map((units) => String.fromCharCode(...units));
/** Texts as people write them, with emoji of several code points, stacked accents and words of any length. */
export const written = fc
  .array(
    fc.constantFrom(
      'word',
      'más',
      '👩‍👩‍👧‍👦',
      '🇪🇸🇪🇸',
      'e\u0301\u0302',
      '中文字',
      '**',
      '*',
      '_',
      '~~',
      '`',
      ' ',
      ' ',
      '\n',
      '\n\n',
      '. ',
      '- ',
      '1. ',
      '[x](https://a.test/b)',
      '\u0301',
      '\r\n',
      'สวัสดีครับ',
      'x'.repeat(50),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
