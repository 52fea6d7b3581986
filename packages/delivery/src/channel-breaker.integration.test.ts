import { createEgress, type Egress } from '@holdfast/egress';
import { createProviders, type Providers } from '@holdfast/providers';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Delivery, StepSendResult } from './step-send.ts';
import { openWorld, token, type World } from './test/test-world.ts';

let database: TestDatabase;
let egress: Egress;
let world: World;
const opened: Providers[] = [];
let chats = 0;
beforeAll(async () => {
  database = await testDatabase();
  egress = createEgress();
});
afterAll(async () => {
  await egress.close();
  await database.close();
});
beforeEach(async () => {
  world = await openWorld({ database });
  await world.pool.query(`update channels set config = '{"limits": {"perSecond": 500}}'`);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((providers) => providers.close()));
  await world.close();
});

/** A process of its own, whose probes are due only when a test says so, and whose copy is never old. */
function newDelivery(): Delivery {
  const providers = createProviders({ pool: world.pool, egress, firstProbeMs: 3_600_000, copyIsFreshMs: -1 });
  opened.push(providers);
  return world.newDelivery({ gate: providers.sends, maxWaitMs: 30_000 });
}

const texts = () => world.fake.accepted(token).map(({ text }) => text);
const calls = () => world.fake.bot(token).calls.length;
const alerts = async () => (await world.pool.query('select title, link from alerts order by at')).rows;
const breaker = async () => (await world.pool.query(`select breaker, opens from providers where kind = 'channel'`)).rows[0];
const letProbe = () => world.pool.query(`update providers set probe_at = now() - interval '1 s', changed_at = clock_timestamp()`);

/** One message to somebody who has just written; the same one again when it is called again. */
async function newMessage(text = 'hello'): Promise<(from: Delivery) => Promise<StepSendResult | { state: string }>> {
  const conversation = await world.newConversation((chats += 1));
  const send = world.send(await world.newRun(conversation), conversation, { text });
  return (from) => from.sendForStep(send).catch(({ code }: { code: string }) => ({ state: code }));
}
const say = async (from: Delivery, text?: string) => (await newMessage(text))(from);
async function bringDown(from: Delivery): Promise<void> {
  world.fake.fail(token, { kind: 'server-error', method: 'sendMessage', times: 10 });
  const states = (await Promise.all(Array.from({ length: 10 }, () => say(from)))).map(({ state }) => state);
  // Whoever sees that it is left alone by now waits, and uses up no attempt.
  expect(states.filter((state) => state !== 'upstream.broken' && state !== 'later')).toEqual([]);
  expect(await breaker()).toMatchObject({ breaker: 'open' });
}

test('a channel whose provider fails is left alone by all processes; one real message tries it, and the others follow', async () => {
  const [one, other] = [newDelivery(), newDelivery()];
  await bringDown(one);
  const before = calls();
  const [first, second] = [await newMessage('first'), await newMessage('second')];
  expect(await first(other)).toMatchObject({ state: 'later', code: 'upstream.down' });
  expect(await second(one)).toMatchObject({ state: 'later', code: 'upstream.down' });
  expect([calls(), (await world.pool.query(`select 1 from messages where text in ('first', 'second')`)).rowCount]).toEqual([before, 0]);

  await letProbe();
  world.fake.fail(token, { kind: 'server-error', method: 'sendMessage' });
  // The one that tried waits on like the others: it has used up no attempt of its step.
  const failed = await first(one);
  expect(failed).toMatchObject({ state: 'later', code: 'upstream.down' });
  // Nor is it the next one that tries, should it fail for its own sake: it comes after those that are rung.
  const dueAt = await world.pool.query<{ at: Date }>(`select probe_at + interval '1 s' as at from providers where kind = 'channel'`);
  expect('notBefore' in failed && failed.notBefore && dueAt.rows[0] && failed.notBefore > dueAt.rows[0].at).toBe(true);
  expect(await second(other)).toMatchObject({ state: 'later', code: 'upstream.down' });
  expect(await breaker()).toEqual({ breaker: 'open', opens: 2 });

  await letProbe();
  expect(await first(other)).toMatchObject({ state: 'accepted' });
  expect(await second(one)).toMatchObject({ state: 'accepted' });
  expect(texts()).toEqual(['first', 'second']);
  expect(await breaker()).toEqual({ breaker: 'closed', opens: 0 });
  expect(await alerts()).toEqual([
    { title: 'Messages by "Shop" don’t go out', link: `/channels/${world.channelId}` },
    { title: 'Messages by "Shop" go out again', link: `/channels/${world.channelId}` },
  ]);
});

test('what is refused for one person’s sake, or asked for more slowly, says that the provider is well', async () => {
  const from = newDelivery();
  world.fake.fail(token, { kind: 'refused', method: 'sendMessage', times: 6 });
  world.fake.fail(token, { kind: 'limited', retryAfter: 300, method: 'sendMessage', times: 6 });
  await Promise.all(Array.from({ length: 12 }, () => say(from)));
  expect((await say(from)).state).toBe('accepted');
  expect((await world.pool.query(`select 1 from providers where breaker = 'open'`)).rowCount).toBe(0);
});

test('a probe that comes to nothing is given back: rules hold when it goes, and a refusal is no sign that the provider is back', async () => {
  const from = newDelivery();
  await bringDown(from);
  const held = await newMessage('held');
  expect(await held(from)).toMatchObject({ code: 'upstream.down' });
  await letProbe();
  // Quiet since: its window closed, a person took over.
  await world.pool.query(`update conversations set held_by = 'person'`);
  expect(await held(from)).toMatchObject({ state: 'refused', code: 'send.held' });
  world.fake.fail(token, { kind: 'blocked', method: 'sendMessage' });
  expect(await say(from)).toMatchObject({ state: 'refused', code: 'channel.blocked' });
  expect(await breaker()).toEqual({ breaker: 'open', opens: 1 });
  expect(await say(from)).toMatchObject({ state: 'accepted' });
  expect(await breaker()).toEqual({ breaker: 'closed', opens: 0 });
});

test('a probe whose answer is lost is unknown, and never repeated', async () => {
  const from = newDelivery();
  await bringDown(from);
  await letProbe();
  world.fake.fail(token, { kind: 'cut-after', method: 'sendMessage' });
  const lost = await newMessage('lost');
  expect(await lost(from)).toMatchObject({ state: 'unknown' });
  expect(await breaker()).toEqual({ breaker: 'open', opens: 2 });
  await letProbe();
  expect(await lost(from)).toMatchObject({ state: 'unknown' });
  expect(texts()).toEqual(['lost']);
});

test('what a person writes is tried all the same; refused by the outage, it waits like the others, and taken, it ends the outage', async () => {
  const from = newDelivery();
  await bringDown(from);
  const conversation = await world.newConversation((chats += 1));
  world.fake.fail(token, { kind: 'server-error', method: 'sendMessage' });
  await world.reply(conversation, 'I am here');
  const dispatcher = from.startDispatcher();
  try {
    const row = async () =>
      (await world.pool.query(`select status, problem ->> 'code' as code from messages where author = 'human' order by created_at`)).rows;
    await expect.poll(row).toEqual([{ status: 'planned', code: 'upstream.broken' }]);
    await world.pool.query('update effects set not_before = null');
    await expect.poll(row).toEqual([{ status: 'planned', code: 'upstream.down' }]);
    expect([await breaker(), texts()]).toEqual([{ breaker: 'open', opens: 1 }, []]);
    await world.reply(await world.newConversation((chats += 1)), 'and so am I');
    await expect.poll(breaker).toEqual({ breaker: 'closed', opens: 0 });
    await world.pool.query('update effects set not_before = null');
    await expect.poll(texts).toEqual(['and so am I', 'I am here']);
  } finally {
    await dispatcher.stop();
  }
});

test('a token that is no longer taken stops the channel and is told once; what it kept back goes out when it is mended', async () => {
  const from = newDelivery();
  world.fake.fail(token, { kind: 'unauthorized', method: 'sendMessage' });
  const [first, second] = [await newMessage('first'), await newMessage('second')];
  expect(await first(from)).toMatchObject({ state: 'later', code: 'channel.token' });
  expect(await second(from)).toMatchObject({ state: 'later', code: 'channel.token' });
  const written = await world.reply(await world.newConversation((chats += 1)), 'by a person');
  const dispatcher = from.startDispatcher();
  try {
    const problem = async () =>
      (await world.pool.query(`select problem ->> 'code' as code from messages where id = $1`, [written])).rows[0]?.code;
    await expect.poll(problem).toBe('channel.token');
    expect([calls(), (await alerts()).length]).toEqual([1, 1]);
    await world.pool.query(`update channels set status = 'active'; update effects set not_before = null`);
    expect(await first(from)).toMatchObject({ state: 'accepted' });
    expect(await second(from)).toMatchObject({ state: 'accepted' });
    await expect.poll(() => texts().toSorted()).toEqual(['by a person', 'first', 'second']);
  } finally {
    await dispatcher.stop();
  }
});

test('a new token is not blamed for what was sent with the one before', async () => {
  world.fake.fail(token, { kind: 'unauthorized', method: 'sendMessage' });
  const from = world.newDelivery({
    crashPoint: async (point) => {
      if (point === 'answered') await world.pool.query(`update channels set secret = 'new'`);
    },
  });
  expect(await say(from)).toMatchObject({ state: 'later', code: 'channel.token' });
  expect((await world.pool.query('select status from channels')).rows).toEqual([{ status: 'active' }]);
});
