import { createPool } from '@holdfast/db';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
let conversation: string;
const running: { stop: () => Promise<void> }[] = [];
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await openWorld({ database });
  conversation = await world.newConversation(5);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await world.close();
});

const texts = (chat = '5') =>
  world.fake
    .accepted(token)
    .filter((sent) => sent.chat === chat)
    .map(({ text }) => text);
const status = async (id: string): Promise<string> =>
  (await world.pool.query('select status from messages where id = $1', [id])).rows[0]?.status;
function start(from = world.delivery) {
  const dispatcher = from.startDispatcher();
  running.push(dispatcher);
  return dispatcher;
}

describe('what people write', () => {
  test('goes out in order per conversation, with two dispatchers at work', async () => {
    const other = await world.newConversation(6);
    for (const text of ['a', 'b', 'c']) {
      await world.reply(conversation, text);
      await world.reply(other, text.toUpperCase());
    }
    start();
    start(world.newDelivery());
    await expect
      .poll(() => [texts(), texts('6')])
      .toEqual([
        ['a', 'b', 'c'],
        ['A', 'B', 'C'],
      ]);
  });

  test('waits while a person paused the channel among the providers, and goes out when it is resumed', async () => {
    const paused = (at: string) =>
      world.pool.query(
        `insert into providers (workspace_id, key, kind, name, paused_at) select workspace_id, 'channel:' || channel_id, 'channel', 'T', ${at} from conversations where id = $1
          on conflict (workspace_id, key) do update set paused_at = excluded.paused_at`,
        [conversation],
      );
    await paused('now()');
    const id = await world.reply(conversation, 'I am here');
    start();
    const problem = async () => (await world.pool.query('select problem from messages where id = $1', [id])).rows[0]?.problem?.code;
    await expect.poll(problem).toBe('upstream.paused');
    expect(texts()).toEqual([]);
    await paused('null');
    await world.pool.query('update effects set not_before = null');
    await expect.poll(() => status(id)).toBe('sent');
    expect(texts()).toEqual(['I am here']);
  });

  test('goes out while the red switch is on and a person holds the conversation', async () => {
    await world.pool.query(`update workspaces set sends_paused_at = now()`);
    await world.pool.query(`update conversations set held_by = 'person'`);
    const id = await world.reply(conversation, 'I am here');
    start();
    await expect.poll(() => status(id)).toBe('sent');
  });

  test('is tried again when the provider is away, and keeps its order', async () => {
    world.fake.fail(token, { kind: 'server-error', method: 'sendMessage' });
    await world.reply(conversation, 'first');
    await world.reply(conversation, 'second');
    start();
    await expect.poll(() => texts()).toEqual(['first', 'second']);
  });

  test('waits for a paused channel and says why', async () => {
    await world.pool.query(`update channels set status = 'paused'`);
    const id = await world.reply(conversation, 'hello');
    start();
    await expect
      .poll(async () => (await world.pool.query('select problem from messages where id = $1', [id])).rows[0]?.problem?.code)
      .toBe('channel.paused');
    await world.pool.query(`update channels set status = 'active'`);
    await world.pool.query(`update effects set not_before = now()`); // ten seconds of waiting, skipped
    await expect.poll(() => status(id)).toBe('sent');
    expect((await world.pool.query('select problem from messages where id = $1', [id])).rows[0]?.problem).toBeNull();
  });

  test('fails with the provider’s reason when the customer blocked the bot', async () => {
    world.fake.bot(token).chats.set('5', { isGroup: false, blocked: 'Forbidden: bot was blocked by the user' });
    const id = await world.reply(conversation, 'hello');
    start();
    await expect.poll(() => status(id)).toBe('failed');
  });

  test('survives a restart: what was planned goes out, what was cut becomes unknown and is not repeated', async () => {
    const cut = await world.reply(conversation, 'cut');
    await world.pool.query(`insert into leases (process, kind) values ('proc_dying', 'app')`);
    const doomed = createPool(world.url, { connectTimeoutMs: 60_000 });
    await new Promise<void>((resolve) => {
      const dying = world.newDelivery({
        pool: doomed,
        process: 'proc_dying',
        crashPoint: (point) => {
          if (point !== 'answered') return;
          resolve();
          return new Promise(() => undefined);
        },
      });
      dying.startDispatcher(); // never stopped: its process is held to be dead
    });
    const next = await world.reply(conversation, 'next');
    await world.pool.query(`update leases set seen_at = now() - interval '6 s' where process = 'proc_dying'`);
    start(world.newDelivery());
    await expect.poll(() => status(cut)).toBe('unknown');
    await expect.poll(() => status(next)).toBe('sent');
    expect(texts()).toEqual(['cut', 'next']);
    await doomed.end();
  });

  test('goes out in pieces when it is long', async () => {
    const long = Array.from({ length: 1_000 }, (_, index) => `word${index}`).join(' ');
    const id = await world.reply(conversation, long);
    start();
    await expect.poll(() => status(id)).toBe('sent');
    expect(texts()).toHaveLength(2);
    expect(texts().join(' ')).toBe(long);
  });
});

describe('a message whose fate is unknown', () => {
  async function unknownSend(): Promise<{ messageId: string; run: string }> {
    const run = await world.newRun(conversation);
    world.fake.fail(token, { kind: 'cut-before', method: 'sendMessage' });
    const outcome = await world.delivery.sendForStep(world.send(run, conversation, { text: 'hello' }));
    if (outcome.state !== 'unknown') throw new Error(`it is ${outcome.state}`);
    return { messageId: outcome.messageId, run };
  }
  const settle = (messageId: string, as: 'arrived' | 'send-again') =>
    world.delivery.settleSend({ workspaceId: 'ws_1', messageId, settle: as, by: 'Ann' });

  test('is settled as arrived by a person', async () => {
    const { messageId, run } = await unknownSend();
    await settle(messageId, 'arrived');
    expect(await status(messageId)).toBe('sent');
    expect(await world.delivery.sendForStep(world.send(run, conversation, { text: 'hello' }))).toMatchObject({ state: 'accepted' });
    expect(texts()).toEqual([]);
  });

  test('is sent again under a new key when a person says so, and only once', async () => {
    const { messageId, run } = await unknownSend();
    await settle(messageId, 'send-again');
    await expect(settle(messageId, 'send-again')).rejects.toMatchObject({ code: 'resource.conflict' });
    start();
    await expect.poll(() => status(messageId)).toBe('sent');
    expect(texts()).toEqual(['hello']);
    expect((await world.pool.query('select key, state from effects order by key')).rows).toEqual([
      { key: `step-${run}:`, state: 'cancelled' },
      { key: `step-${run}:~2`, state: 'accepted' },
    ]);
    expect(await world.delivery.sendForStep(world.send(run, conversation, { text: 'hello' }))).toMatchObject({ state: 'accepted' });
  });

  test('is sent again without the pieces that arrived', async () => {
    const long = Array.from({ length: 1_000 }, (_, index) => `word${index}`).join(' ');
    world.fake.fail(token, { kind: 'cut-before', method: 'sendMessage' });
    const id = await world.reply(conversation, long);
    start();
    const pieces = async () =>
      (await world.pool.query<{ state: string }>('select state from effects where message_id = $1 order by piece, key', [id])).rows.map(
        (row) => row.state,
      );
    await expect.poll(pieces).toEqual(['unknown', 'accepted']);
    await settle(id, 'send-again');
    await expect.poll(() => status(id)).toBe('sent');
    expect(await pieces()).toEqual(['cancelled', 'accepted', 'accepted']);
    expect(texts()).toHaveLength(2);
    expect(new Set(texts()).size).toBe(2);
  });

  test('can’t be settled in another workspace, nor when its fate is known', async () => {
    const { messageId } = await unknownSend();
    await expect(world.delivery.settleSend({ workspaceId: 'ws_2', messageId, settle: 'arrived', by: 'Eve' })).rejects.toMatchObject({
      code: 'resource.missing',
    });
    await settle(messageId, 'arrived');
    await expect(settle(messageId, 'arrived')).rejects.toMatchObject({ code: 'resource.conflict' });
  });
});
