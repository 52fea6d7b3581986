import type { EffectDefinition, Fallback } from './define.ts';
import { parseDuration } from './duration.ts';
import type { JsonObject } from './json.ts';

/** What happens when an effect fails, as its runner and the retry path do it. */
export interface FailurePlan {
  /** Attempts in all, the first included. */
  attempts: number;
  /** How long the pauses between them take together, on average: each is drawn between nothing and its full length. */
  overMs: number;
  /** A call that may have been carried out is never repeated by itself. */
  isRepeatable: boolean;
  /** In their order, once the attempts are used up. */
  fallbacks: Fallback[];
}

/** Computed from the config itself. Null for a config that its schema refuses: there is no plan to tell yet. */
export function failurePlanOf(definition: EffectDefinition, given: JsonObject): FailurePlan | null {
  const parsed = definition.config.safeParse(given);
  if (!parsed.success) return null;
  const config = parsed.data;
  const retry = typeof definition.retry === 'function' ? definition.retry(config) : definition.retry;
  const pauses = Array.from({ length: retry.maxAttempts - 1 }, (_, nth) =>
    Math.min(parseDuration(retry.maxDelay), parseDuration(retry.firstDelay) * retry.factor ** nth),
  );
  return {
    attempts: retry.maxAttempts,
    overMs: pauses.reduce((sum, pause) => sum + pause, 0) / 2,
    isRepeatable: definition.isRepeatable?.(config) ?? true,
    fallbacks: [...(definition.fallbacks?.(config) ?? []), ...(definition.keeps?.(config) ? [{ kind: 'keep' as const }] : [])],
  };
}
