import Anthropic from '@anthropic-ai/sdk';
import { HoldfastError, say } from '@holdfast/errors';
import { jsonObject } from '@holdfast/node-kit';
import type { Provider } from '../provider.ts';

/** API version 2026-10-21: no temperature, top_p or top_k; even their default values are refused. */
export const askClaude: Provider = async ({ request, apiKey, baseUrl, fetch, signal }) => {
  const client = new Anthropic({
    apiKey,
    authToken: null,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: request.timeoutMs,
    logLevel: 'off',
  });
  const message = await client.messages.create(
    {
      model: request.model,
      max_tokens: request.maxTokens,
      ...(request.system === '' ? {} : { system: request.system }),
      messages: request.messages,
      ...(request.schema ? { output_config: { format: { type: 'json_schema', schema: request.schema } } } : {}),
    },
    signal ? { signal } : {},
  );
  if (message.stop_reason === 'refusal')
    throw new HoldfastError('upstream.refused', {
      detail: say`${request.model} declined to answer${message.stop_details?.category ? ` (${message.stop_details.category})` : ''}.`,
      hint: 'Another model or a person may answer; look at the instructions of the step.',
    });
  const text = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  if (text === '' && message.stop_reason === 'max_tokens') throw cutShort(request.model, request.maxTokens);
  const { usage } = message;
  return {
    text,
    inputTokens: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0),
    outputTokens: usage.output_tokens,
    usage: jsonObject.parse(JSON.parse(JSON.stringify(usage))),
  };
};

export const cutShort = (model: string, maxTokens: number): HoldfastError =>
  new HoldfastError('llm.unusable-answer', {
    detail: say`${model} used all ${maxTokens} tokens for thinking and wrote no answer.`,
    hint: 'Open the step and allow a longer answer.',
  });
