import { createEgress, type Egress } from '@holdfast/egress';
import { createLlm, type LlmCall } from '@holdfast/llm';
import { effectContext, scopeWith } from '@holdfast/test-kit/effects';
import { startFakeLlm, type FakeLlm } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { llm } from './node.ts';
import { runLlm } from './run.ts';

// The whole ladder over real sockets: one unkind server for each provider.
let groq: FakeLlm;
let claude: FakeLlm;
let own: FakeLlm;
let egress: Egress;
let calls: LlmCall[] = [];
beforeAll(async () => {
  [groq, claude, own] = await Promise.all([startFakeLlm(), startFakeLlm(), startFakeLlm()]);
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
beforeEach(() => {
  calls = [];
});
afterAll(async () => {
  await egress.close();
  await Promise.all([groq, claude, own].map((fake) => fake.close()));
});

const ladder = [
  { provider: 'groq', model: 'openai/gpt-oss-120b', timeout: '60s' },
  { provider: 'claude', model: 'claude-haiku-5-5', timeout: '60s' },
  { provider: 'openai-compatible', model: 'qwen', timeout: '60s' },
];

const ask = async (given: object = {}) => {
  const models = createLlm({
    credentials: {
      find: async (_workspace, kind) => ({
        kind,
        name: kind,
        baseUrl: kind === 'openai-compatible' ? `${own.url}/v1` : null,
        allowedHosts: [],
        secret: { apiKey: 'sk-1' },
      }),
    },
    fetchFor: egress.fetchFor,
    record: async (call) => void calls.push(call),
    baseUrls: { groq: groq.url, claude: claude.url },
  });
  const { context, log } = effectContext({
    scope: scopeWith({ trigger: { text: 'Do you ship to Kenya?' } }),
    llm: { complete: (request) => models.complete(request, { workspaceId: 'ws_1', runId: 'run_1', stepId: 'step_1' }) },
  });
  const config = JSON.parse(JSON.stringify(llm.config.parse({ question: 'Do you ship to Kenya?', ladder, ...given })));
  return { left: await runLlm.run({ config, context }), notes: log.notes };
};

test('a slow, a spent and a good server: the third answers, and all three are on the bill', async () => {
  groq.behave('hang');
  claude.behave('spend-cap');
  own.behave({ answer: 'Yes, within five days.' });
  const [slow, ...others] = ladder;
  const { left, notes } = await ask({ ladder: [{ ...slow, timeout: '1s' }, ...others] });
  expect(left).toMatchObject({
    port: 'answered',
    output: { text: 'Yes, within five days.', provider: 'openai-compatible', model: 'qwen' },
  });
  expect(notes).toMatchObject({ modelSwitches: 2 });
  expect(calls.map((call) => [call.rung, call.model, call.problem?.code ?? 'answered'])).toEqual([
    [1, 'openai/gpt-oss-120b', 'upstream.timeout'],
    [2, 'claude-haiku-5-5', 'upstream.refused'],
    [3, 'qwen', 'answered'],
  ]);
});

test('data that misses its schema is repaired by the same model, then left to the next', async () => {
  const schema = '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}';
  groq.behave({ answer: '{"town":"Vigo"}' }, { answer: 'Vigo!' });
  claude.behave({ answer: '{"city":"Vigo"}' });
  const { left } = await ask({ answerAs: 'data', schema });
  expect(left).toMatchObject({ port: 'answered', output: { data: { city: 'Vigo' }, model: 'claude-haiku-5-5' } });
  expect(calls.map((call) => call.model)).toEqual(['openai/gpt-oss-120b', 'openai/gpt-oss-120b', 'claude-haiku-5-5']);
});

test('when every server is down the step leaves to a person, with what each said', async () => {
  groq.behave('server-error');
  claude.behave('overloaded');
  own.behave('cut');
  const { left, notes } = await ask();
  expect(left.port).toBe('review');
  expect(notes['rungs']).toMatchObject([
    { problem: { code: 'upstream.broken' } },
    { problem: { code: 'upstream.broken' } },
    { problem: { code: 'upstream.timeout' } },
  ]);
});
