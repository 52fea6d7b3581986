import { join } from 'node:path';
import { forkFake, forkTelegramFake, type ForkedTelegramFake } from '@holdfast/test-kit/fakes';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StepSend } from './step-send.ts';
import type { Delivery } from './step-send.ts';
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

/** Sends of all waiting runs by so many worker processes; answers when the fake has them all. */
async function byProcesses(count: number, total: number): Promise<void> {
  const sender = join(import.meta.dirname, 'test/sender.ts');
  const workers = await Promise.all(
    Array.from({ length: count }, (_, nth) => forkFake(sender, [world.url, judge.url, String(nth), String(count)])),
  );
  try {
    await expect.poll(async () => (await judge.rates(token)).total, { interval: 200 }).toBe(total);
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

test('two worker processes together never exceed the limit in any second, nor one chat its own, and lose nothing', async () => {
  await world.pool.query(`update channels set config = '{"limits":{"perSecond":20,"chatEverySeconds":1,"chatBurst":2}}'`);
  await world.newConversation(1);
  await sendsTo([...Array.from({ length: 60 }, (_, index) => 100 + index), 1, 1, 1, 1, 1]);
  await byProcesses(2, 65);
  const rates = await judge.rates(token);
  expect(rates.maxPerSecond).toBeLessThanOrEqual(20);
  // A burst of two, and one more with the second's end.
  expect(rates.maxPerSecondPerChat).toBeLessThanOrEqual(3);
});

test('one chat gets a small burst and then one message a second, also from two workers, and holds up nobody else', async () => {
  await world.newConversation(1);
  const busy = await sendsTo(Array.from({ length: 6 }, () => 1));
  const others = await sendsTo([2, 3, 4, 5]);
  const workers = [world.newDelivery(), world.newDelivery()];
  const startedAt = Date.now();
  const sending = Promise.all(busy.map((send, index) => sendUntilGone(workers[index % 2] ?? world.delivery, send)));
  await Promise.all(others.map((send) => sendUntilGone(world.delivery, send)));
  await sending;
  const accepted = await judge.accepted(token);
  const times = accepted.filter(({ chat }) => chat === '1').map(({ at }) => at);
  expect(Math.max(...accepted.filter(({ chat }) => chat !== '1').map(({ at }) => at))).toBeLessThan(times.at(-1) ?? 0);
  expect(times).toHaveLength(6);
  // Nothing may come before its slot, however busy the machine is: three at once, then one more with every second.
  for (const [index, at] of times.entries()) expect(at - startedAt).toBeGreaterThan((index - 2) * 1_000 - 50);
});

test('a group gets five at once and is then put off rather than waited for', async () => {
  await world.newConversation(-50, { isGroup: true });
  const sends = await sendsTo(
    Array.from({ length: 6 }, () => -50),
    true,
  );
  const outcomes = [];
  for (const send of sends) outcomes.push((await world.delivery.sendForStep(send)).state);
  expect(outcomes).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'later']);
});

test('a channel can have rates of its own', async () => {
  await world.pool.query(`update channels set config = '{"limits":{"perSecond":5}}'`);
  const sends = await sendsTo(Array.from({ length: 8 }, (_, index) => 100 + index));
  await Promise.all(sends.map((send) => sendUntilGone(world.delivery, send)));
  expect((await judge.rates(token)).maxPerSecond).toBeLessThanOrEqual(5);
});
