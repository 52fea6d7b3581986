import { createEgress, type ResolvedCredential } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { LlmRequest } from '@holdfast/node-kit';
import { startFakeLlm, type FakeLlm } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLlm, type LlmCall } from './create-llm.ts';
import type { ProviderName } from './provider.ts';

let fake: FakeLlm;
let egress: ReturnType<typeof createEgress>;
let calls: LlmCall[] = [];
beforeAll(async () => {
  fake = await startFakeLlm();
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
beforeEach(() => {
  calls = [];
});
afterAll(async () => {
  await egress.close();
  await fake.close();
});

const key = (kind: ProviderName, given: Partial<ResolvedCredential> = {}): ResolvedCredential => ({
  kind,
  name: 'Test key',
  baseUrl: kind === 'openai-compatible' ? `${fake.url}/v1` : null,
  allowedHosts: [],
  secret: { apiKey: 'sk-secret-1' },
  ...given,
});
const llm = (credential?: ResolvedCredential | null) =>
  createLlm({
    credentials: { find: async (_workspace, provider) => (credential === undefined ? key(provider) : credential) },
    fetchFor: egress.fetchFor,
    record: async (call) => void calls.push(call),
    baseUrls: { groq: fake.url, claude: fake.url },
    now: () => new Date(),
  });
const models: Record<ProviderName, string> = { groq: 'openai/gpt-oss-120b', claude: 'claude-haiku-5-5', 'openai-compatible': 'qwen' };
const request = (provider: ProviderName, given: Partial<LlmRequest> = {}): LlmRequest => ({
  provider,
  model: models[provider],
  system: 'Be short.',
  messages: [{ role: 'user', content: 'Hi' }],
  maxTokens: 500,
  timeoutMs: 60_000,
  rung: 1,
  ...given,
});
const caller = { workspaceId: 'ws_1', runId: 'run_1', stepId: 'step_1' };
const failure = async (asked: Promise<unknown>): Promise<HoldfastError> => {
  const thrown: unknown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof HoldfastError)) throw new Error(`Expected a HoldfastError, got ${String(thrown)}`);
  return thrown;
};

test('is asked through the gate of its key’s account, which hears what the answer says of what is left; what can’t go now is no call', async () => {
  const asked: unknown[] = [];
  let isPaused = false;
  const guarded = createLlm({
    credentials: { find: async (_workspace, provider) => key(provider, { provider: 'groq:cred_1' }) },
    fetchFor: egress.fetchFor,
    record: async (call) => void calls.push(call),
    baseUrls: { groq: fake.url },
    guard: async (call, perform, headersOf) => {
      if (isPaused) throw new HoldfastError('upstream.paused', { detail: 'Not now.' });
      const heard = await perform().catch((error: HoldfastError) => (asked.push({ ...call, failed: error.code }), Promise.reject(error)));
      asked.push({ ...call, requestId: headersOf(heard)['request-id'] });
      return heard;
    },
  });
  fake.behave({ answer: 'ok' });
  await guarded.complete(request('groq'), caller);
  fake.behave('server-error');
  await failure(guarded.complete(request('groq'), caller));
  const account = { workspaceId: 'ws_1', key: 'groq:cred_1', name: 'Test key', timeoutMs: 60_000 };
  expect(asked).toEqual([
    { ...account, requestId: 'req_fake' },
    { ...account, failed: 'upstream.broken' },
  ]);
  isPaused = true;
  expect(await failure(guarded.complete(request('groq'), caller))).toMatchObject({ code: 'upstream.paused' });
  expect(calls).toHaveLength(2);
});

describe.each(['groq', 'claude', 'openai-compatible'] as const)('%s', (provider) => {
  test('answers and is metered', async () => {
    fake.behave({ answer: 'Hello, Ana.', inputTokens: 1_000, outputTokens: 200 });
    const answer = await llm().complete(request(provider), caller);
    expect(answer).toMatchObject({ text: 'Hello, Ana.', provider, model: models[provider], inputTokens: 1_000, outputTokens: 200 });
    expect(answer.costMicroUsd).toBe({ groq: 270, claude: 200, 'openai-compatible': 0 }[provider]);
    expect(calls).toMatchObject([
      { workspaceId: 'ws_1', runId: 'run_1', stepId: 'step_1', provider, rung: 1, inputTokens: 1_000, outputTokens: 200, problem: null },
    ]);
  });

  test('sends the key and no sampling parameters', async () => {
    fake.behave({ answer: 'ok' });
    await llm().complete(request(provider), caller);
    const question = fake.questions.at(-1);
    expect(String(question?.headers['authorization'] ?? question?.headers['x-api-key'])).toContain('sk-secret-1');
    expect(question?.body).not.toHaveProperty('temperature');
    expect(question?.body).not.toHaveProperty('top_p');
  });

  test('asks for the JSON schema in the provider’s own way', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
    fake.behave({ answer: '{"city":"Vigo"}' });
    await llm().complete(request(provider, { schema }), caller);
    const body = JSON.stringify(fake.questions.at(-1)?.body);
    expect(body).toContain(
      provider === 'claude'
        ? '"output_config":{"format":{"type":"json_schema","schema":{"type":"object"'
        : '"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"',
    );
  });

  test.each([
    ['overloaded', 'upstream.broken'],
    ['server-error', 'upstream.broken'],
    ['spend-cap', 'upstream.refused'],
    ['wrong-key', 'upstream.unauthorized'],
    ['decommissioned', 'upstream.refused'],
    ['refusal', 'upstream.refused'],
    ['thinks-only', 'llm.unusable-answer'],
    ['half-json', 'llm.unusable-answer'],
  ] as const)('says what %s means: %s', async (behaviour, code) => {
    fake.behave(behaviour);
    const before = fake.questions.length;
    const error = await failure(llm().complete(request(provider), caller));
    expect(error.code).toBe(code);
    expect(fake.questions.length - before).toBe(1); // one owner of retries: not the SDK
    expect(JSON.stringify(calls)).not.toContain('sk-secret-1');
    expect(error.message).not.toContain('sk-secret-1');
    expect(calls).toMatchObject([{ problem: { code } }]);
  });

  test('passes on how long a limit asks to wait', async () => {
    fake.behave({ limitedForSeconds: 7 });
    const error = await failure(llm().complete(request(provider), caller));
    expect([error.code, error.retryAfterMs]).toEqual(['upstream.limited', 7_000]);
  });

  test('gives up a silent model at its timeout', async () => {
    fake.behave('hang');
    const error = await failure(llm().complete(request(provider, { timeoutMs: 150 }), caller));
    expect(error.code).toBe('upstream.timeout');
    expect(calls).toMatchObject([{ problem: { code: 'upstream.timeout' } }]);
  });

  test('takes a cut connection as something to try again', async () => {
    fake.behave('cut');
    expect((await failure(llm().complete(request(provider), caller))).meaning.retry).toBe('later');
  });

  test('stops when the step is stopped', async () => {
    fake.behave('hang');
    const controller = new AbortController();
    const asked = failure(llm().complete(request(provider), { ...caller, signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect(['step.timeout', 'upstream.timeout']).toContain((await asked).code);
  });
});

test('a model without a key is not asked and not metered', async () => {
  const before = fake.questions.length;
  const error = await failure(llm(null).complete(request('groq'), caller));
  expect([error.code, error.detail]).toEqual(['llm.no-key', 'There is no key for Groq, so openai/gpt-oss-120b was not asked.']);
  expect(fake.questions.length).toBe(before);
  expect(calls).toEqual([]);
});

test('a key of another kind is not sent anywhere', async () => {
  const before = fake.questions.length;
  expect((await failure(llm(key('claude')).complete(request('groq'), caller))).code).toBe('llm.no-key');
  expect(fake.questions.length).toBe(before);
});

test('a server that knows no schemas is asked again without, and told in words', async () => {
  fake.behave({ noSchemas: '{"city":"Vigo"}' });
  const answer = await llm().complete(request('openai-compatible', { schema: { type: 'object' } }), caller);
  expect(answer.text).toBe('{"city":"Vigo"}');
  expect(JSON.stringify(fake.questions.at(-1)?.body)).toContain('Answer with JSON only');
});

test('a server without an address says so', async () => {
  expect((await failure(llm(key('openai-compatible', { baseUrl: null })).complete(request('openai-compatible'), caller))).detail).toContain(
    'has no address',
  );
});

test('a base URL that flows may not reach is reached because an administrator set it, and only that one', async () => {
  fake.behave({ answer: 'ok' });
  await expect(llm().complete(request('openai-compatible'), caller)).resolves.toMatchObject({ text: 'ok' });
});
