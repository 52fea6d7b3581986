import { newId } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimConversation } from './claim.ts';
import { claimHandoff, returnPhoneHolds } from './handoffs.ts';
import { ingestChannelEvents } from './ingest.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let channel: { id: string; workspaceId: string; kind: string };

beforeAll(async () => {
  world = await testWorld();
  channel = { id: newId('channel'), workspaceId: world.workspaceId, kind: 'whatsapp' };
  await world.pool.query(`insert into channels (id, workspace_id, kind, name) values ($1, $2, 'whatsapp', 'Shop')`, [
    channel.id,
    world.workspaceId,
  ]);
  await world.publish('start:channel-trigger.message -> wait:wait', {
    configs: { start: { channels: ['any'] }, wait: { duration: '1h' } },
  });
});
afterAll(() => world.close());

const bring = async (from: string, text: string, kind: 'message' | 'echo' = 'message'): Promise<string> => {
  const [taken] = await ingestChannelEvents(world.deps, channel, [world.event(from, text, { kind })]);
  return taken?.conversationId ?? '';
};
/** Staff answer on their phone, and have been silent since for so many hours. */
async function answered(from: string, hoursAgo: number): Promise<string> {
  const conversation = await bring(from, 'Yes, I am', 'echo');
  await world.pool.query(
    `update messages set created_at = now() - make_interval(hours => $2) where conversation_id = $1 and author = 'human'`,
    [conversation, hoursAgo],
  );
  await returnPhoneHolds(world.deps);
  return conversation;
}
const holder = async (conversation: string): Promise<string> =>
  (await world.pool.query('select held_by as by from conversations where id = $1', [conversation])).rows[0].by;
const allow = (hours: number | null) =>
  world.pool.query('update channels set config = $2 where id = $1', [channel.id, JSON.stringify({ limits: { phoneHoldHours: hours } })]);

describe('staff who answered on their phone', () => {
  test('keep the bot silent for half a day after their last word; then it speaks again, and says why', async () => {
    const conversation = await answered('berta', 11);
    expect(await holder(conversation)).toBe('person');
    await bring('berta', 'thanks');
    expect(await claimConversation(world.deps, conversation)).toEqual({ act: 'inbox-only' });
    expect(await answered('berta', 13)).toBe(conversation);
    expect(await holder(conversation)).toBe('bot');
    expect((await world.pool.query('select status, note, ended_by from handoffs where conversation_id = $1', [conversation])).rows).toEqual(
      [{ status: 'returned', note: 'Nobody on the phone has written for 12 hours', ended_by: 'system' }],
    );
    await bring('berta', 'hello again');
    expect(await claimConversation(world.deps, conversation)).toMatchObject({ act: 'started' });
  });

  test('hold it for as long as the channel says, or until it is given back', async () => {
    await allow(1);
    expect(await holder(await answered('carla', 2))).toBe('bot');
    await allow(null);
    expect(await holder(await answered('dora', 5_000))).toBe('person');
    await allow(12);
  });

  test('hold it all the same once somebody has taken the conversation in the inbox', async () => {
    const conversation = await answered('eva', 1);
    const { rows } = await world.pool.query('select id from handoffs where conversation_id = $1', [conversation]);
    await claimHandoff(world.deps, { workspaceId: world.workspaceId, by: { id: world.userId, name: 'Ana' }, handoffId: rows[0].id });
    await answered('eva', 100);
    expect(await holder(conversation)).toBe('person');
  });
});
