import type { Pool, PoolClient } from '@holdfast/db';
import { startTelegramFake } from '@holdfast/test-kit/fakes';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StepSendResult } from './step-send.ts';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
let conversation: string;
let run: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await openWorld({ database });
  conversation = await world.newConversation(5);
  run = await world.newRun(conversation);
});
afterEach(() => world.close());

const texts = () => world.fake.accepted(token).map(({ text }) => text);
const effects = async () =>
  (await world.pool.query('select key, state, attempt, piece, provider_message_id, problem from effects order by piece, key')).rows;
const messages = async () =>
  (await world.pool.query('select id, status, text, provider_message_id, problem, run_id, node_id from messages order by id')).rows;
const send = (text: string, change: Parameters<World['send']>[3] = {}, from = world.delivery): Promise<StepSendResult> =>
  from.sendForStep(world.send(run, conversation, { text }, change));

/** Runs until the process "dies" at a point: its promise never settles. */
function dieAt(point: 'dispatched' | 'answered' | 'settled'): Promise<void> {
  return new Promise((resolve) => {
    const dying = world.newDelivery({
      crashPoint: (reached) => {
        if (reached !== point) return;
        resolve();
        return new Promise(() => undefined);
      },
    });
    void send('hello', {}, dying);
  });
}

describe('a send of a step', () => {
  test('reaches the customer once and leaves a row that says so', async () => {
    const outcome = await send('hello');
    expect(outcome).toMatchObject({ state: 'accepted' });
    expect(texts()).toEqual(['hello']);
    expect(await effects()).toMatchObject([{ key: `step-${run}:`, state: 'accepted', attempt: 1, provider_message_id: '1' }]);
    expect(await messages()).toMatchObject([{ status: 'sent', text: 'hello', provider_message_id: '1', run_id: run, node_id: 'reply' }]);
  });

  test('goes out formatted and quoting, and is kept in words with its formatting beside them', async () => {
    await world.pool.query(
      `insert into messages (id, workspace_id, conversation_id, direction, author, text, status, provider_message_id) select 'msg_asked', workspace_id, id, 'in', 'customer', 'Where?', 'received', '41' from conversations where id = $1`,
      [conversation],
    );
    const message = { text: '**Here**, _Ana_', format: 'rich' as const, quote: { messageId: 'msg_asked' } };
    await world.delivery.sendForStep(world.send(run, conversation, message));
    expect(world.fake.accepted(token)).toMatchObject([
      {
        text: 'Here, Ana',
        payload: {
          entities: [
            { type: 'bold', offset: 0, length: 4 },
            { type: 'italic', offset: 6, length: 3 },
          ],
          reply_parameters: { message_id: 41 },
        },
      },
    ]);
    const { rows } = await world.pool.query(`select text, content from messages where direction = 'out'`);
    expect(rows).toMatchObject([{ text: 'Here, Ana', content: { format: 'rich', formatted: message.text, quote: { text: 'Where?' } } }]);
  });

  test('is not repeated: the same key answers what became of it', async () => {
    const first = await send('hello');
    expect(await send('hello', {}, world.newDelivery())).toEqual(first);
    expect(texts()).toEqual(['hello']);
  });

  test('is refused with another payload under the same key, never swallowed', async () => {
    await send('hello');
    await expect(send('good bye')).rejects.toMatchObject({ code: 'resource.conflict' });
    expect(texts()).toEqual(['hello']);
  });

  test('goes out twice for two parts of a step', async () => {
    await send('one');
    await send('two', { part: 'again' });
    expect(texts()).toEqual(['one', 'two']);
  });

  test('carries buttons', async () => {
    await world.delivery.sendForStep(world.send(run, conversation, { text: 'Sure?', buttons: [{ id: 'yes', label: 'Yes' }] }));
    expect(world.fake.accepted(token)[0]?.payload['reply_markup']).toEqual({ inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] });
    expect((await world.pool.query('select content from messages')).rows).toEqual([
      { content: { buttons: [{ id: 'yes', label: 'Yes' }] } },
    ]);
  });

  test('carries a stored file', async () => {
    await world.pool.query(
      `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ('file_1', 'ws_1', 'a.png', 'image/png', 3, 'x', 'abc')`,
    );
    await world.delivery.sendForStep(world.send(run, conversation, { attachments: [{ kind: 'image', fileId: 'file_1' }] }));
    expect(world.fake.accepted(token)).toMatchObject([
      { method: 'sendPhoto', payload: { uploads: [{ name: 'a.png', type: 'image/png', size: 3 }] } },
    ]);
  });
});

describe('a send that is cut', () => {
  test('after the provider took it is unknown, flagged, and never repeated', async () => {
    world.fake.fail(token, { kind: 'cut-after', method: 'sendMessage' });
    expect(await send('hello')).toMatchObject({ state: 'unknown' });
    expect(await send('hello', {}, world.newDelivery())).toMatchObject({ state: 'unknown' });
    expect(texts()).toEqual(['hello']);
    expect(await messages()).toMatchObject([{ status: 'unknown', problem: { code: 'send.unknown' } }]);
  });

  test('before it was taken is unknown too, because we can’t see the difference', async () => {
    world.fake.fail(token, { kind: 'cut-before', method: 'sendMessage' });
    expect(await send('hello')).toMatchObject({ state: 'unknown' });
    expect(texts()).toEqual([]);
  });

  test('by a gateway’s error page is unknown', async () => {
    world.fake.fail(token, { kind: 'gateway', method: 'sendMessage' });
    expect(await send('hello')).toMatchObject({ state: 'unknown' });
  });

  test('before a byte was written is tried again', async () => {
    await world.fake.close();
    await expect(send('hello')).rejects.toMatchObject({ code: 'upstream.unreachable' });
    expect(await effects()).toMatchObject([{ state: 'planned', attempt: 1, problem: { code: 'upstream.unreachable' } }]);
    world.fake = await startTelegramFake();
    world.fake.bot(token).chats.set('5', { isGroup: false });
    expect(await send('hello', {}, world.newDelivery())).toMatchObject({ state: 'accepted' });
    expect(await effects()).toMatchObject([{ state: 'accepted', attempt: 2, problem: null }]);
    expect(texts()).toEqual(['hello']);
  });

  test('by Telegram’s own 500 is tried again: it said that it did not take it', async () => {
    world.fake.fail(token, { kind: 'server-error', method: 'sendMessage' });
    await expect(send('hello')).rejects.toMatchObject({ code: 'upstream.broken' });
    expect(await send('hello')).toMatchObject({ state: 'accepted' });
    expect(texts()).toEqual(['hello']);
  });
});

describe('a process that dies', () => {
  test('before the first byte leaves the send unknown: nobody can tell from outside', async () => {
    await dieAt('dispatched');
    expect(await send('hello', {}, world.newDelivery())).toMatchObject({ state: 'unknown' });
    expect(texts()).toEqual([]);
  });
  test('between the provider’s answer and its own note leaves it unknown, and it is not sent again', async () => {
    await dieAt('answered');
    expect(await send('hello', {}, world.newDelivery())).toMatchObject({ state: 'unknown' });
    expect(texts()).toEqual(['hello']);
  });
  test('after its note leaves it accepted', async () => {
    await dieAt('settled');
    expect(await send('hello', {}, world.newDelivery())).toMatchObject({ state: 'accepted' });
    expect(texts()).toEqual(['hello']);
  });
  test('and comes back after another took the run over records what its bytes came to, and nothing else', async () => {
    let goOn: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      const frozen = world.newDelivery({
        crashPoint: (point) => {
          if (point !== 'answered') return;
          resolve();
          return new Promise<void>((wake) => (goOn = wake));
        },
      });
      void send('hello', {}, frozen).catch(() => undefined);
    });
    await reached;
    await world.pool.query('update runs set epoch = 2 where id = $1', [run]);
    const next = await send('hello', { epoch: 2, guard: async () => undefined }, world.newDelivery());
    expect(next).toMatchObject({ state: 'unknown' });
    goOn();
    await expect.poll(async () => (await effects())[0]?.state).toBe('accepted');
    expect(texts()).toEqual(['hello']);
  });
  test('does not send when the run belongs to another', async () => {
    await world.pool.query('update runs set epoch = 2 where id = $1', [run]);
    await expect(send('hello')).rejects.toMatchObject({ code: 'run.superseded' });
    expect([texts(), await effects()]).toEqual([[], []]);
  });
});

describe('a database that goes away', () => {
  /** A pool whose commits are carried out, but whose answers are lost, for the first `failures` of those that `counts` says. */
  function losing(isLost: (commit: number) => boolean): Pool {
    let commits = 0;
    const bind = (target: object, name: string | symbol): unknown => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    };
    const wrapClient = (client: PoolClient): PoolClient =>
      new Proxy(client, {
        get: (target, name) =>
          name !== 'query'
            ? bind(target, name)
            : async (...given: Parameters<PoolClient['query']>) => {
                const answer: unknown = await Promise.resolve(target.query(...given));
                const isCommit: boolean = String(given[0]) === 'commit';
                if (isCommit && isLost((commits += 1))) throw new Error('Connection terminated unexpectedly');
                return answer;
              },
      });
    return new Proxy(world.pool, {
      get: (target, name) => (name === 'connect' ? async () => wrapClient(await target.connect()) : bind(target, name)),
    });
  }

  test('just as a send was noted to begin costs no unknown: this process knows that it wrote nothing', async () => {
    const delivery = world.newDelivery({ pool: losing((commit) => commit === 1) });
    await expect(send('hello', {}, delivery)).rejects.toThrow('Connection terminated');
    expect(await effects()).toMatchObject([{ state: 'dispatching' }]);
    expect(await send('hello', {}, delivery)).toMatchObject({ state: 'accepted' });
    expect(texts()).toEqual(['hello']);
  });

  test('and does not come back for a while costs none either: the answer is kept and saved by the next attempt', async () => {
    let isAway = true;
    const delivery = world.newDelivery({
      pool: losing(() => false),
      crashPoint: async (point) => {
        if (point === 'answered' && isAway) await world.pool.query('alter table effects rename to effects_away');
      },
    });
    await expect(send('hello', {}, delivery)).rejects.toThrow('effects');
    isAway = false;
    await world.pool.query('alter table effects_away rename to effects');
    expect(await effects()).toMatchObject([{ state: 'dispatching' }]);
    expect(await send('hello', {}, delivery)).toMatchObject({ state: 'accepted' });
    expect(texts()).toEqual(['hello']);
  });

  test('leaves what only that process knew unknown to another', async () => {
    const delivery = world.newDelivery({ pool: losing((commit) => commit === 1) });
    await expect(send('hello', {}, delivery)).rejects.toThrow('Connection terminated');
    expect(await send('hello', {}, world.newDelivery())).toMatchObject({ state: 'unknown' });
    expect(await send('hello', {}, delivery)).toMatchObject({ state: 'unknown' });
    expect(texts()).toEqual([]);
  });
});

describe('a long text', () => {
  const long = Array.from({ length: 1_200 }, (_, index) => `word${index}`).join(' ');
  const pieces = () => texts().length;
  const sendLong = (from = world.delivery) => from.sendForStep(world.send(run, conversation, { text: long }));

  test('goes out in pieces, in order, as one message', async () => {
    expect(await sendLong()).toMatchObject({ state: 'accepted' });
    expect(pieces()).toBe(3);
    expect(texts().join(' ')).toBe(long);
    expect(await messages()).toHaveLength(1);
    expect(await effects()).toMatchObject([
      { piece: 0, state: 'accepted' },
      { piece: 1, state: 'accepted' },
      { piece: 2, state: 'accepted' },
    ]);
  });

  test('is continued after the last piece that arrived when its process dies in between', async () => {
    let settled = 0;
    await new Promise<void>((resolve) => {
      const dying = world.newDelivery({
        crashPoint: (point) => {
          if (point !== 'settled' || ++settled < 2) return;
          resolve();
          return new Promise(() => undefined);
        },
      });
      void sendLong(dying);
    });
    expect(pieces()).toBe(2);
    expect(await messages()).toMatchObject([{ status: 'planned' }]);
    expect(await sendLong(world.newDelivery())).toMatchObject({ state: 'accepted' });
    expect(texts().join(' ')).toBe(long);
    expect(await messages()).toMatchObject([{ status: 'sent' }]);
  });

  test('goes on after a piece whose fate is unknown, and says so', async () => {
    world.fake.fail(token, { kind: 'cut-after', method: 'sendMessage' });
    expect(await sendLong()).toMatchObject({ state: 'unknown' });
    expect(pieces()).toBe(3);
    expect((await effects()).map(({ state }) => state)).toEqual(['unknown', 'accepted', 'accepted']);
    expect(await messages()).toMatchObject([{ status: 'unknown' }]);
  });
});

describe('rules', () => {
  test('the red switch puts a send off; it goes out when it is released', async () => {
    await world.pool.query('update workspaces set sends_paused_at = now()');
    expect(await send('hello')).toMatchObject({ state: 'later', code: 'send.paused' });
    expect([texts(), await effects()]).toEqual([[], []]);
    await world.pool.query('update workspaces set sends_paused_at = null');
    expect(await send('hello')).toMatchObject({ state: 'accepted' });
  });
  test('the bot keeps silent while a person holds the conversation', async () => {
    await world.pool.query(`update conversations set held_by = 'person'`);
    expect(await send('hello')).toMatchObject({ state: 'refused', code: 'send.held' });
    expect(texts()).toEqual([]);
  });
  test('a person who takes over between the look and the send is still in time', async () => {
    const taking = world.send(run, conversation, { text: 'hello' });
    const guard = taking.guard;
    let isFirst = true;
    taking.guard = async (client) => {
      if (isFirst) await client.query(`update conversations set held_by = 'person' where id = $1`, [conversation]);
      isFirst = false;
      await guard(client);
    };
    await world.pool.query(`update conversations set held_by = 'person' where id = $1`, [conversation]);
    expect(await world.delivery.sendForStep(taking)).toMatchObject({ state: 'refused', code: 'send.held' });
  });
  test.each([
    ['paused', { state: 'refused', code: 'channel.paused' }],
    ['broken', { state: 'later', code: 'channel.token' }],
  ])('of a channel that is %s: %o', async (status, expected) => {
    await world.pool.query('update channels set status = $1', [status]);
    expect(await send('hello')).toMatchObject(expected);
    expect(await effects()).toEqual([]);
  });
  test('a blocked bot learns that the chat is unreachable, and does not ask again', async () => {
    world.fake.bot(token).chats.set('5', { isGroup: false, blocked: 'Forbidden: bot was blocked by the user' });
    expect(await send('hello')).toMatchObject({ state: 'refused', code: 'channel.blocked' });
    expect(await send('again', { part: 'b' })).toMatchObject({ state: 'refused', code: 'channel.blocked' });
    expect(world.fake.bot(token).calls).toHaveLength(1);
    expect(await messages()).toMatchObject([{ status: 'failed', problem: { code: 'channel.blocked' } }]);
  });
  test('a refused token breaks the channel once, with an alert', async () => {
    world.fake.fail(token, { kind: 'unauthorized', method: 'sendMessage' });
    expect(await send('hello')).toMatchObject({ state: 'later', code: 'channel.token' });
    expect((await world.pool.query('select status from channels')).rows).toEqual([{ status: 'broken' }]);
    expect((await world.pool.query('select event from alerts')).rows).toEqual([{ event: 'channel.broken' }]);
  });
  test('a 429 puts the send off by as long as Telegram asks, for everybody who writes to that chat', async () => {
    world.fake.fail(token, { kind: 'limited', retryAfter: 30, method: 'sendMessage' });
    const before = Date.now();
    const outcome = await send('hello');
    expect(outcome).toMatchObject({ state: 'later', code: 'upstream.limited' });
    expect(outcome.state === 'later' ? outcome.notBefore.getTime() - before : 0).toBeGreaterThan(29_000);
    expect(await send('other', { part: 'b' }, world.newDelivery())).toMatchObject({ state: 'later' });
    expect(texts()).toEqual([]);
  });
  test('a group that became a supergroup gets the message at its new address, once, and keeps it', async () => {
    world.fake.bot(token).chats.set('5', { isGroup: true, movedTo: '-1005' });
    world.fake.bot(token).chats.set('-1005', { isGroup: true });
    expect(await send('hello')).toMatchObject({ state: 'accepted' });
    expect(world.fake.accepted(token).map(({ chat }) => chat)).toEqual(['-1005']);
    expect((await world.pool.query('select address from conversations')).rows).toEqual([{ address: '-1005' }]);
  });
  test('an empty message is refused before anything is written', async () => {
    expect(await send('  ')).toMatchObject({ state: 'refused', code: 'channel.content' });
    expect(await effects()).toEqual([]);
  });
  test('a run without a conversation has nobody to write to', async () =>
    expect(
      world.delivery.sendForStep({
        ...world.send(run, conversation, { text: 'x' }),
        run: { id: run, workspaceId: 'ws_1', conversationId: null },
      }),
    ).rejects.toMatchObject({ code: 'step.config' }));
  test('another workspace’s conversation is missing', async () =>
    expect(
      world.delivery.sendForStep({
        ...world.send(run, conversation, { text: 'x' }),
        run: { id: run, workspaceId: 'ws_2', conversationId: conversation },
      }),
    ).rejects.toMatchObject({ code: 'resource.missing' }));
});
