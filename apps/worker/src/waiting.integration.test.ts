import { claimConversation, ingestChannelEvents, type Bell } from '@holdfast/runs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, until, type TestApp } from './test/test-app.ts';

/** Like the process that took a message in and died before it rang for anything. */
const silent: Bell = {
  run: () => undefined,
  queued: () => undefined,
  doorbell: () => undefined,
  conversation: () => undefined,
  humanSend: () => undefined,
  ended: () => undefined,
};

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const count = async (condition: string) =>
  (await app.world.pool.query<{ n: number }>(`select count(*)::int as n from runs where ${condition}`)).rows[0]?.n ?? 0;

test('each of many conversations wakes at its message after a restart, also when nobody rang for the claim or for the workflow', async () => {
  const { world } = app;
  await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
    configs: { start: { channels: ['any'] }, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
  });
  const people = Array.from({ length: 60 }, (_, index) => `p${index}`);
  const conversations: string[] = [];
  for (const person of people) conversations.push((await world.say(person, 'Hi')).conversationId ?? '');
  await until(
    () => count(`status = 'waiting' and waiting_for = 'reply'`),
    (n) => n === people.length,
  );
  // The new one has none of them in memory.
  await app.replaceWorker();

  const deaf = { ...world.deps, bell: silent };
  for (const [index, person] of people.entries()) {
    if (index % 3 === 0) await world.say(person, `order ${index}`);
    else await ingestChannelEvents(deaf, world.channel, [world.event(person, `order ${index}`)]);
    if (index % 3 === 2) await claimConversation(deaf, conversations[index] ?? '');
  }
  await until(
    () => count(`status = 'ended'`),
    (n) => n === people.length,
  );
  for (const [index, id] of conversations.entries()) expect(await world.sent(id)).toEqual(['Which order?', `Got order ${index}`]);
}, 180_000);

test('waits for the clock end after a restart too', async () => {
  const { world } = app;
  const { flowId } = await world.publish('start:channel-trigger.message -> sleep:wait.done -> tell:send-message', {
    configs: { start: { channels: ['any'] }, sleep: { duration: '2s' }, tell: { text: 'Awake' } },
    position: -1,
  });
  const conversations: string[] = [];
  for (let index = 0; index < 5; index++) conversations.push((await world.say(`sleeper ${index}`, 'Hi')).conversationId ?? '');
  await until(
    () => count(`flow_id = '${flowId}' and (waiting_for = 'timer' or outcome = 'done')`),
    (n) => n === 5,
  );
  await app.replaceWorker();
  for (const id of conversations) expect(await until(() => world.sent(id), isAwake)).toContain('Awake');
}, 180_000);

const isAwake = (sent: string[]): boolean => sent.includes('Awake');
