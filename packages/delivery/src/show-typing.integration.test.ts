import type { Adapters } from '@holdfast/channels';
import { createEgress } from '@holdfast/egress';
import { createProviders } from '@holdfast/providers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Delivery } from './step-send.ts';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const typed = (chat: number) => world.fake.bot(token).typing.filter((one) => one === String(chat)).length;
const type = (conversationId: string, from: Delivery = world.delivery) => from.showTyping({ workspaceId: 'ws_1', conversationId });
/** A sign that lasts for so long: no machine is as slow. */
const lasting: Adapters = (kind) => {
  const adapter = world.adapters(kind);
  return adapter?.typing ? { ...adapter, typing: { ...adapter.typing, lastsMs: 3_600_000 } } : adapter;
};

test('somebody who has just written sees that an answer is being written; nothing of it is noted', async () => {
  const stop = type(await world.newConversation(5));
  await expect.poll(() => typed(5)).toBeGreaterThan(0);
  stop();
  expect(
    (await world.pool.query('select 1 from effects union all select 1 from messages union all select 1 from throttles')).rowCount,
  ).toBe(0);
});

test('nobody sees it who did not write within a minute, or whom a person is talking to', async () => {
  const cold = await world.newConversation(16, { isCold: true });
  const held = await world.newConversation(17);
  await world.pool.query(`update conversations set held_by = 'person' where id = $1`, [held]);
  const long = await world.newConversation(19);
  await world.pool.query(`update conversations set last_in_at = now() - interval '61 s' where id = $1`, [long]);
  const stops = [type(cold), type(held), type(long), type(await world.newConversation(18))];
  // The last one shows that the others had their time.
  await expect.poll(() => typed(18)).toBeGreaterThan(0);
  for (const stop of stops) stop();
  expect([typed(16), typed(17), typed(19)]).toEqual([0, 0, 0]);
});

test('what is still shown is not shown again by the next step, until a message has ended it', async () => {
  const from = world.newDelivery({ adapters: lasting });
  const conversation = await world.newConversation(25);
  const first = type(conversation, from);
  await expect.poll(() => typed(25)).toBe(1);
  first();
  const stops = [type(conversation, from), type(await world.newConversation(28), from)];
  await expect.poll(() => typed(28)).toBe(1);
  for (const stop of stops) stop();
  expect(typed(25)).toBe(1);
  await from.sendForStep(world.send(await world.newRun(conversation), conversation, { text: 'One moment' }));
  const again = type(conversation, from);
  await expect.poll(() => typed(25)).toBe(2);
  again();
});

test('it is silent while the channel’s provider is left alone, and while the account is busy with messages', async () => {
  const egress = createEgress();
  const providers = createProviders({ pool: world.pool, egress, copyIsFreshMs: -1 });
  try {
    const from = world.newDelivery({ gate: providers.sends });
    await world.pool.query(
      `insert into channels (id, workspace_id, kind, name, secret, key_id) select other, workspace_id, kind, name, secret, key_id from channels, unnest(array['chan_busy', 'chan_well']) as other`,
    );
    const on = async (chat: number, channel: string) => {
      const id = await world.newConversation(chat);
      await world.pool.query('update conversations set channel_id = $2 where id = $1', [id, channel]);
      return id;
    };
    await world.pool.query(
      `insert into providers (workspace_id, key, kind, name, breaker, changed_at) values ('ws_1', $1, 'channel', 'Shop', 'open', clock_timestamp())`,
      [`channel:${world.channelId}`],
    );
    await world.pool.query(`insert into throttles (key, arrival_at) values ('chan_busy', now() + interval '1 hour')`);
    const talks = [await world.newConversation(35), await on(36, 'chan_busy'), await on(38, 'chan_well')];
    const stops = talks.map((talk) => type(talk, from));
    await expect.poll(() => typed(38)).toBeGreaterThan(0);
    for (const stop of stops) stop();
    expect([typed(35), typed(36)]).toEqual([0, 0]);
  } finally {
    await providers.close();
    await egress.close();
  }
});
