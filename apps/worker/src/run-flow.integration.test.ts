import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testApp, until, type TestApp } from './test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const start = { channels: ['any'] };

describe('a run through Temporal', () => {
  test('answers a message', async () => {
    const { world } = app;
    await world.publish('start:channel-trigger.message -> tell:send-message', { configs: { start, tell: { text: 'Hello {{ contact.name }}' } } });
    const { conversationId } = await world.say('berta', 'Hi');
    await until(() => world.sent(conversationId ?? ''), (sent) => sent.length === 1);
    const run = await until(async () => (await world.pool.query('select status, outcome from runs')).rows[0], (seen) => seen?.status === 'ended');
    expect(run).toEqual({ status: 'ended', outcome: 'done' });
  });
});
