import type { Together } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
/** The database is cut off while a step waits for its turn to write, or it wrote. */
let isCutOff = true;
const together: Together = async () => {
  if (isCutOff) throw new Error('Connection terminated unexpectedly');
  const written: unknown = { row: 2, count: 1, wasThere: false };
  return written as never; // what the step's own work would answer
};
beforeAll(async () => {
  world = await testWorld({ alter: (deps) => ({ ...deps, together }) });
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

  test('notes the names that its texts use and the data does not have, and answers all the same', async () => {
    await world.publish('start:channel-trigger.message -> tell:send-message', {
      configs: { start: { channels: ['any'], words: ['gap'] }, tell: { text: 'Hello {{ variables.nickname }}!' } },
    });
    const { conversationId, runId } = await world.talk('clara', 'gap');
    expect(await world.sent(conversationId)).toEqual(['Hello !']);
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'tell')).toMatchObject({
      facts: { missing: ['variables.nickname'] },
    });
  });

  test('whose version is gone is told from one that can be executed', async () => {
    const { flowId } = await world.publish('start:channel-trigger.message -> tell:send-message', {
      configs: { start: { channels: ['any'], words: ['gone'] }, tell: { text: 'Never' } },
    });
    const { conversationId } = await world.say('dora', 'gone');
    const claimed = await world.claim(conversationId ?? '');
    await world.pool.query('delete from versions where flow_id = $1', [flowId]);
    if (claimed.act !== 'started') throw new Error(claimed.act);
    await expect(world.stretch(claimed.runId)).rejects.toMatchObject({ code: 'flow.not-live' });
  });

  test('uses up no attempt when the database goes away while a row waits for its turn', async () => {
    const row = { credential: 'cred_1', spreadsheet: '1AbCdEfGhIjKlMnOp', values: { Name: 'Elsa' } };
    await world.publish('start:channel-trigger.message -> row:google-sheets.done -> done:end', {
      configs: { start: { channels: ['any'], words: ['row'] }, row },
    });
    const { conversationId } = await world.say('elsa', 'row');
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    await expect(world.stretch(claimed.runId)).rejects.toMatchObject({ code: 'database.unavailable' });
    isCutOff = false;
    expect(await world.stretch(claimed.runId)).toMatchObject({ status: 'ended' });
    expect((await world.journal(claimed.runId)).map((entry) => entry.kind)).not.toContain('step-failed');
  });
});
