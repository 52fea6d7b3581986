import type { OutgoingMessage } from '@holdfast/node-kit';
import { carry } from './attachments.ts';
import { emailHtml } from './email-html.ts';
import { layOut, spellOutLinks } from './lay-out.ts';
import { parseRichText } from './parse-rich-text.ts';
import type { Piece } from './piece.ts';
import { nothingToSay } from './refusals.ts';
import type { Block } from './rich-text.ts';
import { textOf } from './spans.ts';

/** One email with everything in it: text, HTML and files; choices are a numbered list. Throws channel.content. */
export function renderEmail(message: OutgoingMessage): Piece[] {
  const carried = message.attachments.map((one) => carry({ ...one, caption: '' }, message.format, { places: false, contacts: false }));
  const blocks = [
    ...textBlocks(message.text, message.format),
    ...carried.flatMap(({ laid }, index) => [
      ...(laid.length > 0 ? [{ kind: 'paragraph' as const, spans: laid }] : []),
      ...textBlocks(message.attachments[index]?.caption ?? '', message.format),
    ]),
    ...choicesOf(message),
  ];
  const attachments = message.attachments.filter((_one, index) => carried[index]?.attachment);
  if (blocks.length === 0 && attachments.length === 0) throw nothingToSay();
  return [
    {
      text: textOf(spellOutLinks(layOut(blocks, '-'))),
      html: emailHtml(blocks),
      buttons: [],
      attachment: null,
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(message.subject ? { subject: message.subject } : {}),
      ...(message.quote ? { quote: message.quote } : {}),
    },
  ];
}

/** A message's text as blocks; of a plain one the paragraphs, as they are written. */
export function textBlocks(text: string, format: OutgoingMessage['format']): Block[] {
  if (format === 'rich') return parseRichText(text);
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n\s*?(?=\S|$)/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => ({ kind: 'paragraph', spans: [{ text: paragraph.trimEnd() }] }));
}

const choicesOf = ({ buttons }: OutgoingMessage): Block[] =>
  buttons.length === 0
    ? []
    : [
        {
          kind: 'list',
          start: 1,
          items: buttons.map(({ label, description }) => [{ text: description ? `${label} – ${description}` : label }]),
        },
      ];
