import type { Attachment, OutgoingMessage } from '@holdfast/node-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelLimits, isMessageChannel, type MessageChannel } from './channel-limits.ts';
import { channelNotes, type ChannelNote } from './channel-notes.ts';
import { entitySpans } from './entity-spans.ts';
import type { Laid } from './lay-out.ts';
import type { Piece } from './piece.ts';
import { readWhatsAppText } from './read-whatsapp-text.ts';
import { renderMessage } from './render-message.ts';
import { anything, apart, span, written } from './test/write-rich-text.ts';
import { whatsAppMarkup } from './whatsapp-markup.ts';

const message = (given: Partial<OutgoingMessage>): OutgoingMessage => ({ text: '', buttons: [], attachments: [], ...given });
const choices = (...labels: string[]) => labels.map((label, index) => ({ id: `c${index}`, label }));
const file = (kind: Attachment['kind'], more: Partial<Attachment> = {}): Attachment => ({ kind, fileId: `file_${kind}`, ...more });
const kinds = Object.keys(channelLimits).filter(isMessageChannel);

describe('choices', () => {
  test.each<[MessageChannel, string[], Partial<Piece>]>([
    ['telegram', ['Yes', 'No'], { text: 'Call?', buttons: choices('Yes', 'No') }],
    ['whatsapp', ['Yes', 'No'], { text: 'Call?', buttons: choices('Yes', 'No') }],
    ['whatsapp', ['A', 'B', 'C', 'D'], { text: 'Call?', buttons: [], list: { open: 'Choose', rows: choices('A', 'B', 'C', 'D') } }],
    ['whatsapp', ['Twenty-one characters', 'B'], { buttons: [], list: { open: 'Choose', rows: choices('Twenty-one characters', 'B') } }],
    ['whatsapp', ['More than twenty-four chars', 'B'], { text: 'Call?\n\n1. More than twenty-four chars\n2. B', buttons: [] }],
    ['whatsapp', ['Same', 'Same'], { text: 'Call?\n\n1. Same\n2. Same', buttons: [] }],
    ['sms', ['Yes', 'No'], { text: 'Call?\n\n1. Yes\n2. No', buttons: [] }],
    ['email', ['Yes', 'No'], { text: 'Call?\n\n1. Yes\n2. No', buttons: [] }],
  ])('on %s: %s', (channel, labels, expected) => {
    expect(renderMessage[channel](message({ text: 'Call?', buttons: choices(...labels) }))).toMatchObject([expected]);
  });

  test('stand under as much of a long text as WhatsApp takes there', () => {
    const pieces = renderMessage.whatsapp(message({ text: `${'word '.repeat(400)}\n\nWhich?`, buttons: choices('A', 'B') }));
    expect(pieces.map(({ text, buttons }) => [text.length, buttons.length])).toEqual([
      [1_999, 0],
      [6, 2],
    ]);
  });

  test('come last on WhatsApp, after the files', () => {
    expect(
      renderMessage
        .whatsapp(message({ text: 'Which?', attachments: [file('image')], buttons: choices('A') }))
        .map(({ attachment, buttons }) => [attachment?.kind, buttons.length]),
    ).toEqual([
      ['image', 0],
      [undefined, 1],
    ]);
  });
});

describe('files', () => {
  test('carry the text as their caption where that makes one message of two', () => {
    const one = message({ text: 'Your **order**', format: 'rich', attachments: [file('image')] });
    expect(renderMessage.whatsapp(one)).toEqual([{ text: 'Your *order*', buttons: [], attachment: file('image') }]);
    expect(renderMessage.telegram(one)).toEqual([
      { text: 'Your order', entities: [{ type: 'bold', offset: 5, length: 5 }], buttons: [], attachment: file('image') },
    ]);
    expect(renderMessage.whatsapp(message({ text: 'a'.repeat(1_025), attachments: [file('image')] })).length).toBe(2);
    expect(renderMessage.whatsapp(message({ text: 'Listen', attachments: [file('voice')] })).length).toBe(2);
  });

  test('in a row are one album on Telegram, and all in one email', () => {
    const many = message({
      text: 'Look',
      attachments: [file('image', { caption: '_one_' }), file('video'), file('document'), file('image')],
    });
    expect(
      renderMessage.telegram(many).map(({ text, attachments, attachment }) => [text, attachments?.length ?? attachment?.kind]),
    ).toEqual([
      ['Look', undefined],
      ['_one_', 2],
      ['', 'document'],
      ['', 'image'],
    ]);
    expect(renderMessage.email({ ...many, format: 'rich' })).toMatchObject([{ text: 'Look\n\none', attachments: many.attachments }]);
  });

  test('that can’t be sent are refused, a place and a card become a text where the channel has neither', () => {
    expect(() => renderMessage.telegram(message({ attachments: [{ kind: 'document' }] }))).toThrow(
      expect.objectContaining({ code: 'channel.content' }),
    );
    const attachments: Attachment[] = [
      { kind: 'location', latitude: 40.4, longitude: -3.7, name: 'Our shop' },
      { kind: 'contact', name: 'Ana', phone: '+34600000000' },
    ];
    expect(renderMessage.sms(message({ attachments })).map(({ text }) => text)).toEqual([
      'Our shop\nhttps://maps.google.com/?q=40.4,-3.7',
      'Ana +34600000000',
    ]);
    expect(renderMessage.whatsapp(message({ attachments })).map(({ attachment }) => attachment?.kind)).toEqual(['location', 'contact']);
  });
});

test.each(kinds)('%s refuses a message that says nothing', (kind) => {
  expect(() => renderMessage[kind](message({ text: ' ' }))).toThrow(expect.objectContaining({ code: 'channel.content' }));
});

test('a quote goes with the first piece', () => {
  expect(renderMessage.telegram(message({ text: 'a', quote: { messageId: 'msg_1' } }))[0]?.quote).toEqual({ messageId: 'msg_1' });
});

test('any message stays within every limit of its channel, with formatting and choices', () => {
  fc.assert(
    fc.property(
      written,
      fc.integer({ min: 1, max: 90 }),
      fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 10 }),
      (text, times, labels) => {
        const given = message({ text: `x${text.repeat(times)}`, format: 'rich', buttons: choices(...labels) });
        for (const kind of kinds) {
          const limits = channelLimits[kind];
          for (const piece of renderMessage[kind](given)) {
            expect(piece.text.length).toBeLessThanOrEqual(piece.buttons.length > 0 || piece.list ? limits.choiceText : limits.text);
            expect(piece.text.trim()).not.toBe('');
            expect(piece.buttons.length).toBeLessThanOrEqual(limits.buttons);
            expect(piece.list?.rows.length ?? 0).toBeLessThanOrEqual(limits.rows);
            for (const { offset, length } of piece.entities ?? []) {
              expect(offset >= 0 && length > 0 && offset + length <= piece.text.length).toBe(true);
              expect(piece.text.slice(offset, offset + length).isWellFormed()).toBe(true);
            }
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('Telegram’s entities count as Telegram counts: in UTF-16 units', () => {
  expect(renderMessage.telegram(message({ text: '👩‍👩‍👧‍👦 **más 👍🏽** [ir](https://a.test)', format: 'rich' }))[0]).toMatchObject({
    text: '👩‍👩‍👧‍👦 más 👍🏽 ir',
    entities: [
      { type: 'bold', offset: 12, length: 8 },
      { type: 'text_link', offset: 21, length: 2, url: 'https://a.test' },
    ],
  });
});

describe('a plain text', () => {
  test('looks on every channel as it is written', () => {
    const text = 'Open **24 h**, _call_ [us](https://a.test)';
    expect(renderMessage.telegram(message({ text }))).toEqual([{ text, buttons: [], attachment: null }]);
    expect(renderMessage.sms(message({ text }))[0]?.text).toBe(text);
    expect(renderMessage.email(message({ text }))[0]?.text).toBe(text);
    expect(renderMessage.whatsapp(message({ text }))[0]?.text.replaceAll('\u200B', '')).toBe(text);
  });

  test('keeps signs on WhatsApp that would format there: none of them touches its words', () => {
    // How WhatsApp's own apps read a line, as far as is known.
    const formats = /(?<![\p{L}\p{N}\u200B])([*_~])(?=[^\s\u200B])(.+?)(?<=\S)\1(?![\p{L}\p{N}])/u;
    fc.assert(
      fc.property(fc.array(fc.constantFrom('*', '_', '~', ' ', 'a', 'b', '.', '`'), { maxLength: 20 }), (signs) => {
        fc.pre(signs.join('').trim() !== '');
        const [piece] = renderMessage.whatsapp(message({ text: signs.join('') }));
        expect(piece?.text ?? '').not.toMatch(formats);
      }),
    );
  });
});

test('what WhatsApp’s signs format is what was meant, in any nesting', () => {
  const words = span.filter(({ link, text }) => link === undefined && /^[\p{L}.]+$/u.test(text));
  const looks = (spans: readonly Laid[]) =>
    spans.flatMap(({ text, ...look }) => [...text].filter((one) => one !== ' ').map((one) => [one, look]));
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), (spans) => {
      expect(looks(readWhatsAppText(whatsAppMarkup(apart(spans))))).toEqual(looks(spans));
    }),
  );
  expect(readWhatsAppText('*'.repeat(60_000))).not.toEqual([]);
  expect(readWhatsAppText('*24 h*: ```a\n*b*```')).toEqual([{ text: '24 h', bold: true }, { text: ': ' }, { text: 'a\n*b*', pre: '' }]);
});

test('Telegram’s entities say what was meant', () => {
  const [piece] = renderMessage.telegram(message({ text: '**a _b_** `c`', format: 'rich' }));
  expect(entitySpans(piece?.text ?? '', piece?.entities ?? [])).toEqual([
    { text: 'a ', bold: true },
    { text: 'b', bold: true, italic: true },
    { text: ' ' },
    { text: 'c', code: true },
  ]);
});

test.each<[MessageChannel, Partial<OutgoingMessage>, ChannelNote[]]>([
  ['whatsapp', { buttons: choices('A', 'B', 'C', 'D') }, [{ note: 'list', most: 3, length: 20, choice: null }]],
  ['whatsapp', { buttons: choices('A', 'Twenty-one characters') }, [{ note: 'list', most: 3, length: 20, choice: 1 }]],
  [
    'whatsapp',
    { buttons: choices('A', 'More than twenty-four chars') },
    [{ note: 'numbered', why: 'long', most: 10, length: 24, choice: 1 }],
  ],
  ['whatsapp', { buttons: choices('A', 'A') }, [{ note: 'numbered', why: 'same', most: 10, length: 24, choice: null }]],
  ['email', { buttons: choices('A') }, [{ note: 'numbered', why: 'no-buttons', most: 0, length: 0, choice: null }]],
  ['telegram', { text: 'x'.repeat(5_000), buttons: choices('A') }, [{ note: 'split', parts: 2, length: 4_096 }]],
  ['sms', { text: 'mañana ✓' }, [{ note: 'segments', count: 1, encoding: 'UCS-2', left: 62, foreign: ['✓'] }]],
  ['telegram', { buttons: choices('A', 'B') }, []],
])('on %s %o is noted', (channel, given, notes) => {
  const whole = message({ text: 'Which?', ...given });
  expect(channelNotes(channel, whole, renderMessage[channel](whole))).toEqual(notes);
});

test('the HTML of an email says what was written and holds no other tag or address', () => {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  fc.assert(
    fc.property(anything, (given) => {
      const text = `x${given.replaceAll(/[\r\uFDD0\uFDD1]/g, '')}`;
      const html = renderMessage.email(message({ text }))[0]?.html ?? '';
      const tags = [...html.matchAll(/<\/?([a-z]+)/g)].map(([, tag]) => tag);
      expect(tags.every((tag) => ['div', 'p', 'br', 'a'].includes(tag ?? ''))).toBe(true);
      const shown = html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
      expect(shown.replaceAll(/\s/gu, '')).toBe(text.replaceAll(/\s/gu, ''));
    }),
  );
  const rich =
    renderMessage.email(message({ format: 'rich', text: '[a](https://a.test/?q="><script>) <img src=x onerror=y>' }))[0]?.html ?? '';
  expect(rich).not.toMatch(/<script|<img/);
});
