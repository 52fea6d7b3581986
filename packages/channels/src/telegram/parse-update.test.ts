import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUpdate } from './parse-update.ts';

const account = { config: { username: 'shop_bot' } };
const lena = { id: 7_001, is_bot: false, first_name: 'Lena', last_name: 'K', language_code: 'de' };
const chat = { id: 7_001, type: 'private', first_name: 'Lena' };
const group = { id: -1_001_234_567_890, type: 'supergroup', title: 'Team' };
const message = (more: JsonObject = {}): JsonObject => ({ message_id: 42, date: 1_795_392_000, from: lena, chat, ...more });
const parse = (update: JsonObject) => parseUpdate({ update_id: 810_000_001, ...update }, account)[0];
const inGroup = (text: string, more: JsonObject = {}) => parse({ message: message({ chat: group, text, ...more }) });

describe('a message', () => {
  test('becomes an event with its chat, its writer and its time', () =>
    expect(parse({ message: message({ text: 'Where is my order?' }) })).toMatchObject({
      eventId: '810000001',
      kind: 'message',
      address: '7001',
      isGroup: false,
      contact: { address: '7001', name: 'Lena K', language: 'de' },
      text: 'Where is my order?',
      attachments: [],
      providerMessageId: '42',
      sentAt: '2026-11-23T00:00:00.000Z',
    }));
  test('keeps its caption as text beside its largest picture', () =>
    expect(
      parse({
        message: message({
          caption: 'broken',
          photo: [
            { file_id: 's', width: 90, file_size: 100 },
            { file_id: 'l', width: 800, file_size: 9_000 },
          ],
        }),
      }),
    ).toMatchObject({
      kind: 'message',
      text: 'broken',
      attachments: [{ kind: 'image', providerFileId: 'l', mimeType: 'image/jpeg', sizeBytes: 9_000 }],
    }));
  test.each([
    [{ voice: { file_id: 'v', duration: 6, mime_type: 'audio/ogg' } }, { kind: 'voice', durationSeconds: 6 }],
    [{ audio: { file_id: 'a', duration: 60 } }, { kind: 'audio' }],
    [{ video: { file_id: 'f' } }, { kind: 'video' }],
    [{ video_note: { file_id: 'r' } }, { kind: 'video' }],
    [
      { animation: { file_id: 'g' }, document: { file_id: 'g' } },
      { kind: 'video', name: 'animation.mp4' },
    ],
    [
      { document: { file_id: 'd', file_name: 'bill.pdf', mime_type: 'application/pdf' } },
      { kind: 'document', name: 'bill.pdf', mimeType: 'application/pdf' },
    ],
    [{ sticker: { file_id: 's', emoji: '👍' } }, { kind: 'sticker', name: '👍', mimeType: 'image/webp' }],
    [{ location: { latitude: 1.5, longitude: -2.5 } }, { kind: 'location', latitude: 1.5, longitude: -2.5 }],
    [
      { venue: { location: { latitude: 1, longitude: 2 }, title: 'Shop', address: 'Main St' }, location: { latitude: 1, longitude: 2 } },
      { kind: 'location', name: 'Shop', address: 'Main St' },
    ],
    [{ contact: { phone_number: '+49123', first_name: 'Max' } }, { kind: 'contact', name: 'Max', phone: '+49123' }],
    [{ contact: { first_name: 'Max' } }, { kind: 'contact', name: 'Max' }],
    [{ poll: { question: 'Tea?' } }, { kind: 'other', name: 'Tea?' }],
  ])('says what came with it: %o', (content, expected) =>
    expect(parse({ message: message(content) })).toMatchObject({ kind: 'message', text: '', attachments: [expected] }),
  );
  test('that is edited is an edit of the same message', () =>
    expect(parse({ edited_message: message({ text: 'Where is order 7?', edit_date: 1_795_392_060 }) })).toMatchObject({
      kind: 'edit',
      providerMessageId: '42',
      editedAt: '2026-11-23T00:01:00.000Z',
    }));
  test.each([[{ new_chat_members: [lena] }], [{ pinned_message: {} }], [{ group_chat_created: true }]])(
    'of the service kind is nobody’s message: %o',
    (content) => expect(parse({ message: message(content) })?.kind).toBe('other'),
  );
  test('says what it answers, that it was forwarded, and which pictures belong together', () => {
    const answered = { message_id: 7, date: 1, chat, text: 'Which one?' };
    expect(
      parse({
        message: message({
          caption: 'this',
          photo: [{ file_id: 'f', width: 1 }],
          media_group_id: '77',
          reply_to_message: answered,
          forward_origin: { type: 'hidden_user', sender_user_name: 'Max' },
        }),
      }),
    ).toMatchObject({ kind: 'message', albumId: '77', isForwarded: true, quote: { providerMessageId: '7', text: 'Which one?' } });
    expect(parse({ message: message({ text: 'x', reply_to_message: answered, quote: { text: 'one' } }) })?.quote?.text).toBe('one');
  });
  test('of another bot is not for us', () =>
    expect(parse({ message: message({ text: 'x', from: { ...lena, is_bot: true } }) })?.kind).toBe('other'));
  test('with NUL and half an emoji keeps the rest', () =>
    expect(parse({ message: message({ text: 'a\0b\ud83d c 😀' }) })?.text).toBe('a\uFFFDb\uFFFD c 😀'));
  test('from an id beyond 32 bits keeps it exactly', () =>
    expect(parse({ message: message({ text: 'x', chat: { ...chat, id: 5_498_765_432_109 } }) })?.address).toBe('5498765432109'));
});

describe('in a group', () => {
  test.each([
    ['@shop_bot where is it?', 'where is it?'],
    ['where is it, @Shop_Bot ?', 'where is it, ?'],
    ['/order@shop_bot 7', '/order 7'],
    ['/order 7', '/order 7'],
    ['mail me at a@shop_bot.example', 'mail me at a@shop_bot.example'],
    ['@shop_bot2 hi', '@shop_bot2 hi'],
  ])('%j is read as %j', (text, expected) =>
    expect(inGroup(text)).toMatchObject({
      kind: 'message',
      isGroup: true,
      address: '-1001234567890',
      contact: { address: '7001' },
      text: expected,
    }),
  );
  test('a command to another bot is not for us', () => expect(inGroup('/order@other_bot 7')?.kind).toBe('other'));
  test('that became a supergroup says so in both chats', () => {
    expect(parse({ message: message({ chat: { id: -55, type: 'group' }, migrate_to_chat_id: -10055 }) })).toMatchObject({
      kind: 'migration',
      address: '-55',
      migrateTo: '-10055',
    });
    expect(parse({ message: message({ chat: { id: -10055, type: 'supergroup' }, migrate_from_chat_id: -55 }) })).toMatchObject({
      kind: 'migration',
      address: '-55',
      migrateTo: '-10055',
    });
  });
});

describe('other updates', () => {
  const tap = (data: string) => ({
    callback_query: {
      id: '991',
      from: lena,
      data,
      message: { message_id: 40, date: 1, chat, reply_markup: { inline_keyboard: [[{ text: 'Yes, please', callback_data: 'yes' }]] } },
    },
  });
  test('a tapped button has its label as text', () =>
    expect(parse(tap('yes'))).toMatchObject({
      kind: 'button',
      address: '7001',
      text: 'Yes, please',
      button: { id: 'yes', label: 'Yes, please' },
      providerMessageId: 'tap-991',
    }));
  test.each([
    [[{ type: 'emoji', emoji: '👍' }], '👍'],
    [[{ type: 'custom_emoji', custom_emoji_id: '1' }], '⭐'],
    [[], null],
  ])('the reaction %o is %j, and nobody’s message', (reactions, emoji) =>
    expect(
      parse({ message_reaction: { chat, message_id: 42, user: lena, date: 1, old_reaction: [], new_reaction: reactions } }),
    ).toMatchObject({
      kind: 'reaction',
      address: '7001',
      providerMessageId: '42',
      reaction: { emoji },
    }),
  );
  test('a button we don’t find any more has its id as label', () =>
    expect(parse(tap('gone'))).toMatchObject({ kind: 'button', button: { id: 'gone', label: 'gone' } }));
  test.each([
    ['kicked', false],
    ['left', false],
    ['member', true],
    ['administrator', true],
  ])('a bot that is now %s can be reached: %s', (status, isReachable) =>
    expect(parse({ my_chat_member: { chat, from: lena, date: 1_795_392_000, new_chat_member: { status } } })).toMatchObject({
      kind: 'membership',
      address: '7001',
      isReachable,
    }),
  );
  test('what we don’t know is kept whole as other', () =>
    expect(parse({ purchased_paid_media: { x: 1 } })).toMatchObject({
      kind: 'other',
      eventId: '810000001',
      raw: { update_id: 810_000_001, purchased_paid_media: { x: 1 } },
    }));
  test('nothing throws, and the same odd thing twice has one id', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (odd) => {
        const value = JSON.parse(JSON.stringify(odd)) as JsonValue; // what arrives is JSON
        for (const update of [value, { update_id: 1, message: value }, { update_id: 1, callback_query: value }]) {
          const [first, second] = [parseUpdate(update, account), parseUpdate(update, account)];
          expect(first.map(({ eventId }) => eventId)).toEqual(second.map(({ eventId }) => eventId));
        }
      }),
    );
  });
});
