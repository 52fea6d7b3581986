import type { Entry, JournalEntry } from '@holdfast/graph';
import { parseDuration, type RetryPolicy } from '@holdfast/node-kit';

/** An attempt that a dying process took with it is begun again this often, then the step is held to be the killer. */
export const maxRestarts = 5;

/** One that is tried again: at which call of the step, and whether it was asked to wait (429), which says nothing of the next try. */
export interface Failure {
  /** How many calls of the attempt were answered before. */
  answered: number;
  isLimited: boolean;
}

/** A step that never comes further than before, and never fails at the same call often enough, ends all the same. */
const mostTimes = 5;

export interface AttemptCount {
  /** Attempts before a person said "again": they don't count against the policy any more. */
  forgiven: number;
  /** How often the current attempt was begun. */
  begun: number;
  /** Since a person said "again", without those of calls that were answered since. */
  failures: readonly Failure[];
}

/** What the journal says about the attempts of each step, beyond their number. */
export function countAttempts(entries: readonly JournalEntry[]): Map<string, AttemptCount> {
  const counts = new Map<string, AttemptCount & { attempt: number }>();
  const of = (step: string) => counts.get(step) ?? { forgiven: 0, begun: 0, failures: [], attempt: 0 };
  for (const entry of entries) {
    if (entry.kind === 'step-started') {
      const count = of(entry.step);
      counts.set(entry.step, { ...count, attempt: entry.attempt, begun: entry.attempt === count.attempt ? count.begun + 1 : 1 });
    }
    // A send that was only put off began nothing.
    if (entry.kind === 'step-failed') {
      const count = of(entry.step);
      const failures = entry.facts?.['isPutOff'] === true ? count.failures : withFailure(count.failures, failureOf(entry));
      counts.set(entry.step, { ...count, begun: 0, failures });
    }
    if (entry.kind === 'retried') counts.set(entry.step, { ...of(entry.step), forgiven: of(entry.step).attempt, begun: 0, failures: [] });
  }
  return counts;
}

function failureOf({ problem, facts }: Entry<'step-failed'>): Failure {
  const answered = facts?.['answered'];
  return { answered: typeof answered === 'number' ? answered : 0, isLimited: problem.code === 'upstream.limited' };
}

/** A call that fails says that those before it were answered. */
export const withFailure = (failures: readonly Failure[], failure: Failure): Failure[] => [
  ...failures.filter(({ answered }) => answered >= failure.answered),
  failure,
];

/** How often this call has failed in this manner since it was last answered. */
export const timesInRow = (failures: readonly Failure[], { answered, isLimited }: Failure): number =>
  failures.filter((each) => each.answered === answered && each.isLimited === isLimited).length;

/** Of the call that has failed most often. */
export const mostInRow = (failures: readonly Failure[]): number => Math.max(0, ...failures.map((each) => timesInRow(failures, each)));

/** Whether no other attempt comes should this one fail: at the call that has failed most often, or wherever it does after so many. */
export const mayBeLast = ({ maxAttempts }: RetryPolicy, failures: readonly Failure[], attempts: number): boolean =>
  mostInRow(failures) + 1 >= maxAttempts || attempts >= maxAttempts * mostTimes;

/** Whether this failure was the last that the policy allows: for the call that failed, or `attempts` for all together. */
export const isExhausted = ({ maxAttempts }: RetryPolicy, failures: readonly Failure[], last: Failure, attempts: number): boolean =>
  timesInRow(failures, last) >= maxAttempts || attempts >= maxAttempts * mostTimes;

/** Full jitter: anywhere below the doubled delay, so that a thousand runs don't come back together; never before what the service asked for. */
export function retryDelayMs(
  policy: RetryPolicy,
  failures: number,
  options: { retryAfterMs?: number | undefined; random: number },
): number {
  const cap = Math.min(parseDuration(policy.maxDelay), parseDuration(policy.firstDelay) * policy.factor ** Math.max(0, failures - 1));
  return Math.round(Math.max(options.retryAfterMs ?? 0, cap * options.random));
}
