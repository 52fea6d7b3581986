import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import { startTelegramFake, type TelegramFake } from '@holdfast/test-kit/fakes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelAccount, Piece } from '../channel-adapter.ts';
import { checkTelegramToken, deleteTelegramWebhook, setTelegramWebhook } from './connect.ts';
import { createTelegramAdapter, type TelegramOptions } from './telegram-adapter.ts';
import { verifyTelegramSecret } from './webhook.ts';

const token = '4242:very-secret_token';
const account: ChannelAccount = { id: 'chan_1', workspaceId: 'ws_1', kind: 'telegram', name: 'Shop', config: {}, secret: token };
let fake: TelegramFake;
let egress: Egress;
let telegram: TelegramOptions;
beforeEach(async () => {
  fake = await startTelegramFake({ webhookTimeScale: 0.01 });
  egress = createEgress({ limits: { connectMs: 60_000 } });
  telegram = { egress, apiUrl: fake.url };
  fake.bot(token).chats.set('5', { isGroup: false });
});
afterEach(() => Promise.all([egress.close(), fake.close()]));

const piece = (text: string): Piece => ({ text, buttons: [], attachment: null });
const send = (change: { address?: string; piece?: Piece; account?: ChannelAccount } = {}) =>
  createTelegramAdapter(telegram).send({ account, address: '5', piece: piece('hello'), loadFile: async () => null, ...change });
const failure = async (change: Parameters<typeof send>[0] = {}): Promise<HoldfastError> =>
  send(change).then(
    () => Promise.reject(new Error('it was sent')),
    (error: HoldfastError) => error,
  );

describe('sending', () => {
  test('answers the message’s id', async () => expect(await send()).toEqual({ providerMessageId: '1' }));
  test.each([
    [{ kind: 'blocked' }, 'channel.blocked'],
    [{ kind: 'kicked' }, 'channel.unreachable'],
    [{ kind: 'unauthorized' }, 'channel.token'],
    [{ kind: 'server-error' }, 'upstream.broken'],
    [{ kind: 'gateway' }, 'upstream.ambiguous'],
    [{ kind: 'garbage' }, 'upstream.ambiguous'],
    [{ kind: 'cut-before' }, 'upstream.ambiguous'],
    [{ kind: 'cut-after' }, 'upstream.ambiguous'],
  ] as const)('%o is %s', async (fault, code) => {
    fake.fail(token, { ...fault });
    expect((await failure()).code).toBe(code);
  });
  test.each([
    ['Forbidden: bot was blocked by the user', 'channel.blocked'],
    ['Forbidden: user is deactivated', 'channel.blocked'],
    ['Forbidden: PRIVACY_PREMIUM_REQUIRED', 'channel.blocked'],
    ['Forbidden: bot was kicked from the group chat', 'channel.unreachable'],
    ['Forbidden: bot was kicked from the channel chat', 'channel.unreachable'],
    ['Forbidden: bot is not a member of the supergroup chat', 'channel.unreachable'],
    ['Forbidden: the group chat was deleted', 'channel.unreachable'],
    ['Bad Request: chat not found', 'channel.unreachable'],
    ['Bad Request: not enough rights to send text messages to the chat', 'channel.unreachable'],
    ['Bad Request: not enough rights to send photos to the chat', 'channel.content'],
    ['Bad Request: message is too long', 'channel.content'],
  ])('“%s” is %s, and nothing is sent', async (description, code) => {
    fake.fail(token, { kind: 'refused', description });
    expect(await failure()).toMatchObject({ code, detail: expect.stringContaining(description) });
    expect(fake.accepted(token)).toEqual([]);
  });
  test('“message is not modified” is a success', async () => {
    fake.fail(token, { kind: 'refused', description: 'Bad Request: message is not modified: specified new message content is the same' });
    expect(await send()).toEqual({ providerMessageId: '' });
  });
  test('429 carries the wait', async () => {
    fake.fail(token, { kind: 'limited', retryAfter: 7 });
    expect(await failure()).toMatchObject({ code: 'upstream.limited', retryAfterMs: 7_000 });
  });
  test('an unknown chat can’t be reached, a text too long is content', async () => {
    expect((await failure({ address: '6' })).code).toBe('channel.unreachable');
    expect((await failure({ piece: piece('x'.repeat(5_000)) })).code).toBe('channel.content');
  });
  test('a moved group gets it at its new address, once', async () => {
    fake.bot(token).chats.set('5', { isGroup: true, movedTo: '-1005' });
    fake.bot(token).chats.set('-1005', { isGroup: true });
    expect(await send()).toMatchObject({ movedTo: '-1005' });
    expect(fake.accepted(token).map(({ chat }) => chat)).toEqual(['-1005']);
  });
  test('a moved group whose new address refuses too is told apart from one that can’t be known', async () => {
    fake.bot(token).chats.set('5', { isGroup: true, movedTo: '-1005' });
    expect((await failure()).code).toBe('channel.unreachable');
  });
  test('no error shows the token, whatever went wrong', async () => {
    const errors = [await failure({ account: { ...account, config: { apiUrl: 'http://127.0.0.1:1' } } })];
    for (const kind of ['unauthorized', 'gateway', 'garbage', 'cut-before', 'server-error'] as const) {
      fake.fail(token, { kind });
      errors.push(await failure());
    }
    const { inspect } = await import('node:util');
    for (const error of errors) expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain('very-secret');
  });
  test('a channel’s own base URL comes before the environment’s, and may be private because an administrator set it', async () => {
    const other = await startTelegramFake();
    other.bot(token).chats.set('5', { isGroup: false });
    await send({ account: { ...account, config: { apiUrl: other.url } } });
    expect([other.accepted(token).length, fake.accepted(token).length]).toEqual([1, 0]);
    await other.close();
  });
});

describe('a customer’s file', () => {
  const download = (providerFileId: string) =>
    createTelegramAdapter(telegram).files?.download({ account, providerFileId, signal: new AbortController().signal });
  test('is fetched by its id', async () => {
    fake.addFile(token, 'voice-1', Buffer.from('ogg bytes'));
    expect((await download('voice-1'))?.toString()).toBe('ogg bytes');
  });
  test('that is gone is gone for good', async () => {
    await expect(download('gone')).rejects.toMatchObject({ code: 'channel.content' });
  });
});

describe('what a piece holds', () => {
  const content = Buffer.from('OggS');
  const loadFile = async (id: string) => ({ name: `${id}.bin`, mimeType: 'audio/ogg', content });
  const sendPiece = (given: Partial<Piece>) =>
    createTelegramAdapter(telegram).send({ account, address: '5', piece: { ...piece(''), ...given }, loadFile });
  const taken = () => fake.accepted(token).map(({ method, text, payload }) => ({ method, text, payload }));

  test('goes as what it is, with its caption, its formatting and what it answers', async () => {
    const entities = [{ type: 'bold' as const, offset: 0, length: 2 }];
    await sendPiece({ text: 'hi', entities, quote: { providerMessageId: '41' } });
    await sendPiece({ text: 'hi', entities, attachment: { kind: 'image', fileId: 'f' } });
    await sendPiece({ attachment: { kind: 'location', latitude: 1, longitude: 2 } });
    await sendPiece({ attachment: { kind: 'location', latitude: 1, longitude: 2, name: 'Shop' } });
    await sendPiece({ attachment: { kind: 'contact', name: 'Ana', phone: '+34600000000' } });
    await sendPiece({
      text: 'both',
      attachment: null,
      attachments: [
        { kind: 'image', fileId: 'a' },
        { kind: 'video', fileId: 'b' },
      ],
    });
    expect(taken()).toMatchObject([
      { method: 'sendMessage', payload: { entities, reply_parameters: { message_id: 41, allow_sending_without_reply: true } } },
      { method: 'sendPhoto', text: 'hi', payload: { caption_entities: JSON.stringify(entities) } },
      { method: 'sendLocation' },
      { method: 'sendVenue', payload: { title: 'Shop' } },
      { method: 'sendContact', payload: { phone_number: '+34600000000', first_name: 'Ana' } },
      { method: 'sendMediaGroup', text: 'both', payload: { uploads: [{ size: 4 }, { size: 4 }] } },
    ]);
  });
  test('goes as a file to a person who takes no voice notes', async () => {
    fake.bot(token).chats.set('5', { isGroup: false, takesNoVoice: true });
    await sendPiece({ text: 'listen', attachment: { kind: 'voice', fileId: 'v' } });
    expect(taken()).toMatchObject([{ method: 'sendDocument', text: 'listen' }]);
  });
  test('goes as a file when Telegram can’t show it as a picture', async () => {
    fake.fail(token, { method: 'sendPhoto', kind: 'refused', description: 'Bad Request: PHOTO_INVALID_DIMENSIONS' });
    await sendPiece({ attachment: { kind: 'image', fileId: 'wide' } });
    expect(taken()).toMatchObject([{ method: 'sendDocument' }]);
  });
  test('goes without formatting that Telegram can’t read', async () => {
    await sendPiece({ text: 'hi', entities: [{ type: 'bold', offset: 1, length: 5 }] });
    expect(taken()).toMatchObject([{ method: 'sendMessage', text: 'hi' }]);
    expect(taken()[0]?.payload).not.toHaveProperty('entities');
  });
  test('is announced by “typing”, and nothing fails when that does', async () => {
    await createTelegramAdapter(telegram).typing?.show({ account, address: '5' });
    fake.fail(token, { method: 'sendChatAction', kind: 'server-error' });
    await createTelegramAdapter(telegram).typing?.show({ account, address: '5' });
    expect(fake.bot(token).typing).toEqual(['5']);
  });
});

describe('connecting', () => {
  test('getMe says who the bot is and whether privacy mode is on', async () =>
    expect(await checkTelegramToken(telegram, account)).toEqual({
      botId: '4242',
      name: 'Fake',
      username: 'fake_4242_bot',
      privacyMode: true,
    }));
  test('a wrong token is refused with Telegram’s words', async () => {
    await expect(checkTelegramToken(telegram, { ...account, secret: 'nonsense' })).rejects.toMatchObject({
      code: 'channel.token',
      detail: expect.stringContaining('Unauthorized'),
    });
  });
  test('a webhook really delivers with its secret, again until it is taken, and ends', async () => {
    const { startHttpService } = await import('@holdfast/test-kit/fakes');
    const hook = await startHttpService();
    hook.on('/hook', { status: 500 }, { status: 200 });
    await setTelegramWebhook(telegram, account, { url: `${hook.url}/hook`, secret: 'hook_secret-1' });
    fake.say(token, 5, 'hello');
    await expect.poll(() => hook.received.length).toBe(2);
    expect(hook.received[1]?.headers['x-telegram-bot-api-secret-token']).toBe('hook_secret-1');
    expect(hook.received[0]?.body).toBe(hook.received[1]?.body);
    await deleteTelegramWebhook(telegram, account);
    expect(fake.bot(token).webhook).toBeNull();
    await hook.close();
  });
  test.each([
    [null, 'x'],
    ['', ''],
    ['right', undefined],
    ['right', 'wrong'],
    ['right', 'right '],
  ])('a webhook call with secret %j given %j is refused', (expected, given) =>
    expect(() => verifyTelegramSecret(expected, given)).toThrow(expect.objectContaining({ code: 'auth.signature' })),
  );
  test('a webhook call with the right secret passes', () => expect(() => verifyTelegramSecret('right', 'right')).not.toThrow());
});
