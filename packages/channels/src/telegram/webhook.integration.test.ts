import { createServer, type Server } from 'node:http';
import { insertChannel, insertInboxEvent, newId } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { startTelegramFake, type TelegramFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelAccount, InboundEvent } from '../channel-adapter.ts';
import { setTelegramWebhook } from './connect.ts';
import type { TelegramOptions } from './telegram-adapter.ts';
import { receiveTelegramUpdates } from './receive.ts';
import { verifyTelegramSecret } from './webhook.ts';

const account: ChannelAccount = {
  id: newId('channel'),
  workspaceId: 'ws_1',
  kind: 'telegram',
  name: 'Shop',
  config: {},
  secret: '6001:webhook-token',
};
const token = '6001:webhook-token';
const taken: InboundEvent[] = [];
const answers: number[] = [];
let database: TestDatabase;
let egress: Egress;
let fake: TelegramFake;
let hook: Server;
let url: string;
/** How many commits fail before one works. */
let outages = 0;

beforeAll(async () => {
  database = await testDatabase();
  egress = createEgress({ limits: { connectMs: 60_000 } });
  fake = await startTelegramFake({ webhookTimeScale: 0.01 });
  const { pool } = database;
  await pool.query(`insert into workspaces (id, name, slug) values ('ws_1', 'W', 'w')`);
  await insertChannel(pool, { ...account, secret: Buffer.from(token), keyId: 'k' });
  const telegram: TelegramOptions = { egress, apiUrl: fake.url };
  const onEvents = async (_channel: object, events: InboundEvent[]) => {
    if (outages-- > 0) throw new Error('the database is away');
    for (const event of events) {
      const row = {
        id: newId('inbox'),
        workspaceId: 'ws_1',
        channelId: account.id,
        eventId: event.eventId,
        kind: event.kind,
        payload: {},
        state: 'consumed',
      };
      if ((await insertInboxEvent(pool, row)) !== null) taken.push(event);
    }
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  // What the API's hook does, without the API.
  hook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const secret = request.headers['x-telegram-bot-api-secret-token'];
    const status = await Promise.resolve()
      .then(() => verifyTelegramSecret('hook-secret', typeof secret === 'string' ? secret : undefined))
      .then(() => receiveTelegramUpdates({ pool, telegram, onEvents, log }, account, [JSON.parse(Buffer.concat(chunks).toString())]))
      .then(
        () => 200,
        (error: Error) => (error.name === 'HoldfastError' ? 401 : 503),
      );
    answers.push(status);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const address = hook.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  await setTelegramWebhook(telegram, account, { url, secret: 'hook-secret' });
});
afterAll(async () => {
  await fake.close();
  await new Promise((resolve) => hook.close(resolve));
  await egress.close();
  await database.close();
});

test('takes every update in once and in order, though each comes twice', async () => {
  fake.bot(token).mess = { duplicate: true, shuffle: false };
  for (let index = 0; index < 20; index += 1) fake.say(token, 5, `m${index}`);
  await expect.poll(() => fake.bot(token).updates.length).toBe(0);
  expect(taken.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, index) => `m${index}`));
  await expect.poll(() => answers).toEqual(Array.from({ length: 40 }, () => 200));
});

test('answers 5xx when nothing could be committed, so that Telegram delivers again', async () => {
  answers.length = 0;
  outages = 2;
  fake.bot(token).mess = { duplicate: false, shuffle: false };
  fake.say(token, 5, 'after the outage');
  await expect.poll(() => taken.at(-1)?.text).toBe('after the outage');
  await expect.poll(() => answers).toEqual([503, 503, 200]);
});

test('takes a tap in although Telegram finds it too old to be answered', async () => {
  answers.length = 0;
  const description = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
  fake.fail(token, { method: 'answerCallbackQuery', kind: 'refused', description });
  const from = { id: 5, is_bot: false, first_name: 'Ana' };
  const message = { message_id: 9, date: 1, chat: { id: 5, type: 'private' } };
  fake.push(token, [{ callback_query: { id: 'old', from, data: 'yes', message } }]);
  await expect.poll(() => taken.at(-1)?.button?.id).toBe('yes');
  await expect
    .poll(() => fake.bot(token).calls.some(({ method, status }) => method === 'answerCallbackQuery' && status === 400))
    .toBe(true);
  await expect.poll(() => answers).toEqual([200]);
});

test('takes nothing in from a caller without the secret', async () => {
  const before = taken.length;
  const forged = JSON.stringify({
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: 5, type: 'private' }, from: { id: 5, first_name: 'Eve' }, text: 'forged' },
  });
  const responses = await Promise.all([
    fetch(url, { method: 'POST', body: forged }),
    fetch(url, { method: 'POST', body: forged, headers: { 'x-telegram-bot-api-secret-token': 'guess' } }),
  ]);
  expect(responses.map(({ status }) => status)).toEqual([401, 401]);
  expect(taken.length).toBe(before);
});
