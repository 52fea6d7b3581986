import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const typed = (chat: number) => world.fake.bot(token).typing.filter((one) => one === String(chat)).length;
const type = (conversationId: string) => world.delivery.showTyping({ workspaceId: 'ws_1', conversationId });

test('somebody who has just written sees that an answer is being written; nothing of it is noted', async () => {
  const stop = type(await world.newConversation(5));
  await expect.poll(() => typed(5)).toBeGreaterThan(0);
  stop();
  expect((await world.pool.query('select 1 from effects union all select 1 from messages')).rowCount).toBe(0);
});

test('nobody sees it who did not write, or whom a person is talking to', async () => {
  const cold = await world.newConversation(6, { isCold: true });
  const held = await world.newConversation(7);
  await world.pool.query(`update conversations set held_by = 'person' where id = $1`, [held]);
  const stops = [type(cold), type(held), type(await world.newConversation(8))];
  // The last one shows that the others had their time.
  await expect.poll(() => typed(8)).toBeGreaterThan(0);
  for (const stop of stops) stop();
  expect([typed(6), typed(7)]).toEqual([0, 0]);
});
