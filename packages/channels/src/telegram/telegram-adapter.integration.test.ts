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
  egress = createEgress({ limits: { connectMs: 1_000, totalMs: 1_000 } });
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
