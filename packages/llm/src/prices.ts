import { z } from 'zod';
import type { ProviderName } from './provider.ts';

const modelPrice = z.object({
  provider: z.enum(['groq', 'claude', 'openai-compatible']),
  model: z.string(),
  inputUsd: z.number(),
  outputUsd: z.number(),
  since: z.string(),
});
/** USD per million tokens, from a day on. */
export type ModelPrice = z.infer<typeof modelPrice>;

/** A workspace's own prices as its settings hold them; what can't be read counts as none. */
export const parsePrices = (stored: unknown): ModelPrice[] =>
  z
    .array(modelPrice)
    .catch([])
    .parse(stored ?? []);

/**
 * List prices as published in November 2026; a workspace's own list goes before them. Claude Haiku 5.5 costs five times
 * as much above 100,000 tokens of prompt, which a chat does not reach.
 */
export const defaultPrices: readonly ModelPrice[] = [
  { provider: 'groq', model: 'openai/gpt-oss-120b', inputUsd: 0.15, outputUsd: 0.6, since: '2026-08-01' },
  { provider: 'groq', model: 'openai/gpt-oss-20b', inputUsd: 0.075, outputUsd: 0.3, since: '2026-08-01' },
  { provider: 'claude', model: 'claude-haiku-5-5', inputUsd: 0.1, outputUsd: 0.5, since: '2026-10-07' },
  { provider: 'claude', model: 'claude-sonnet-5-5', inputUsd: 2, outputUsd: 10, since: '2026-10-07' },
  { provider: 'claude', model: 'claude-opus-5-5', inputUsd: 4, outputUsd: 20, since: '2026-10-07' },
  { provider: 'claude', model: 'claude-haiku-4-5', inputUsd: 1, outputUsd: 5, since: '2026-10-07' },
];

interface Used {
  provider: ProviderName;
  model: string;
  inputTokens: number;
  outputTokens: number;
}

const latest = (used: Used, prices: readonly ModelPrice[], day: string): ModelPrice | undefined =>
  prices
    .filter((item) => item.provider === used.provider && item.model === used.model && item.since <= day)
    .toSorted((left, right) => right.since.localeCompare(left.since))[0];

/** Cost in micro-USD at the latest price that holds on `day` (ISO date), the workspace's own first; 0 for a model without a price. */
export function costMicroUsd(used: Used, own: readonly ModelPrice[], day: string): number {
  const price = latest(used, own, day) ?? latest(used, defaultPrices, day);
  // USD per million tokens is micro-USD per token.
  return price ? Math.round(used.inputTokens * price.inputUsd + used.outputTokens * price.outputUsd) : 0;
}
