import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.close());

describe('a straight flow', () => {
  test('answers a message and ends', async () => {
    await world.publish('start:channel-trigger.message -> tell:send-message', {
      configs: { start: { channels: ['any'] }, tell: { text: 'You wrote: {{ trigger.text }}' } },
    });
    const { conversationId, runId, result } = await world.talk('berta', 'Hello');
    expect(result).toEqual({ status: 'ended', effects: [], wakeInMs: null });
    expect(await world.sent(conversationId)).toEqual(['You wrote: Hello']);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done', lane: 'ended' });
    expect((await world.journal(runId)).map((entry) => entry.kind)).toEqual(['run-started', 'step-started', 'step-ended', 'run-ended']);
  });
});
