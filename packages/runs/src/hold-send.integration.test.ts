import { ensureProvider, letWaitingGo, listHeldCalls, pauseProvider, resumeProvider, takeHeldRings } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.close());

test('a message of a step waits in the queue of its paused channel, and goes out once when that is resumed', async () => {
  const provider = { workspaceId: world.workspaceId, key: `channel:${world.channel.id}` };
  await ensureProvider(world.pool, { ...provider, kind: 'channel', name: 'Simulator' });
  await pauseProvider(world.pool, { ...provider, by: 'Ana', note: '' });
  await world.publish('start:channel-trigger.message -> say:send-message.sent -> done:end', { configs: { say: { text: 'Good morning' } } });
  const { conversationId, runId } = await world.talk('Bruno', 'hello');
  expect(await world.sent(conversationId)).toEqual([]);
  expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'provider' });
  const held = () => listHeldCalls(world.pool, { ...provider, limit: 10 });
  expect(await held()).toMatchObject({ total: 1, items: [{ code: 'upstream.paused', origin: { runId } }] });

  expect(await resumeProvider(world.pool, { ...provider, everyMs: 20 })).toBe(1);
  await expect.poll(() => takeHeldRings(world.pool, 10)).toEqual([runId]);
  await world.stretch(runId);
  expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
  expect(await world.sent(conversationId)).toEqual(['Good morning']);
  expect((await held()).total).toBe(0);
});

test('messages whose channel lost its token wait in the order in which their runs began, and are rung in it when that is mended', async () => {
  const provider = { workspaceId: world.workspaceId, key: `channel:${world.channel.id}` };
  await world.pool.query(`update channels set status = 'broken' where id = $1`, [world.channel.id]);
  const [first, second] = [await world.talk('Carla', 'hello'), await world.talk('Dario', 'hello')];
  expect(await world.run(first.runId)).toMatchObject({ status: 'waiting', waitingFor: 'provider' });
  // Whoever came again last does not stand behind the others.
  await world.stretch(second.runId);
  await world.stretch(first.runId);
  const { items } = await listHeldCalls(world.pool, { ...provider, limit: 10 });
  expect(items.map(({ code, origin }) => [code, origin?.runId])).toEqual([
    ['channel.token', first.runId],
    ['channel.token', second.runId],
  ]);
  await world.pool.query(`update channels set status = 'active' where id = $1`, [world.channel.id]);
  expect(await letWaitingGo(world.pool, { ...provider, everyMs: 20 })).toBe(2);
  const rung: string[] = [];
  await expect.poll(async () => rung.push(...(await takeHeldRings(world.pool, 1)))).toBe(2);
  expect(rung).toEqual([first.runId, second.runId]);
  for (const runId of rung) await world.stretch(runId);
  expect([await world.sent(first.conversationId), await world.sent(second.conversationId)]).toEqual([['Good morning'], ['Good morning']]);
});
