import type { Laid } from './lay-out.ts';
import { joinSpans } from './spans.ts';

const block = /```([^`][\s\S]*?)```/gu;
const code = /`([^`\n]+)`/gu;
// A sign opens where it touches its words from outside of a word, and closes the same way; U+200B is our own guard.
const marked = /(?<![\p{L}\p{N}\u200B])([*_~])(?=[^\s\u200B])([^\n]*?[^\s\u200B])\1(?![\p{L}\p{N}])/u;
const looks = { '*': { bold: true }, _: { italic: true }, '~': { strike: true } } as const;

/** A text as WhatsApp shows it: what its own signs format. */
export const readWhatsAppText = (text: string): Laid[] =>
  joinLaid(
    apart(
      text,
      block,
      (words) => [{ text: words, pre: '' }],
      (rest) => apart(rest, code, (words) => [{ text: words, code: true }], readMarks),
    ),
  );

type Read = (text: string) => Laid[];

function apart(text: string, pattern: RegExp, inside: Read, outside: Read): Laid[] {
  const spans: Laid[] = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    spans.push(...outside(text.slice(from, found.index)), ...inside(found[1] ?? ''));
    from = found.index + found[0].length;
  }
  return [...spans, ...outside(text.slice(from))];
}

function readMarks(text: string): Laid[] {
  const spans: Laid[] = [];
  // Not by itself for the rest: a text of nothing but signs is as deep as it is long.
  for (let rest = text; ;) {
    const found = marked.exec(rest);
    if (!found) {
      spans.push({ text: rest.replaceAll('\u200B', '') });
      return spans;
    }
    const [whole, sign = '*', words = ''] = found;
    const look = looks[sign === '_' || sign === '~' ? sign : '*'];
    for (const span of readMarks(rest.slice(0, found.index))) spans.push(span);
    for (const span of readMarks(words)) spans.push({ ...span, ...look });
    rest = rest.slice(found.index + whole.length);
  }
}

const joinLaid = (spans: readonly Laid[]): Laid[] =>
  spans.some(({ pre }) => pre !== undefined) ? spans.filter(({ text }) => text !== '') : joinSpans(spans);
