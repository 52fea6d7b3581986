import { createHash } from 'node:crypto';
import { hadNoTurn, holdCall, isHeldDue, releaseCall, type Rest, type Together } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { EffectContext } from '@holdfast/node-kit';
import { isDatabaseTrouble } from './database-trouble.ts';
import { Later } from './errors.ts';
import { faultOf } from './pretend-fault.ts';
import { isPutOff } from './put-off.ts';
import type { RunSession } from './run-session.ts';
import type { StepAttempt } from './step-attempt.ts';

/** Where nobody else writes. */
export const alone: Together = async (_key, item, work) => {
  const [result] = await work(() => [item]);
  return result as Awaited<ReturnType<typeof work>>[number]; // a result for each item, as the type of work says
};

/** Who comes for the first time shares what the others were told, but asks for himself now and then. */
const mostRestMs = 60_000;
/** Until whoever found the line taken comes again. */
const noTurnMs = 2_000;

/** Steps whose work goes together wait together too: all are told the same time, and come back for one batch. */
export function togetherFromStep(session: RunSession, attempt: StepAttempt): EffectContext['together'] {
  const { deps, run } = session;
  const { step, signal } = attempt;
  return async ({ key, batch }, item, work) => {
    // What is pretended must never be pretended to others, whose work goes along in the same call.
    if (!deps.together || faultOf(session, step.node) !== null) return alone(key, item, work);
    const place = `${run.workspaceId}/${key}`;
    attempt.goesWith = createHash('sha256').update(`${place}\n${batch}`).digest('base64url');
    const wasHeld = isPutOff(step);
    const release = async () => {
      if (wasHeld) await releaseCall(deps.pool, { runId: run.id, stepId: step.step }).catch(() => undefined);
    };
    try {
      const isBack = wasHeld && (await isHeldDue(deps.pool, { runId: run.id, stepId: step.step }));
      const result = await deps.together(place, item, work, { batch, signal, isBack, restAfter });
      await release();
      return result;
    } catch (error) {
      // Before the work: it throws errors of its own.
      if (!(error instanceof HoldfastError) && !(error instanceof Later) && isDatabaseTrouble(error))
        throw new HoldfastError('database.unavailable', { detail: 'The database did not answer. Nothing was sent.', cause: error });
      if (hadNoTurn(error)) throw new Later({ notBefore: new Date(Date.now() + noTurnMs), code: error.code, reason: error.words.detail });
      await (error instanceof Later ? waitWithOthers(session, attempt, error) : release());
      throw error;
    }
  };
}

const restAfter = (error: unknown): Rest | null =>
  error instanceof Later && error.notBefore !== null
    ? { forMs: Math.min(mostRestMs, error.notBefore.getTime() - Date.now()), isLimit: error.code === 'upstream.limited' }
    : null;

/** Only whoever asked is known to wait: the others are seen, counted and rung with him. */
async function waitWithOthers(
  { deps, run }: RunSession,
  { step, goesWith }: StepAttempt,
  { facts: { provider }, code, notBefore }: Later,
): Promise<void> {
  if (typeof provider !== 'string' || notBefore === null) return;
  await holdCall(deps.pool, {
    workspaceId: run.workspaceId,
    provider,
    runId: run.id,
    stepId: step.step,
    turn: run.startedAt,
    code,
    forMs: Math.max(0, notBefore.getTime() - Date.now()),
    ...(goesWith === undefined ? {} : { goesWith }),
  }).catch(() => undefined);
}
