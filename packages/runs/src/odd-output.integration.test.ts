import { HoldfastError } from '@holdfast/errors';
import type { Runner } from '@holdfast/node-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testWorld, type TestWorld } from './test/test-world.ts';

// Customers send files, and other systems answer what they like: what our own database can't hold must not have a step begun again and again.
let world: TestWorld;
const said = 'a\0b\ud800';
/** As a step that reads a customer's sheet might. */
const readOddly: Runner['run'] = async ({ context }) => {
  context.note({ said });
  return { port: 'answered', output: { rows: [{ [said]: said, amount: 2 }] } };
};
beforeAll(async () => {
  world = await testWorld({
    alter: (deps) => ({
      ...deps,
      openCredential: () => Promise.reject(new HoldfastError('credential.missing', { detail: `It says "${said}".`, hint: said })),
      runners: Object.fromEntries(
        Object.entries(deps.runners).map(([type, runner]) => [type, type === 'llm' ? { ...runner, run: readOddly } : runner]),
      ),
    }),
  });
});
afterAll(() => world.close());
const ended = async (runId: string, node: string) =>
  (await world.journal(runId)).find((entry) => (entry.kind === 'step-ended' || entry.kind === 'step-failed') && entry.node === node);
const kept = 'a\ufffdb\ufffd';

test('what a step gives with NUL or half a character in it is kept, those as U+FFFD', async () => {
  await world.publish('start:channel-trigger.message -> rows:llm', {
    configs: { start: { channels: ['any'], words: ['sheet'] } },
  });
  const { runId } = await world.talk('berta', 'sheet');
  expect(await ended(runId, 'rows')).toMatchObject({ output: { rows: [{ [kept]: kept, amount: 2 }] }, facts: { said: kept } });
});

test('so is why a step failed', async () => {
  await world.publish('start:channel-trigger.message -> call:api-call', {
    configs: { start: { channels: ['any'], words: ['call'] }, call: { url: 'https://api.test/', credential: 'cred_1' } },
  });
  const { runId } = await world.talk('clara', 'call');
  expect(await ended(runId, 'call')).toMatchObject({ problem: { detail: expect.stringContaining(kept), hint: kept } });
});
