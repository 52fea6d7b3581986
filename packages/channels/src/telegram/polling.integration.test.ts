import { createEgress, type Egress } from '@holdfast/egress';
import { insertChannel, insertInboxEvent, newId, type Pool, transaction, type Queryable } from '@holdfast/db';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { createRandom, shuffled, startTelegramFake, type TelegramFake } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InboundEvent } from '../channel-adapter.ts';
import { startTelegramPolling, type TelegramPollingDeps } from './polling.ts';
import type { ReceivingChannel } from '../receive-deps.ts';

const token = '7001:polling-token';
let database: TestDatabase;
let pool: Pool;
let egress: Egress;
let fake: TelegramFake;
let channelId: string;
let taken: InboundEvent[];
const running: { stop: () => Promise<void> }[] = [];
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeAll(async () => {
  database = await testDatabase();
  pool = database.pool;
  egress = createEgress({ limits: { connectMs: 60_000 } });
  await pool.query(`insert into workspaces (id, name, slug) values ('ws_1', 'W', 'w')`);
});
afterAll(async () => {
  await egress.close();
  await database.close();
});
beforeEach(async () => {
  fake = await startTelegramFake({ webhookTimeScale: 0.01 });
  channelId = newId('channel');
  taken = [];
  await insertChannel(pool, {
    id: channelId,
    workspaceId: 'ws_1',
    kind: 'telegram',
    name: 'Shop',
    config: { username: 'fake_7001_bot' },
    secret: Buffer.from(token),
    keyId: 'k',
  });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await fake.close();
  await pool.query('delete from channels');
});

/** Stands for ingest: the inbox decides what is new. */
const takeIn: TelegramPollingDeps['onEvents'] = (channel, events, options) =>
  transaction(pool, async (client) => {
    await insertAll(client, channel, events);
    await options?.alongside?.(client);
  });

async function insertAll(db: Queryable, channel: ReceivingChannel, events: InboundEvent[]): Promise<void> {
  for (const event of events) {
    const isNew = await insertInboxEvent(db, {
      id: newId('inbox'),
      workspaceId: channel.workspaceId,
      channelId: channel.id,
      eventId: event.eventId,
      kind: event.kind,
      payload: {},
      state: 'consumed',
    });
    if (isNew !== null) taken.push(event);
  }
}

function poll(process: string, change: Partial<TelegramPollingDeps> = {}): { stop: () => Promise<void> } {
  const polling = startTelegramPolling({
    pool,
    process,
    telegram: { egress, apiUrl: fake.url },
    onEvents: takeIn,
    log: silent,
    openSecret: ({ secret }) => secret.toString(),
    pollSeconds: 2,
    firstPauseMs: 20,
    lookEveryMs: 50,
    ...change,
  });
  running.push(polling);
  return polling;
}
const until = <T>(look: () => T | Promise<T>, timeout = 30_000) => vi.waitFor(look, { timeout, interval: 25 });
const channelRow = async () => (await pool.query('select * from channels where id = $1', [channelId])).rows[0];

describe('polling', () => {
  test('takes 500 updates of 50 chats in once each and in order per chat, though each comes twice and every batch is shuffled', async () => {
    fake.bot(token).mess = { duplicate: true, shuffle: true };
    const random = createRandom(7);
    const chats = shuffled(
      Array.from({ length: 500 }, (_, index) => 1_000 + (index % 50)),
      random,
    );
    const count = new Map<number, number>();
    for (const chat of chats) {
      const nth = (count.get(chat) ?? 0) + 1;
      count.set(chat, nth);
      fake.say(token, chat, `message ${nth}`);
    }
    poll('proc_1');
    await until(() => expect(taken.length).toBe(500));
    await until(() => expect(fake.bot(token).updates.length).toBe(0));
    for (const chat of new Set(chats))
      expect(taken.filter(({ address }) => address === String(chat)).map(({ text }) => text)).toEqual(
        Array.from({ length: 10 }, (_, index) => `message ${index + 1}`),
      );
  });

  test('moves the offset only after the commit: what could not be taken in comes again', async () => {
    let failures = 2;
    fake.say(token, 5, 'hello');
    poll('proc_1', {
      onEvents: async (channel, events, options) => {
        if (failures-- > 0) throw new Error('the database is away');
        await takeIn(channel, events, options);
      },
    });
    await until(() => expect(taken.map(({ text }) => text)).toEqual(['hello']));
  });

  test('parks an update that fails every time and goes on with the others', async () => {
    fake.say(token, 5, 'poison');
    fake.say(token, 6, 'fine');
    poll('proc_1', {
      onEvents: async (channel, events, options) => {
        if (events.some(({ text }) => text === 'poison')) throw new Error('can not be read');
        await takeIn(channel, events, options);
      },
    });
    await until(() => expect(taken.map(({ text }) => text)).toEqual(['fine']));
    await until(async () => {
      const { rows } = await pool.query(`select problem ->> 'detail' as detail from inbox where channel_id = $1 and state = 'parked'`, [
        channelId,
      ]);
      expect(rows).toEqual([{ detail: 'can not be read' }]);
    });
    await until(() => expect(fake.bot(token).updates.length).toBe(0));
  });

  test('lets only one of two processes poll, and the other when the first stops', async () => {
    const first = poll('proc_1');
    await until(() => expect(fake.bot(token).poll).not.toBeNull());
    poll('proc_2');
    fake.say(token, 5, 'one');
    await until(() => expect(taken.length).toBe(1));
    expect((await channelRow()).lease_owner).toBe('proc_1');
    await first.stop();
    await until(async () => expect((await channelRow()).lease_owner).toBe('proc_2'));
    fake.say(token, 5, 'two');
    await until(() => expect(taken.map(({ text }) => text)).toEqual(['one', 'two']));
    expect(fake.bot(token).calls.filter(({ status }) => status === 409)).toEqual([]);
  });

  test('takes a dead process’s lease over before it runs out', async () => {
    await pool.query(`insert into leases (process, kind, seen_at) values ('proc_dead', 'app', now() - interval '6 s')`);
    await pool.query(`update channels set lease_owner = 'proc_dead', lease_until = now() + interval '1 hour' where id = $1`, [channelId]);
    poll('proc_1');
    await until(async () => expect((await channelRow()).lease_owner).toBe('proc_1'));
  });

  test('stops and tells people when Telegram refuses the token', async () => {
    fake.fail(token, { kind: 'unauthorized', method: 'getUpdates' });
    poll('proc_1');
    await until(async () => expect((await channelRow()).status).toBe('broken'));
    expect((await channelRow()).health.problem.code).toBe('channel.token');
    const { rows } = await pool.query(`select count(*)::int as count from alerts where subject = $1 and event = 'channel.broken'`, [
      channelId,
    ]);
    expect(rows).toEqual([{ count: 1 }]);
  });

  test('says so when another program polls the same bot, and goes on when it stops', async () => {
    poll('proc_1');
    await until(() => expect(fake.bot(token).poll).not.toBeNull());
    await until(async () => {
      await fetch(`${fake.url}/bot${token}/getUpdates?timeout=0`);
      expect((await channelRow()).health.problem?.detail).toContain('Another program');
    });
    await until(async () => expect((await channelRow()).health.problem).toBeNull());
  });

  test('removes a webhook that somebody left behind', async () => {
    await fetch(`${fake.url}/bot${token}/setWebhook?url=http://127.0.0.1:9/`);
    fake.say(token, 5, 'hello');
    poll('proc_1');
    await until(() => expect(taken.length).toBe(1));
  });

  test.each([
    { kind: 'limited', retryAfter: 0 },
    { kind: 'server-error' },
    { kind: 'gateway' },
    { kind: 'cut-before' },
    { kind: 'garbage' },
  ] as const)('goes on after $kind', async (fault) => {
    fake.fail(token, { ...fault, method: 'getUpdates', times: 2 });
    fake.say(token, 5, 'hello');
    poll('proc_1');
    await until(() => expect(taken.length).toBe(1));
  });

  test('pauses with the channel', async () => {
    poll('proc_1');
    await until(() => expect(fake.bot(token).poll).not.toBeNull());
    await pool.query(`update channels set status = 'paused' where id = $1`, [channelId]);
    await until(() => expect(fake.bot(token).poll).toBeNull());
    fake.say(token, 5, 'later');
    await pool.query(`update channels set status = 'active' where id = $1`, [channelId]);
    await until(() => expect(taken.map(({ text }) => text)).toEqual(['later']));
  });

  test('answers a tapped button, and says where a voice note is to be fetched', async () => {
    fake.say(token, 5, '', { text: undefined, voice: { file_id: 'voice-1', duration: 6, mime_type: 'audio/ogg', file_size: 9 } });
    fake.push(token, [
      {
        callback_query: {
          id: 'cb-1',
          from: { id: 5, first_name: 'Lena' },
          data: 'yes',
          message: {
            message_id: 3,
            date: 1,
            chat: { id: 5, type: 'private' },
            reply_markup: { inline_keyboard: [[{ text: 'Yes!', callback_data: 'yes' }]] },
          },
        },
      },
    ]);
    poll('proc_1');
    await until(() => expect(taken.length).toBe(2));
    expect(taken[0]?.attachments).toMatchObject([{ kind: 'voice', durationSeconds: 6, mimeType: 'audio/ogg', providerFileId: 'voice-1' }]);
    expect(taken[1]).toMatchObject({ kind: 'button', text: 'Yes!', button: { id: 'yes', label: 'Yes!' } });
    await until(() => expect(fake.bot(token).answeredCallbacks).toEqual(['cb-1']));
  });
});
