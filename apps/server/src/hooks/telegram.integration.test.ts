import { startTelegramFake, type TelegramFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { waitUntil } from '../test/wait-until.ts';

let fake: TelegramFake;
let server: TestServer;
beforeAll(async () => {
  fake = await startTelegramFake({
    tokens: [
      '1001:polling-token-aaaaaaaaaaaaaaaaaaaaaa',
      '1002:webhook-token-aaaaaaaaaaaaaaaaaaaaaa',
      '1003:alert-token-aaaaaaaaaaaaaaaaaaaaaaaaa',
    ],
  });
  server = await startTestServer({ environment: { HOLDFAST_TELEGRAM_API_URL: fake.url } });
});
afterAll(async () => {
  await server.close();
  await fake.close();
});

const token = {
  polling: '1001:polling-token-aaaaaaaaaaaaaaaaaaaaaa',
  webhook: '1002:webhook-token-aaaaaaaaaaaaaaaaaaaaaa',
  alert: '1003:alert-token-aaaaaaaaaaaaaaaaaaaaaaaaa',
};
const textsOf = async (channel: string): Promise<string[]> =>
  (
    await server.pool.query<{ text: string }>(
      `select m.text from messages m join conversations k on k.id = m.conversation_id where k.channel_id = $1 and m.direction = 'in' order by m.created_at, m.id`,
      [channel],
    )
  ).rows.map((row) => row.text);

describe('connecting Telegram', () => {
  test('refuses a token that Telegram does not know, and stores nothing', async () => {
    const answer = await server.owner.call('POST', '/api/channels', { kind: 'telegram', token: '9999:nobody-knows-this-token-aaaaaaaa' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'channel.token' } });
    expect((await server.owner.call('GET', '/api/channels')).body.items).toHaveLength(1);
  });

  test('by polling takes messages in, never shows the token, and stops when it is paused', async () => {
    const made = await server.owner.call('POST', '/api/channels', { kind: 'telegram', token: token.polling, name: 'Support' });
    expect(made).toMatchObject({ status: 201, body: { name: 'Support', status: 'active', health: { problem: null } } });
    const { id } = made.body;
    fake.say(token.polling, 77, 'hello from a poll');
    await waitUntil(async () => (await textsOf(id)).includes('hello from a poll'));
    const listed = await waitUntil(async () => {
      const { body } = await server.owner.call('GET', '/api/channels');
      return body.items.find((channel: { id: string }) => channel.id === id).health.lastInAt === null ? null : body;
    });
    const stored = await server.pool.query("select encode(secret, 'escape') as secret, config::text from channels where id = $1", [id]);
    expect(JSON.stringify([made.body, listed, stored.rows, (await server.owner.call('GET', '/api/audit')).body])).not.toContain(
      'polling-token',
    );
    expect((await server.owner.call('PATCH', `/api/channels/${id}`, { status: 'paused' })).body.status).toBe('paused');
    expect((await server.owner.call('POST', `/api/channels/${id}/test`)).body).toMatchObject({
      status: 'paused',
      health: { checkedAt: expect.any(String) },
    });
    expect((await server.owner.call('DELETE', `/api/channels/${id}`)).status).toBe(200);
  });

  test('twice with one bot is refused', async () => {
    const { id } = (await server.owner.call('POST', '/api/channels', { kind: 'telegram', token: token.polling })).body;
    expect((await server.owner.call('POST', '/api/channels', { kind: 'telegram', token: token.polling })).status).toBe(409);
    await server.owner.call('DELETE', `/api/channels/${id}`);
  });

  test('by webhook needs an address to be called at', async () => {
    expect(await server.owner.call('POST', '/api/channels', { kind: 'telegram', token: token.webhook, delivery: 'webhook' })).toMatchObject(
      { status: 400, body: { path: 'publicUrl' } },
    );
  });

  test('leaves the simulator where it is', async () => {
    const simulator = (await server.owner.call('GET', '/api/channels')).body.items.find(
      (channel: { kind: string }) => channel.kind === 'simulator',
    );
    expect((await server.owner.call('DELETE', `/api/channels/${simulator.id}`)).status).toBe(400);
  });
});

describe('a Telegram webhook', () => {
  let id: string;
  let secret: string;
  beforeAll(async () => {
    id = (
      await server.owner.call('POST', '/api/channels', {
        kind: 'telegram',
        token: token.webhook,
        delivery: 'webhook',
        publicUrl: server.url,
      })
    ).body.id;
    secret = fake.bot(token.webhook).webhook?.secret ?? '';
  });
  const update = (number: number, text: string) => ({
    update_id: number,
    message: {
      message_id: number,
      date: 1_790_000_000,
      text,
      chat: { id: 5, type: 'private', first_name: 'Ben' },
      from: { id: 5, is_bot: false, first_name: 'Ben' },
    },
  });
  const post = (body: unknown, headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': secret }) =>
    server.anonymous.call('POST', `/hooks/channels/${id}`, body, headers);

  test('is taken in when Telegram itself calls', async () => {
    expect(secret).toMatch(/^[\w-]{40,}$/);
    fake.say(token.webhook, 5, 'hello from a webhook');
    await waitUntil(async () => (await textsOf(id)).includes('hello from a webhook'));
  });

  test('delivered 50 times at once is taken in once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(update(900_001, 'only once'))));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect((await textsOf(id)).filter((text) => text === 'only once')).toHaveLength(1);
  });

  test.each([
    ['without the secret', {}],
    ['with a wrong secret', { 'x-telegram-bot-api-secret-token': 'wrong' }],
    ['with an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
  ])('%s is refused, unread and noted', async (_name, headers) => {
    const count = async () =>
      (await server.pool.query("select count(*)::int as count from audit where action = 'hook.refused'")).rows[0].count;
    const before = await count();
    const answer = await post('{"update_id": not even json', headers);
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.signature' } });
    expect(await count()).toBe(before + 1);
  });

  test('with odd text loses no event', async () => {
    const bytes = new Uint8Array(Buffer.from(JSON.stringify(update(900_002, 'NUL \0 and half \ud83d and 🌊'))));
    expect((await post(bytes)).status).toBe(200);
    expect(await textsOf(id)).toContain('NUL \uFFFD and half \uFFFD and 🌊');
  });

  test('that is not what Telegram sends is answered with 2xx or 4xx, never with our failure', async () => {
    for (const body of [
      '{}',
      '[]',
      'null',
      '{"update_id":900003}',
      '{"update_id":"x","message":{}}',
      '{"update_id":900004,"message":{"chat":{}}}',
      `{"update_id":900005,"message":${'['.repeat(5_000)}}`,
      '{',
    ]) {
      expect((await post(body)).status).toBeLessThan(500);
    }
  });

  test('answers 5xx and never 2xx while the insert fails, and takes it in when Telegram comes again', async () => {
    await server.pool.query('alter table inbox rename to inbox_away');
    try {
      expect((await post(update(900_006, 'later'))).status).toBeGreaterThanOrEqual(500);
    } finally {
      await server.pool.query('alter table inbox_away rename to inbox');
    }
    expect((await post(update(900_006, 'later'))).status).toBe(200);
    expect(await textsOf(id)).toContain('later');
  });

  test('is not found for other channels, other methods and unknown ids', async () => {
    const simulator = (await server.owner.call('GET', '/api/channels')).body.items.find(
      (channel: { kind: string }) => channel.kind === 'simulator',
    ).id;
    for (const path of [`/hooks/channels/${simulator}`, '/hooks/channels/chan_x', '/hooks/channels/%00'])
      expect((await server.anonymous.call('POST', path, {})).status).toBe(404);
    expect(
      (await server.anonymous.call('GET', `/hooks/channels/${id}`, undefined, { 'x-telegram-bot-api-secret-token': secret })).status,
    ).toBe(404);
  });
});

describe('an alert by Telegram', () => {
  test('arrives in the chat that staff chose', async () => {
    const channel = (await server.owner.call('POST', '/api/channels', { kind: 'telegram', token: token.alert })).body;
    const route = (
      await server.owner.call('POST', '/api/alert-routes', {
        kind: 'telegram',
        target: { channel: channel.id, chat: '4242' },
        events: ['handoff.opened'],
      })
    ).body;
    // Bots may only write to people who wrote to them first.
    expect((await server.owner.call('POST', `/api/alert-routes/${route.id}/test`)).body).toMatchObject({
      ok: false,
      detail: expect.any(String),
    });
    fake.say(token.alert, 4242, '/start');
    expect((await server.owner.call('POST', `/api/alert-routes/${route.id}/test`)).body).toMatchObject({ ok: true });
    expect(fake.accepted(token.alert)).toEqual([
      expect.objectContaining({ chat: '4242', text: expect.stringContaining('A test from Holdfast') }),
    ]);
  });
});
