import type { JournalEntry } from '@holdfast/graph';
import { parseDuration, type RetryPolicy } from '@holdfast/node-kit';

/** An attempt that a dying process took with it is begun again this often, then the step is held to be the killer. */
export const maxRestarts = 5;

export interface AttemptCount {
  /** Attempts before a person said "again": they don't count against the policy any more. */
  forgiven: number;
  /** How often the current attempt was begun. */
  begun: number;
}

/** What the journal says about the attempts of each step, beyond their number. */
export function countAttempts(entries: readonly JournalEntry[]): Map<string, AttemptCount> {
  const counts = new Map<string, AttemptCount & { attempt: number }>();
  const of = (step: string) => counts.get(step) ?? { forgiven: 0, begun: 0, attempt: 0 };
  for (const entry of entries) {
    if (entry.kind === 'step-started') {
      const count = of(entry.step);
      counts.set(entry.step, { ...count, attempt: entry.attempt, begun: entry.attempt === count.attempt ? count.begun + 1 : 1 });
    }
    // A send that was only put off began nothing.
    if (entry.kind === 'step-failed') counts.set(entry.step, { ...of(entry.step), begun: 0 });
    if (entry.kind === 'retried') counts.set(entry.step, { ...of(entry.step), forgiven: of(entry.step).attempt, begun: 0 });
  }
  return counts;
}

/** Full jitter: anywhere below the doubled delay, so that a thousand runs don't come back together; never before what the service asked for. */
export function retryDelayMs(
  policy: RetryPolicy,
  failures: number,
  options: { retryAfterMs?: number | undefined; random: number },
): number {
  const cap = Math.min(parseDuration(policy.maxDelay), parseDuration(policy.firstDelay) * policy.factor ** Math.max(0, failures - 1));
  return Math.round(Math.max(options.retryAfterMs ?? 0, cap * options.random));
}
