import { afterAll, beforeAll, expect, test } from 'vitest';
import { noticeSameReplies } from './same-replies.ts';
import { openWorld, type World } from './test/test-world.ts';

let world: World;
let chats = 0;
beforeAll(async () => {
  world = await openWorld();
  await world.pool.query('update channels set config = $2 where id = $1', [
    world.channelId,
    JSON.stringify({ limits: { sameTextPeople: 2 } }),
  ]);
});
afterAll(() => world.close());

const tell = async (people: number, text: string) => {
  for (let nth = 0; nth < people; nth += 1) {
    const conversation = await world.newConversation((chats += 1));
    await world.pool.query(
      `insert into messages (id, workspace_id, conversation_id, direction, author, text, status) values ($1, 'ws_1', $1, 'out', 'bot', $2, 'sent')`,
      [conversation, text],
    );
  }
};
const alerts = async () => (await world.pool.query('select detail from alerts order by at')).rows.map(({ detail }) => String(detail));

test('the same answer to many people within an hour is told, once; few, or other words, are not', async () => {
  await tell(19, 'Thank you for writing, we will be with you soon.');
  for (let nth = 0; nth < 20; nth += 1) await tell(1, `Your order A-${nth} left this morning.`);
  await tell(25, 'Yes.');
  await noticeSameReplies(world);
  expect(await alerts()).toEqual([]);
  await tell(1, 'THANK you for writing, we will be with you soon.');
  await noticeSameReplies(world);
  await noticeSameReplies(world);
  expect(await alerts()).toEqual([expect.stringMatching(/^20 people were told "Thank you for writing/i)]);
});
