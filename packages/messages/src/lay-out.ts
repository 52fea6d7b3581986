import type { TextFormat } from '@holdfast/node-kit';
import { parseRichText } from './parse-rich-text.ts';
import type { Block, Span } from './rich-text.ts';
import { textOf } from './spans.ts';

/** A span of a text that is laid out as lines: what a chat shows. `pre` is the language of a code block. */
export interface Laid extends Span {
  pre?: string;
}

/** Blocks as lines: bullets and numbers are written out, blocks stand an empty line apart. */
export function layOut(blocks: readonly Block[], bullet = '•'): Laid[] {
  return blocks.flatMap((block, index): Laid[] => {
    const gap = index === 0 ? [] : [{ text: block.isTight ? '\n' : '\n\n' }];
    switch (block.kind) {
      case 'paragraph':
        return [...gap, ...block.spans];
      case 'code':
        return [...gap, { text: block.text, pre: block.language }];
      case 'list':
        return [
          ...gap,
          ...block.items.flatMap((item, nth): Laid[] => [
            { text: `${nth === 0 ? '' : '\n'}${block.start === null ? bullet : `${block.start + nth}.`} ` },
            ...item.map((span) => ({ ...span, text: span.text.replaceAll('\n', '\n   ') })),
          ]),
        ];
    }
  });
}

/** What a message says, as lines; a plain text is one span, exactly as it is written. */
export const layOutText = (text: string, format: TextFormat | undefined, bullet?: string): Laid[] =>
  format === 'rich' ? layOut(parseRichText(text), bullet) : text.trim() === '' ? [] : [{ text }];

/** The address of a link stands behind its words, for channels that have no links of their own. */
export function spellOutLinks(spans: readonly Laid[], isSpelt: (link: string) => boolean = () => true): Laid[] {
  return spans.flatMap((span, index): Laid[] => {
    const { link, ...plain } = span;
    if (link === undefined || !isSpelt(link)) return [span];
    if (spans[index + 1]?.link === link) return [plain];
    const address = link.replace(/^(?:mailto|tel):/i, '');
    const label = textOf(spans.slice(firstOfLink(spans, index), index + 1));
    return label === link || label === address ? [plain] : [plain, { text: ` (${address})` }];
  });
}

function firstOfLink(spans: readonly Laid[], last: number): number {
  let first = last;
  while (first > 0 && spans[first - 1]?.link === spans[last]?.link) first -= 1;
  return first;
}
