import { HoldfastError, say } from '@holdfast/errors';
import { jsonObject, type JsonObject, type LlmRequest } from '@holdfast/node-kit';
import type { ProviderAnswer } from '../provider.ts';
import { cutShort } from './claude.ts';

type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

export const chatMessages = ({ system, messages }: LlmRequest): ChatMessage[] => [
  ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
  ...messages,
];

/** Not strict: strict schemas must name every property as required, which staff's schemas need not. */
export const responseFormat = ({
  schema,
}: LlmRequest): { response_format?: { type: 'json_schema'; json_schema: { name: string; schema: JsonObject } } } =>
  schema ? { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } } : {};

/** The part of a chat completion that Groq and the OpenAI-compatible servers share. */
interface Completion {
  choices: { finish_reason: string | null; message: { content: string | null; refusal?: string | null } }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
}

export function readCompletion(completion: Completion, request: LlmRequest): ProviderAnswer {
  // Servers in the wild answer 200 with something else; the SDKs don't check.
  const choice = Array.isArray(completion.choices) ? completion.choices[0] : undefined;
  if (!choice) throw new HoldfastError('llm.unusable-answer', { detail: say`${request.model} answered without a choice.` });
  const { content, refusal } = choice.message;
  if (refusal) throw new HoldfastError('upstream.refused', { detail: say`${request.model} declined to answer: ${refusal.slice(0, 200)}` });
  if (choice.finish_reason === 'content_filter')
    throw new HoldfastError('upstream.refused', { detail: say`${request.model} declined to answer (content filter).` });
  if (!content && choice.finish_reason === 'length') throw cutShort(request.model, request.maxTokens);
  return {
    text: content ?? '',
    inputTokens: completion.usage?.prompt_tokens ?? 0,
    outputTokens: completion.usage?.completion_tokens ?? 0,
    usage: jsonObject.parse(JSON.parse(JSON.stringify(completion.usage ?? {}))),
  };
}
