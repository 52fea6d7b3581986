import type { Laid } from './lay-out.ts';
import type { TextEntity } from './piece.ts';

/** A text with Telegram's entities as spans. */
export function entitySpans(text: string, entities: readonly TextEntity[]): Laid[] {
  const edges = new Set([0, text.length, ...entities.flatMap(({ offset, length }) => [offset, offset + length])]);
  const cuts = [...edges].filter((at) => at >= 0 && at <= text.length).toSorted((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index): Laid => {
    const inside = entities.filter(({ offset, length }) => offset <= start && offset + length > start);
    return inside.reduce<Laid>(withLook, { text: text.slice(start, cuts[index + 1]) });
  });
}

function withLook(span: Laid, { type, url, language }: TextEntity): Laid {
  switch (type) {
    case 'bold':
      return { ...span, bold: true };
    case 'italic':
      return { ...span, italic: true };
    case 'strikethrough':
      return { ...span, strike: true };
    case 'code':
      return { ...span, code: true };
    case 'pre':
      return { ...span, pre: language ?? '' };
    case 'text_link':
      return url === undefined ? span : { ...span, link: url };
  }
}
