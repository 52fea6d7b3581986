import { join } from 'node:path';
import { forkFake, forkTelegramFake, type ForkedTelegramFake } from '@holdfast/test-kit/fakes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StepSend } from './step-send.ts';
import type { Delivery } from './step-send.ts';
import { densestSecond, stampingAdapters, type Stamp } from './test/stamping-adapters.ts';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
let judge: ForkedTelegramFake;
beforeEach(async () => {
  judge = await forkTelegramFake();
  world = await openWorld({ apiUrl: judge.url });
});
afterEach(async () => {
  await world.close();
  await judge.close();
});

/** As a run does: comes again when it was put off. */
async function sendUntilGone(delivery: Delivery, send: StepSend): Promise<void> {
  for (;;) {
    const outcome = await delivery.sendForStep(send);
    if (outcome.state !== 'later') return;
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, outcome.notBefore.getTime() - Date.now())));
  }
}

async function sendsTo(chats: number[], isGroup = false): Promise<StepSend[]> {
  return Promise.all(
    chats.map(async (chat, index) => {
      await judge.openChat(token, String(chat), { isGroup });
      const known = await world.pool.query('select id from conversations where address = $1', [String(chat)]);
      const conversation = known.rows[0]?.id ?? (await world.newConversation(chat, { isGroup }));
      return world.send(await world.newRun(conversation), conversation, { text: `m${index}` });
    }),
  );
}

/** Sends all waiting runs by so many worker processes; answers when each let them go, by address. */
async function byProcesses(count: number, total: number): Promise<Stamp[]> {
  await world.pool.query('create table stamps (address text, at float8)');
  const sender = join(import.meta.dirname, 'test/sender.ts');
  const workers = await Promise.all(
    Array.from({ length: count }, (_, nth) => forkFake(sender, [world.url, judge.url, String(nth), String(count)])),
  );
  try {
    const stamps = async () => (await world.pool.query<Stamp>('select address, at from stamps order by at')).rows;
    await expect.poll(async () => (await stamps()).length, { timeout: 150_000 }).toBe(total);
    return await stamps();
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

test('two worker processes together never exceed the limit in any second, nor one chat its own, and lose nothing', async () => {
  await world.pool.query(`update channels set config = '{"limits":{"perSecond":20,"chatEverySeconds":1,"chatBurst":2}}'`);
  await world.newConversation(1);
  await sendsTo([...Array.from({ length: 30 }, (_, index) => 100 + index), 1, 1, 1, 1]);
  const startedAt = Date.now();
  const stamps = await byProcesses(2, 34);
  expect(await judge.accepted(token)).toHaveLength(34);
  expect(densestSecond(stamps)).toBeLessThanOrEqual(20);
  const times = stamps.filter(({ address }) => address === '1').map(({ at }) => at);
  for (const [index, at] of times.entries()) expect(at - startedAt).toBeGreaterThan((index - 1) * 1_000 - 50);
}, 180_000);

test('one chat gets a small burst and then one message a second, also from two workers, and holds up nobody else', async () => {
  await world.newConversation(1);
  const busy = await sendsTo(Array.from({ length: 5 }, () => 1));
  const others = await sendsTo([2, 3, 4, 5]);
  const workers = [world.newDelivery(), world.newDelivery()];
  const startedAt = Date.now();
  const sending = Promise.all(busy.map((send, index) => sendUntilGone(workers[index % 2] ?? world.delivery, send)));
  const outcomes = await Promise.all(others.map((send) => world.delivery.sendForStep(send)));
  expect(outcomes.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  await sending;
  const times = (await judge.accepted(token)).filter(({ chat }) => chat === '1').map(({ at }) => at);
  expect(times).toHaveLength(5);
  // Nothing may come before its slot, however busy the machine is: three at once, then one more with every second.
  for (const [index, at] of times.entries()) expect(at - startedAt).toBeGreaterThan((index - 2) * 1_000 - 50);
});

test('a group gets its burst at once and is then put off rather than waited for', async () => {
  // The third would have its turn 30 s after the first.
  await world.pool.query(`update channels set config = '{"limits":{"groupPerMinute":4,"groupBurst":2}}'`);
  await world.newConversation(-50, { isGroup: true });
  const sends = await sendsTo([-50, -50, -50], true);
  const outcomes = [];
  for (const send of sends) outcomes.push((await world.delivery.sendForStep(send)).state);
  expect(outcomes).toEqual(['accepted', 'accepted', 'later']);
});

test('a channel can have rates of its own', async () => {
  await world.pool.query(`update channels set config = '{"limits":{"perSecond":5}}'`);
  const { adapters, stamps } = stampingAdapters(world.adapters);
  const delivery = world.newDelivery({ adapters });
  const sends = await sendsTo(Array.from({ length: 8 }, (_, index) => 100 + index));
  await Promise.all(sends.map((send) => sendUntilGone(delivery, send)));
  expect(stamps).toHaveLength(8);
  expect(densestSecond(stamps)).toBeLessThanOrEqual(5);
});
