import { setConversationReady } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestChannelEvents } from './ingest.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
  await world.publish('start:channel-trigger.message -> tell:send-message', {
    settings: { mergeBurst: '1500ms' },
    configs: { start: { channels: ['any'] }, tell: { text: 'ok' } },
  });
});
afterAll(() => world.close());

const rows = async (sql: string, values: unknown[] = []) => (await world.pool.query(sql, values)).rows;

describe('ingest', () => {
  test('takes an event once, however often and at how many doors it is delivered', async () => {
    const event = world.event('carla', 'Hello');
    const batches = await Promise.all(Array.from({ length: 10 }, () => ingestChannelEvents(world.deps, world.channel, [event, event])));
    const states = batches
      .flat()
      .map((one) => one.state)
      .sort();
    expect(states).toEqual([...Array.from({ length: 19 }, () => 'duplicate'), 'taken']);
    expect(await rows(`select count(*)::int as n from messages where text = 'Hello'`)).toEqual([{ n: 1 }]);
  });

  test('makes a conversation claimable a burst window after its last message, at most 10 s after its first', async () => {
    const { conversationId } = await world.say('dora', 'one');
    const window = async () =>
      (
        await rows(`select extract(epoch from ready_at - first_pending_at)::float8 as s from conversations where id = $1`, [conversationId])
      )[0]?.s;
    expect(await window()).toBeCloseTo(1.5, 1);
    await world.pool.query(`update conversations set first_pending_at = now() - interval '9.9 s' where id = $1`, [conversationId]);
    await world.say('dora', 'two');
    expect(await window()).toBeCloseTo(10, 1);
  });

  test('waits for the whole window after the last message, though one that came before it is committed after it', async () => {
    const { conversationId } = await world.say('gina', 'one');
    const readyAt = async () => (await rows('select ready_at from conversations where id = $1', [conversationId]))[0]?.ready_at;
    const slow = await world.pool.connect();
    await slow.query('begin');
    await slow.query('select now()');
    await world.say('gina', 'three');
    const before = await readyAt();
    await setConversationReady(slow, conversationId ?? '', 1_500, { windowUntil: null, thread: null });
    await slow.query('commit');
    slow.release();
    expect(await readyAt()).toEqual(before);
  });

  test('keeps every character but NUL and lone surrogates', async () => {
    const { messageId } = await world.say('eva', 'a\0b \uD800 c \u{1F600} \\u0000 \u202E');
    expect(await rows('select text from messages where id = $1', [messageId])).toEqual([
      { text: 'a\uFFFDb \uFFFD c \u{1F600} \\u0000 \u202E' },
    ]);
  });

  test('lets an edit reach a message that no run has read yet', async () => {
    const event = world.event('fina', 'two cofees');
    await ingestChannelEvents(world.deps, world.channel, [event]);
    await world.say('fina', 'two coffees', {
      kind: 'edit',
      providerMessageId: event.providerMessageId ?? '',
      editedAt: new Date().toISOString(),
    });
    expect(
      await rows(
        `select m.text, m.edited_at is not null as edited, i.payload ->> 'text' as pending from messages m join inbox i on i.message_id = m.id where m.text like 'two c%'`,
      ),
    ).toEqual([{ text: 'two coffees', edited: true, pending: 'two coffees' }]);
  });

  test('moves a group that became a supergroup, with its conversation', async () => {
    const { conversationId } = await world.say('group', 'Hi all', { address: '-100', isGroup: true });
    await world.say('group', '', { kind: 'migration', address: '-100', isGroup: true, migrateTo: '-100200' });
    expect(await rows('select address from conversations where id = $1', [conversationId])).toEqual([{ address: '-100200' }]);
    expect((await world.say('group', 'Again', { address: '-100200', isGroup: true })).conversationId).toBe(conversationId);
  });

  test('parks an event that can’t be taken in, and takes the others of its batch', async () => {
    const poison = { ...world.event('gala', 'bad'), sentAt: 'no time at all' };
    const taken = await ingestChannelEvents(world.deps, world.channel, [poison, world.event('hilda', 'good')]);
    expect(taken.map((one) => one.state).sort()).toEqual(['parked', 'taken']);
    expect(await rows(`select state, payload -> 'problem' ->> 'code' as code from inbox where event_id = $1`, [poison.eventId])).toEqual([
      { state: 'parked', code: 'internal' },
    ]);
    expect(await ingestChannelEvents(world.deps, world.channel, [poison])).toMatchObject([{ state: 'duplicate' }]);
  });

  test('puts a shuffled batch back into the order in which it was written', async () => {
    const events = [3, 1, 2].map((n) => ({ ...world.event('ines', `n${n}`), eventId: `ines-${n}`, sentAt: '2026-11-23T10:00:00.000Z' }));
    await ingestChannelEvents(world.deps, world.channel, events);
    expect(
      (await rows(`select payload ->> 'text' as text from inbox where event_id like 'ines-%' order by received_at, id`)).map(
        (row) => row.text,
      ),
    ).toEqual(['n1', 'n2', 'n3']);
  });

  test('reads what was held up on its way when it comes, after what is here already', async () => {
    const at = (nth: number, sentAt: string) => ({ ...world.event('jana', `late${nth}`), eventId: `jana-${nth}`, sentAt });
    await ingestChannelEvents(world.deps, world.channel, [at(2, '2026-11-23T10:00:02.000Z')]);
    await ingestChannelEvents(world.deps, world.channel, [at(1, '2026-11-23T10:00:01.000Z')]);
    expect(
      (await rows(`select payload ->> 'text' as text from inbox where event_id like 'jana-%' order by received_at, id`)).map(
        (row) => row.text,
      ),
    ).toEqual(['late2', 'late1']);
  });

  test('notes who blocked the bot, and forgets it when they write again', async () => {
    const { conversationId } = await world.say('jana', 'Hi');
    const blocked = async () =>
      (await rows('select unreachable is not null as blocked from conversations where id = $1', [conversationId]))[0]?.blocked;
    await world.say('jana', '', { kind: 'membership', isReachable: false });
    expect(await blocked()).toBe(true);
    await world.say('jana', 'Hi again');
    expect(await blocked()).toBe(false);
  });

  test('writes what comes alongside in the same transaction, or nothing at all', async () => {
    const event = world.event('kaia', 'never kept');
    await expect(
      ingestChannelEvents(world.deps, world.channel, [event], {
        alongside: async () => {
          throw new Error('the offset could not be stored');
        },
      }),
    ).rejects.toThrow('offset');
    expect(await rows('select 1 from inbox where event_id = $1', [event.eventId])).toEqual([]);
  });
});
