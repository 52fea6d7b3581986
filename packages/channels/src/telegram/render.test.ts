import { outgoingMessage } from '@holdfast/node-kit';
import { describe, expect, test } from 'vitest';
import { maxTextLength, render } from './render.ts';

const message = (given: object) => outgoingMessage.parse(given);

describe('render', () => {
  test('splits what is longer than Telegram takes and hangs the buttons on the last text', () => {
    const pieces = render(
      message({ text: 'word '.repeat(2_000), buttons: [{ id: 'a', label: 'A' }], attachments: [{ kind: 'image', fileId: 'f' }] }),
    );
    expect(pieces.map(({ text, buttons, attachment }) => [text.length <= maxTextLength, buttons.length, attachment?.kind])).toEqual([
      [true, 0, undefined],
      [true, 0, undefined],
      [true, 1, undefined],
      [true, 0, 'image'],
    ]);
  });
  test('hangs the buttons on the last attachment when there is no text', () =>
    expect(render(message({ buttons: [{ id: 'a', label: 'A' }], attachments: [{ kind: 'image', fileId: 'f' }] }))).toMatchObject([
      { text: '', buttons: [{ id: 'a' }], attachment: { kind: 'image' } },
    ]));
  test('gives the same pieces every time', () => {
    const long = message({ text: 'Ünïcödé 👩‍👩‍👧‍👦 '.repeat(900) });
    expect(render(long)).toEqual(render(long));
  });
  test('writes a contact as text and a place as a place', () =>
    expect(
      render(
        message({
          attachments: [
            { kind: 'contact', name: 'Max +49' },
            { kind: 'location', latitude: 1, longitude: 2 },
          ],
        }),
      ),
    ).toMatchObject([{ text: 'Max +49', attachment: null }, { attachment: { kind: 'location' } }]));
  test.each([
    [{}],
    [{ text: '  ' }],
    [{ text: 'x', buttons: [{ id: 'ж'.repeat(33), label: 'A' }] }],
    [{ attachments: [{ kind: 'image' }] }],
  ])('refuses %o with a sentence', (given) => {
    expect(() => render(message(given))).toThrow(expect.objectContaining({ code: 'channel.content' }));
  });
});
