import Groq from 'groq-sdk';
import type { Provider } from '../provider.ts';
import { chatMessages, readCompletion, responseFormat } from './chat-completion.ts';

/** The base URL is the host's root: groq-sdk adds /openai/v1 itself. */
export const askGroq: Provider = async ({ request, apiKey, baseUrl, fetch, signal }) => {
  const client = new Groq({ apiKey, baseURL: baseUrl, fetch, maxRetries: 0, timeout: request.timeoutMs, logLevel: 'off' });
  const completion = await client.chat.completions.create(
    { model: request.model, max_completion_tokens: request.maxTokens, messages: chatMessages(request), ...responseFormat(request) },
    signal ? { signal } : {},
  );
  return readCompletion(completion, request);
};
