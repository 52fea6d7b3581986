import type { Fetch } from '@holdfast/egress';
import type { JsonObject, LlmRequest } from '@holdfast/node-kit';

/** What a provider's adapter gets: the request, an opened key and a `fetch` that obeys the house's rules. */
export interface ProviderCall {
  request: LlmRequest;
  apiKey: string;
  /** As the provider's SDK wants it; undefined for the SDK's own. */
  baseUrl: string;
  fetch: Fetch;
  signal?: AbortSignal;
}

export interface ProviderAnswer {
  text: string;
  inputTokens: number;
  outputTokens: number;
  /** What the provider counted, as it said it. */
  usage: JsonObject;
}

/** One attempt with one provider; throws the SDK's own errors, which `explain-failure` reads. */
export type Provider = (call: ProviderCall) => Promise<ProviderAnswer>;
export type ProviderName = LlmRequest['provider'];
