export { createLlm, type Llm, type LlmCall, type LlmCaller, type LlmDeps } from './create-llm.ts';
export { defaultPrices, parsePrices, type ModelPrice } from './prices.ts';
export type { ProviderName } from './provider.ts';
