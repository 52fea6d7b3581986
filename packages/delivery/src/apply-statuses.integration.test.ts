import type { SendStatus } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyStatuses } from './apply-statuses.ts';
import { openWorld, token, type World } from './test/test-world.ts';

let world: World;
let chat = 100;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

interface Sent {
  conversation: string;
  key: string;
  messageId: string;
  providerMessageId: string;
}

async function send(text = 'hello'): Promise<Sent> {
  const conversation = await world.newConversation((chat += 1));
  const run = await world.newRun(conversation);
  await world.delivery.sendForStep(world.send(run, conversation, { text }));
  const { rows } = await world.pool.query(
    'select key, message_id as "messageId", provider_message_id as "providerMessageId" from effects where run_id = $1 and piece = 0',
    [run],
  );
  return { conversation, ...rows[0] };
}

const report = (sent: Pick<Sent, 'providerMessageId'>, status: SendStatus['status'], more: Partial<SendStatus> = {}): SendStatus => ({
  workspaceId: 'ws_1',
  channelId: world.channelId,
  providerMessageId: sent.providerMessageId,
  reference: null,
  status,
  at: '2026-11-23T10:00:00.000Z',
  problem: null,
  price: null,
  ...more,
});
const message = async ({ messageId }: Sent) =>
  (
    await world.pool.query(
      'select status, problem, price_micro as price, price_currency as currency, pricing, read_at is not null as "isRead" from messages where id = $1',
      [messageId],
    )
  ).rows[0];

describe('a status of a message', () => {
  test('moves it on in whatever order it comes, and again changes nothing', async () => {
    for (const order of [
      ['sent', 'delivered', 'read'],
      ['read', 'delivered', 'sent'],
      ['delivered', 'sent', 'read', 'read', 'delivered'],
    ] as const) {
      const sent = await send();
      await applyStatuses(
        world.pool,
        order.map((status) => report(sent, status)),
      );
      expect(await message(sent)).toMatchObject({ status: 'read', isRead: true });
    }
  });

  test('carries its price, also when it comes too late to change anything else', async () => {
    const sent = await send();
    const price = { micro: 8_500, currency: 'USD', detail: { category: 'service' } };
    await applyStatuses(world.pool, [report(sent, 'read'), report(sent, 'delivered', { price })]);
    expect(await message(sent)).toMatchObject({ status: 'read', price: 8_500, currency: 'USD', pricing: { category: 'service' } });
  });

  test('that it failed is final, unless it turns out to have come, and teaches what the code means', async () => {
    const sent = await send();
    const problem = { code: 'channel.unreachable', detail: 'Not on WhatsApp.' };
    await applyStatuses(world.pool, [report(sent, 'failed', { problem }), report(sent, 'sent')]);
    expect(await message(sent)).toMatchObject({ status: 'failed', problem });
    const unreachable = await world.pool.query('select unreachable from conversations where id = $1', [sent.conversation]);
    expect(unreachable.rows[0].unreachable).toMatchObject({ code: 'channel.unreachable', reason: 'Not on WhatsApp.' });
    await applyStatuses(world.pool, [report(sent, 'delivered')]);
    expect(await message(sent)).toMatchObject({ status: 'delivered', problem: null });
  });

  test('that they stopped our marketing is an opt-out', async () => {
    const sent = await send();
    await applyStatuses(world.pool, [report(sent, 'failed', { problem: { code: 'send.opted-out', detail: 'User stopped.' } })]);
    const { rows } = await world.pool.query('select channel_kind, purpose, source from opt_outs where address = $1', [String(chat)]);
    expect(rows).toEqual([{ channel_kind: 'telegram', purpose: 'marketing', source: 'provider' }]);
  });

  test('settles a send whose fate was unknown, by the reference that went along', async () => {
    const conversation = await world.newConversation((chat += 1));
    const run = await world.newRun(conversation);
    world.fake.fail(token, { kind: 'cut-after', method: 'sendMessage' });
    expect(await world.delivery.sendForStep(world.send(run, conversation, { text: 'cut' }))).toMatchObject({ state: 'unknown' });
    await applyStatuses(world.pool, [report({ providerMessageId: 'late-1' }, 'delivered', { reference: `step-${run}:` })]);
    const { rows } = await world.pool.query(
      'select e.state, e.provider_message_id as id, m.status, m.problem from effects e join messages m on m.id = e.message_id where e.run_id = $1',
      [run],
    );
    expect(rows).toEqual([{ state: 'accepted', id: 'late-1', status: 'delivered', problem: null }]);
    expect(await world.newDelivery().sendForStep(world.send(run, conversation, { text: 'cut' }))).toMatchObject({ state: 'accepted' });
  });

  test('waits for the answer of its send when it is faster', async () => {
    const next = Math.max(0, ...world.fake.accepted(token).map(({ messageId }) => Number(messageId))) + 1;
    await applyStatuses(world.pool, [report({ providerMessageId: String(next) }, 'delivered')]);
    expect(await message(await send())).toMatchObject({ status: 'delivered' });
    expect((await world.pool.query('select 1 from early_statuses')).rowCount).toBe(0);
  });

  test('of several pieces counts when all of them are there', async () => {
    const sent = await send('word '.repeat(1_500));
    const { rows } = await world.pool.query('select provider_message_id as id from effects where message_id = $1 order by piece', [
      sent.messageId,
    ]);
    const [first, second] = rows.map(({ id }: { id: string }) => report({ providerMessageId: id }, 'delivered'));
    await applyStatuses(world.pool, first ? [first] : []);
    expect(await message(sent)).toMatchObject({ status: 'sent' });
    await applyStatuses(world.pool, second ? [second] : []);
    expect(await message(sent)).toMatchObject({ status: 'delivered' });
  });
});
