import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancelPlannedEffects } from '@holdfast/db';
import type { LlmAnswer } from '@holdfast/node-kit';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
/** What happens while a model thinks. */
let whileThinking: () => Promise<unknown> = async () => undefined;
const answer = (text: string): LlmAnswer => ({
  text,
  provider: 'groq',
  model: 'gpt-oss',
  inputTokens: 40,
  outputTokens: 9,
  costMicroUsd: 12,
  latencyMs: 5,
});

beforeAll(async () => {
  world = await testWorld({
    alter: (deps) => ({
      ...deps,
      llm: {
        complete: async ({ messages }, { workspaceId, runId, stepId }) => {
          await whileThinking();
          const said = answer(`The answer to "${messages.at(-1)?.content ?? ''}".`);
          await deps.pool.query(
            `insert into llm_calls (id, workspace_id, run_id, step_id, provider, model, rung, input_tokens, output_tokens, cost_microusd, latency_ms) values (gen_random_uuid(), $1, $2, $3, 'groq', 'gpt-oss', 1, 40, 9, 12, 5)`,
            [workspaceId, runId, stepId],
          );
          return said;
        },
      },
    }),
  });
  await world.publish('start:channel-trigger.message -> think:llm.answered -> tell:send-message', {
    configs: {
      think: { ladder: [{ provider: 'groq', model: 'gpt-oss' }], question: '{{ trigger.text }}' },
      tell: { text: 'Hello. {{ nodes.think.text }}' },
    },
  });
});
afterAll(() => world.close());

const edit = (who: string, of: string, text: string) =>
  world.say(who, text, { kind: 'edit', providerMessageId: of, editedAt: new Date().toISOString() });

/** Says something, and edits it while the model thinks about it. */
async function sayAndEdit(who: string, before: string, after: string): Promise<{ conversationId: string; runId: string }> {
  const event = world.event(who, before);
  whileThinking = async () => {
    whileThinking = async () => undefined;
    await edit(who, event.providerMessageId ?? '', after);
  };
  const { conversationId } = await world.say(who, before, event);
  const claimed = await world.claim(conversationId ?? '');
  const runId = 'runId' in claimed ? claimed.runId : '';
  await world.stretch(runId);
  return { conversationId: conversationId ?? '', runId };
}

describe('a message that is edited', () => {
  test('before it is answered ends the run that had read it, unsaid, and a new one answers the new words', async () => {
    const { conversationId, runId } = await sayAndEdit('ana', 'two coffees', 'three coffees');
    expect(await world.sent(conversationId)).toEqual([]);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'stopped' });
    const again = await world.claim(conversationId);
    await world.stretch('runId' in again ? again.runId : '');
    expect(await world.sent(conversationId)).toEqual(['Hello. The answer to "three coffees".']);
  });

  test.each([
    ['nothing of it has left', ['planned'], 'cancelled'],
    ['its first part has', ['accepted', 'planned'], 'sent'],
  ])('cancels what was only planned, and the message says so: %s', async (_name, pieces, status) => {
    const { conversationId, runId } = await world.talk(`erin-${status}`, 'A question');
    const insert = `insert into messages (id, workspace_id, conversation_id, direction, author, text, status) values ($1, $2, $3, 'out', 'bot', 'x', 'planned')`;
    await world.pool.query(insert, [`${runId}:m`, world.workspaceId, conversationId]);
    for (const [piece, state] of pieces.entries())
      await world.pool.query(
        `insert into effects (key, workspace_id, kind, run_id, step_id, piece, state, payload_hash, message_id) values ($1, $2, 'send', $3, 'step', $4, $5, '', $6)`,
        [`${runId}:${piece}`, world.workspaceId, runId, piece, state, `${runId}:m`],
      );
    await cancelPlannedEffects(world.pool, runId, ['step']);
    expect((await world.pool.query('select status from messages where id = $1', [`${runId}:m`])).rows).toEqual([{ status }]);
  });

  test('after it was answered changes what is shown, and nothing else', async () => {
    const event = world.event('bea', 'tea');
    const { conversationId } = await world.say('bea', 'tea', event);
    const claimed = await world.claim(conversationId ?? '');
    await world.stretch('runId' in claimed ? claimed.runId : '');
    await edit('bea', event.providerMessageId ?? '', 'green tea');
    expect(await world.claim(conversationId ?? '')).toEqual({ act: 'nothing' });
    const { rows } = await world.pool.query(`select text from messages where conversation_id = $1 and direction = 'in'`, [conversationId]);
    expect(rows).toEqual([{ text: 'green tea' }]);
    expect(await world.sent(conversationId ?? '')).toHaveLength(1);
  });

  test('is not answered twice where the run was faster than its end', async () => {
    const { conversationId, runId } = await sayAndEdit('carl', 'one cake', 'two cakes');
    // The send of the old run went out in the moment between the edit and the end.
    await world.pool.query(
      `insert into effects (key, workspace_id, kind, run_id, state, payload_hash) values ($1 || ':x', $2, 'send', $1, 'accepted', '')`,
      [runId, world.workspaceId],
    );
    expect(await world.claim(conversationId)).toEqual({ act: 'set-aside' });
  });
});

test('a message that a model wrote carries the model, its tokens and its cost', async () => {
  const { conversationId } = await world.talk('dora', 'What is there?');
  const { rows } = await world.pool.query(
    `select model, input_tokens as "inputTokens", output_tokens as "outputTokens", cost_microusd as cost from messages where conversation_id = $1 and direction = 'out'`,
    [conversationId],
  );
  expect(rows).toEqual([{ model: 'gpt-oss', inputTokens: 40, outputTokens: 9, cost: 12 }]);
});
