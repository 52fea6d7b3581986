import { LLMock } from '@copilotkit/aimock';
import { createEgress } from '@holdfast/egress';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLlm } from './create-llm.ts';
import type { ProviderName } from './provider.ts';

// An independent witness: somebody else's idea of what these three APIs answer.
const mock = new LLMock({ port: 0 });
const egress = createEgress({ limits: { connectMs: 60_000 } });
beforeAll(async () => {
  mock.onMessage(/ship to Kenya/, { content: 'Yes, within five days.' });
  mock.onMessage(/city/, { content: '{"city":"Vigo"}' });
  await mock.start();
});
afterAll(async () => {
  await egress.close();
  await mock.stop();
});

const models: Record<ProviderName, string> = { groq: 'openai/gpt-oss-120b', claude: 'claude-haiku-5-5', 'openai-compatible': 'llama3' };
const ask = (provider: ProviderName, content: string, schema?: { type: string }) =>
  createLlm({
    credentials: {
      find: async () => ({
        kind: provider,
        baseUrl: provider === 'openai-compatible' ? `${mock.url}/v1` : mock.url,
        allowedHosts: [],
        secret: { apiKey: 'mock' },
      }),
    },
    fetchFor: egress.fetchFor,
    record: async () => undefined,
  }).complete(
    {
      provider,
      model: models[provider],
      system: 'Be short.',
      messages: [{ role: 'user', content }],
      ...(schema ? { schema } : {}),
      maxTokens: 300,
      timeoutMs: 60_000,
      rung: 1,
    },
    { workspaceId: 'ws_1' },
  );

test.each(['groq', 'claude', 'openai-compatible'] as const)('%s answers through its own SDK', async (provider) => {
  expect((await ask(provider, 'Do you ship to Kenya?')).text).toBe('Yes, within five days.');
});

test.each(['groq', 'claude', 'openai-compatible'] as const)('%s answers with data', async (provider) => {
  expect(JSON.parse((await ask(provider, 'Which city?', { type: 'object' })).text)).toEqual({ city: 'Vigo' });
});
