import OpenAI, { BadRequestError, UnprocessableEntityError } from 'openai';
import type { LlmRequest } from '@holdfast/node-kit';
import type { Provider } from '../provider.ts';
import { chatMessages, readCompletion, responseFormat } from './chat-completion.ts';

/**
 * Ollama, vLLM, llama.cpp, LM Studio and others; the base URL includes /v1. Not every server knows JSON schemas, so the
 * schema stands in the instructions too, and a server that refuses the parameter is asked once more without it.
 */
export const askOpenAiCompatible: Provider = async ({ request, apiKey, baseUrl, fetch, signal }) => {
  const client = new OpenAI({
    apiKey: apiKey || 'none',
    organization: null,
    project: null,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: request.timeoutMs,
    logLevel: 'off',
  });
  const told = request.schema
    ? { ...request, system: `${request.system}\n\nAnswer with JSON only, of this schema: ${JSON.stringify(request.schema)}` }
    : request;
  const create = (format: ReturnType<typeof responseFormat>) =>
    client.chat.completions.create(
      { model: request.model, max_tokens: request.maxTokens, messages: chatMessages(told), ...format },
      signal ? { signal } : {},
    );
  const completion = await create(responseFormat(request)).catch((error: unknown) => {
    if (isFormatRefused(error, request)) return create({});
    throw error;
  });
  return readCompletion(completion, request);
};

const isFormatRefused = (error: unknown, request: LlmRequest): boolean =>
  request.schema !== undefined &&
  (error instanceof BadRequestError || error instanceof UnprocessableEntityError) &&
  /response_format|json_schema|schema|grammar/i.test(error.message);
