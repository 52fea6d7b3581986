import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StepSendResult } from './step-send.ts';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
let chat: number;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await openWorld({ database });
  chat = 200;
});
afterEach(() => world.close());

const limits = (given: object) => world.pool.query(`update channels set config = $1`, [JSON.stringify({ limits: given })]);
const alerts = async () => (await world.pool.query('select event, title from alerts order by at')).rows;

/** One message to a chat of its own; to somebody who never wrote, unless `isCold` is false. */
async function write(text: string, { isCold = true }: { isCold?: boolean } = {}): Promise<StepSendResult> {
  const conversation = await world.newConversation((chat += 1), { isCold });
  return world.delivery.sendForStep(world.send(await world.newRun(conversation), conversation, { text }));
}
const states = async (count: number, text: (nth: number) => string): Promise<string[]> => {
  const outcomes = [];
  for (let nth = 0; nth < count; nth++) outcomes.push(await write(text(nth)));
  return outcomes.map((outcome) => (outcome.state === 'later' ? outcome.code : outcome.state));
};

describe('what a flow writes first', () => {
  test('never keeps an answer waiting: replies go out although bulk was there before', async () => {
    await limits({ perSecond: 20 });
    const deliveries = [world.newDelivery(), world.newDelivery()];
    const sendUntilGone = async (chat: number, text: string, { isCold = false } = {}) => {
      const conversation = await world.newConversation(chat, { isCold });
      const send = world.send(await world.newRun(conversation), conversation, { text });
      for (;;) {
        const outcome = await (deliveries[chat % 2] ?? world.delivery).sendForStep(send);
        if (outcome.state !== 'later') return;
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, outcome.notBefore.getTime() - Date.now())));
      }
    };
    const bulk = Array.from({ length: 60 }, (_, nth) => sendUntilGone(1_000 + nth, `offer ${nth}`, { isCold: true }));
    await expect.poll(() => world.fake.accepted(token).length).toBeGreaterThan(2);
    await Promise.all([...bulk, ...Array.from({ length: 5 }, (_, nth) => sendUntilGone(2_000 + nth, `answer ${nth}`))]);
    const texts = world.fake.accepted(token).map(({ text }) => text);
    expect(texts).toHaveLength(65);
    // All answers are out while a good part of the bulk, which was there first, still waits.
    expect(texts.findLastIndex((text) => text.startsWith('answer'))).toBeLessThan(55);
  });

  test('to many people with the same words is noticed, told, and slowed down; what is about each person is not', async () => {
    await limits({ sameTextPeople: 3, perSecond: 500 });
    expect(await states(3, (nth) => `Dear ${nth}, your order has left our house.`)).toEqual(['accepted', 'accepted', 'accepted']);
    const offer = () => 'Buy now, it is cheaper today!';
    expect(await states(4, offer)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    // Its next slot, in ten seconds, is not to come while this machine stands still.
    await world.pool.query(`update throttles set arrival_at = arrival_at + interval '1 hour' where key like '%/~same/%'`);
    expect(await states(2, offer)).toEqual(['send.same-text', 'send.same-text']);
    expect(await alerts()).toEqual([{ event: 'channel.warning', title: 'The same words go to many people on "Shop"' }]);
    expect(await write('Buy now, it is cheaper today!', { isCold: false })).toMatchObject({ state: 'accepted' });
  });

  test('from a new account reaches few people a day; whoever was reached may get more, and answers are not counted', async () => {
    await limits({ warmUpPeople: 2, perSecond: 500 });
    expect(await states(3, (nth) => `n${nth}`)).toEqual(['accepted', 'accepted', 'send.warm-up']);
    expect(await write('answer', { isCold: false })).toMatchObject({ state: 'accepted' });
    const first = (await world.pool.query(`select id from conversations where address = '201'`)).rows[0].id;
    const again = world.send(await world.newRun(first), first, { text: 'and one more thing' });
    expect(await world.delivery.sendForStep(again)).toMatchObject({ state: 'accepted' });
    expect((await alerts()).map(({ title }: { title: string }) => title)).toEqual([
      'This channel is new, so it writes to few people a day ("Shop")',
    ]);
    // A day later it has grown to four, two of which are spent.
    await world.pool.query(`update channels set warm_since = now() - interval '25 hours'`);
    expect(await states(3, (nth) => `m${nth}`)).toEqual(['accepted', 'accepted', 'send.warm-up']);
  });
});

describe('a limit per day', () => {
  test('puts off what is beyond it, for the rolling day and across restarts, and lets people write', async () => {
    await limits({ perDay: 2, perSecond: 500 });
    expect(await states(3, (nth) => `n${nth}`)).toEqual(['accepted', 'accepted', 'send.day-limit']);
    const conversation = await world.newConversation(77);
    await world.reply(conversation, 'I am here');
    const dispatcher = world.newDelivery().startDispatcher();
    await expect.poll(() => world.fake.accepted(token).map(({ text }) => text)).toContain('I am here');
    await dispatcher.stop();
    await world.pool.query(`update send_counts set bucket = bucket - interval '24 hours 15 minutes'`);
    expect(await write('again')).toMatchObject({ state: 'accepted' });
  });

  test('that starts at midnight forgets what was sent before it', async () => {
    await limits({ perDay: 1, day: 'UTC', perSecond: 500 });
    expect(await states(2, (nth) => `n${nth}`)).toEqual(['accepted', 'send.day-limit']);
    await world.pool.query(
      `update send_counts set bucket = date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '15 minutes'`,
    );
    expect(await write('new day')).toMatchObject({ state: 'accepted' });
  });
});

describe('the check before a send', () => {
  test('knows an opt-out of any address of the same contact, and what it is for', async () => {
    const conversation = await world.newConversation(9);
    await world.pool.query(
      `insert into identities (id, workspace_id, contact_id, channel_kind, address) values ('iden_1', 'ws_1', 'cont_1', 'telegram', 'other')`,
    );
    await world.pool.query(
      `insert into opt_outs (workspace_id, channel_kind, address, purpose, source) values ('ws_1', 'telegram', 'other', 'marketing', 'keyword')`,
    );
    const send = async (purpose: 'service' | 'marketing') =>
      world.delivery.sendForStep(world.send(await world.newRun(conversation), conversation, { text: 'hello', purpose }));
    expect(await send('marketing')).toMatchObject({ state: 'refused', code: 'send.opted-out' });
    expect(await send('service')).toMatchObject({ state: 'accepted' });
  });

  test('stops a conversation that goes round in circles, and tells people once', async () => {
    await limits({ velocityPerHour: 3, chatBurst: 100, perSecond: 500 });
    const conversation = await world.newConversation(10);
    const outcomes = [];
    for (let nth = 0; nth < 5; nth++)
      outcomes.push(await world.delivery.sendForStep(world.send(await world.newRun(conversation), conversation, { text: `n${nth}` })));
    expect(outcomes.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted', 'refused', 'refused']);
    expect(await alerts()).toHaveLength(1);
  });

  test('waits while automation is paused for its quality', async () => {
    await world.pool.query(`update channels set automation_paused = '{"code":"send.quality","reason":"Flagged."}'`);
    expect(await write('hello')).toMatchObject({ state: 'later', code: 'send.quality' });
  });
});
