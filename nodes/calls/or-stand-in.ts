import { HoldfastError, toProblem } from '@holdfast/errors';
import type { EffectContext, Outcome } from '@holdfast/node-kit';

export type Instead = 'second' | 'stale' | 'default' | 'keep';
/** What may stand in for an answer that did not come. */
export interface StandIn {
  instead: Instead;
  /** Null: it can't. */
  ask: () => Promise<Outcome | null>;
}

/** Trouble of the service, not of our own database. */
const isPassing = (error: unknown): error is HoldfastError =>
  error instanceof HoldfastError && error.meaning.retry === 'later' && error.code !== 'database.unavailable';

/** What comes of asking, or of the first in line that does better when no attempt is left. Never after a call that may have been carried out. */
export async function orStandIn(
  context: Pick<EffectContext, 'isLastAttempt' | 'note'>,
  ask: () => Promise<Outcome>,
  standIns: readonly StandIn[],
): Promise<Outcome> {
  try {
    return await ask();
  } catch (error) {
    // While attempts are left, the service itself is worth another try; one that is known to be down is not waited for.
    if (!isPassing(error) || !(context.isLastAttempt || error.code === 'upstream.down')) throw error;
    for (const standIn of standIns) {
      const outcome = await standIn.ask().catch(nothingIfPassing);
      if (outcome === null) continue;
      context.note({ problem: { ...toProblem(error) }, fallback: standIn.instead });
      return outcome;
    }
    throw error;
  }
}

const nothingIfPassing = (error: unknown): null => {
  if (isPassing(error)) return null;
  throw error;
};
