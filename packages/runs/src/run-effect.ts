import { toFailure } from '@holdfast/errors/temporal';
import type { ExecutionDeps } from './deps.ts';
import { isSuperseded } from './errors.ts';
import { runAttempt } from './run-attempt.ts';
import { openRun } from './run-session.ts';

/**
 * One attempt of one step in an activity of its own: slow effects, and those that failed before. Returns when the journal
 * has an end or a final failure, or when there is nothing to do any more; throws an ApplicationFailure to be called again.
 */
export async function runEffect(
  deps: ExecutionDeps,
  input: { runId: string; epoch: number; owner: string; stepId: string },
  signal: AbortSignal,
): Promise<void> {
  try {
    const session = await openRun(deps, input);
    const step = session?.journal.state.steps.get(input.stepId);
    // Skipped, jumped away from, paused or ended meanwhile: the next stretch knows.
    if (!session || !step || session.journal.state.status === 'paused' || session.journal.overrides.length > 0) return;
    if (step.status !== 'ready' && step.status !== 'running' && step.status !== 'retrying') return;
    const result = await runAttempt(session, step, signal);
    await session.journal.flush();
    if (result.next === 'again') throw toFailure(result.error, result.delayMs);
  } catch (error) {
    if (isSuperseded(error)) return;
    throw error;
  }
}
