import { hasLostCall, type NewKeptCall } from '@holdfast/db';
import { asHoldfastError, HoldfastError, saidOf, say, type Problem } from '@holdfast/errors';
import { originOf, whenExhausted, type StepState } from '@holdfast/graph';
import { parseDuration, type EffectDefinition, type JsonObject, type Outcome, type RetryPolicy } from '@holdfast/node-kit';
import {
  isExhausted,
  maxRestarts,
  mayBeLast,
  mostInRow,
  retryDelayMs,
  timesInRow,
  withFailure,
  type AttemptCount,
  type Failure,
} from './attempts.ts';
import { effectContext } from './effect-context.ts';
import { isSuperseded, journalProblemOf, Later } from './errors.ts';
import { orKeep } from './keep-step.ts';
import { answeredBefore } from './progress.ts';
import { isPutOff } from './put-off.ts';
import type { RunSession } from './run-session.ts';
import type { StepAttempt } from './step-attempt.ts';
import { startTyping } from './typing.ts';
import { wellFormed } from './well-formed.ts';
import { withTimeout } from './with-timeout.ts';

export interface EffectPlan {
  definition: EffectDefinition;
  config: JsonObject;
  policy: RetryPolicy;
  timeoutMs: number;
  /** Names that its texts use and the data does not have; told as a fact. */
  missing: string[];
  /** Attempts that count against the policy so far: of the call that failed most often. */
  done: number;
}

/** What an effect needs to be tried. Throws template.invalid and step.config. */
export function planEffect(session: RunSession, step: StepState): EffectPlan {
  const { definition, fill } = session.journal.plan.node(step.node);
  if (definition.kind !== 'effect') throw new HoldfastError('internal', { detail: say`"${step.node}" is not an effect.` });
  const missing = new Set<string>();
  const rendered = fill(session.scope(), (name) => missing.add(name));
  const policy = typeof definition.retry === 'function' ? definition.retry(rendered) : definition.retry;
  const timeout = typeof definition.timeout === 'function' ? definition.timeout(rendered) : definition.timeout;
  return {
    definition,
    config: rendered,
    policy,
    timeoutMs: parseDuration(timeout),
    done: mostInRow(session.counts.get(step.step)?.failures ?? []),
    missing: [...missing],
  };
}

export type AttemptResult = { next: 'done' } | { next: 'again'; error: HoldfastError; delayMs: number } | { next: 'later' };

/**
 * One attempt of an effect, journalled: begun, and ended, failed or put off. A begun attempt that its process took along
 * is begun again under the same number, so that the ledger recognises its calls.
 */
export async function runAttempt(session: RunSession, step: StepState, signal: AbortSignal): Promise<AttemptResult> {
  const { journal } = session;
  const count = session.counts.get(step.step) ?? { forgiven: 0, begun: 0, failures: [] };
  const isBegunAgain = step.status === 'running' || isPutOff(step);
  const attempt = Math.max(1, isBegunAgain ? step.attempts : step.attempts + 1);
  const begun = step.status === 'running' ? count.begun + 1 : 1;
  if (begun > maxRestarts) {
    const error = new HoldfastError('step.crashed', {
      detail: say`The step was begun ${maxRestarts} times and its process ended each time before it could finish.`,
    });
    return giveUp(session, step, { attempt, error });
  }
  session.counts.set(step.step, { ...count, begun });
  const isLost = step.status === 'running' && (await hasLostCall(session.deps.pool, { runId: session.run.id, stepId: step.step, attempt }));
  journal.add({ kind: 'step-started', at: now(), ...originOf(step), attempt });
  const startedAt = performance.now();
  const facts: JsonObject = {};
  const open = new Set<string>();
  const kept: NewKeptCall[] = [];
  try {
    const plan = planEffect(session, step);
    if (plan.missing.length > 0) facts['missing'] = plan.missing;
    const progress = { answered: 0 };
    // Its calls before the one that fails may all be answered: then it is not.
    const isLastAttempt = mayBeLast(plan.policy, count.failures, attempt - count.forgiven);
    try {
      const doing = { step, attempt, isLastAttempt, signal, facts, open, kept, progress };
      const run = () => withTimeout(plan.timeoutMs, (bound) => runOnce(session, plan, { ...doing, signal: bound }), signal);
      const outcome = await (isLost ? run() : orKeep(session, doing, plan, run));
      for (const call of kept) journal.keep(call);
      journal.add({
        kind: 'step-ended',
        at: now(),
        ...originOf(step),
        port: outcome.port,
        // Whatever file, service or database it came out of, our own must take it: else the step would be begun again and again.
        output: wellFormed(outcome.output),
        how: 'ran',
        facts: { ...wellFormed(facts), attempts: attempt, durationMs: Math.round(performance.now() - startedAt) },
      });
      return { next: 'done' };
    } catch (thrown) {
      if (thrown instanceof Later && !isLost) return putOff(session, step, attempt, thrown);
      if (isSuperseded(thrown) || signal.aborted) throw thrown;
      const error = isLost ? lostBefore(thrown) : orAmbiguous(asHoldfastError(thrown, 'step.crashed'), open);
      if (error.code === 'database.unavailable') throw error;
      const failure = { answered: answeredBefore(thrown, progress), isLimited: error.code === 'upstream.limited' };
      return failOnce(session, step, { attempt, error, facts, failure, count, policy: plan.policy });
    }
  } catch (thrown) {
    // The config could not be made: nothing was tried, and trying again would not help.
    if (thrown instanceof HoldfastError && thrown.meaning.retry === 'never' && !isSuperseded(thrown))
      return giveUp(session, step, { attempt, error: thrown, facts: wellFormed(facts) });
    throw thrown;
  }
}

/** An attempt that failed: the next one comes after a while, or the step gives up. */
function failOnce(session: RunSession, step: StepState, { attempt, error, facts, failure, count, policy }: Failed): AttemptResult {
  const failures = withFailure(count.failures, failure);
  const isLast = isExhausted(policy, failures, failure, attempt - count.forgiven);
  if (error.meaning.retry !== 'later' || isLast) return giveUp(session, step, { attempt, error, facts: wellFormed(facts) });
  const delayMs = retryDelayMs(policy, timesInRow(failures, failure), { retryAfterMs: error.retryAfterMs, random: Math.random() });
  session.journal.add({
    kind: 'step-failed',
    at: now(),
    ...originOf(step),
    attempt,
    problem: journalProblemOf(error),
    isFinal: false,
    retryAt: inMs(delayMs),
    facts: wellFormed(failure.answered > 0 ? { ...facts, answered: failure.answered } : facts),
  });
  return { next: 'again', error, delayMs };
}

interface Failed {
  attempt: number;
  error: HoldfastError;
  facts: JsonObject;
  failure: Failure;
  count: AttemptCount;
  policy: RetryPolicy;
}

/** What kept the step from asking the ledger (no room, no token, a question before the call) tells nothing of the call that its process took along. */
function lostBefore(thrown: unknown): HoldfastError {
  const error =
    thrown instanceof Later ? new HoldfastError(thrown.code, { detail: thrown.reason }) : asHoldfastError(thrown, 'step.crashed');
  if (error.meaning.retry === 'ambiguous' || error.code === 'database.unavailable') return error;
  return new HoldfastError('upstream.ambiguous', {
    detail: say`A call of this step was under way when its process stopped, and may have been carried out. ${error.words.detail}`,
    hint: 'Look there whether it happened. Then retry the step, or skip it with the result.',
    cause: error,
  });
}

/** A step whose time is over (it waited for its turn before it called) must not try again what may have been carried out. */
function orAmbiguous(error: HoldfastError, open: ReadonlySet<string>): HoldfastError {
  if (open.size === 0 || error.meaning.retry !== 'later') return error;
  return new HoldfastError('upstream.ambiguous', {
    detail: say`The step ended while its call was under way, which may have been carried out. ${error.words.detail}`,
    hint: 'Look there whether it happened. Then retry the step, or skip it with the result.',
    cause: error,
  });
}

async function runOnce(session: RunSession, plan: EffectPlan, attempt: StepAttempt): Promise<Outcome> {
  const runner = session.deps.runners[plan.definition.type];
  if (!runner) throw new HoldfastError('internal', { detail: say`No runner is installed for "${plan.definition.type}".` });
  const typing = startTyping(session);
  try {
    return await runner.run({ config: plan.config, context: effectContext(session, { ...attempt, idle: typing.idle }) });
  } finally {
    typing.end();
  }
}

/** No further attempt comes by itself: out by `failed` where that is drawn, else as the flow's settings say. */
export function giveUp(
  session: RunSession,
  step: StepState,
  { attempt, error, facts = {} }: { attempt: number; error: HoldfastError; facts?: JsonObject },
): { next: 'done' } {
  const { journal } = session;
  const problem: Problem = journalProblem(error, session.journal.plan.node(step.node).name);
  const exit = whenExhausted(journal.plan, step, { isAmbiguous: error.meaning.retry === 'ambiguous' });
  const kept = { ...facts, attempts: attempt };
  if (typeof exit === 'object') {
    journal.add({
      kind: 'step-ended',
      at: now(),
      ...originOf(step),
      port: exit.port,
      output: { error: asData(problem) },
      how: 'gave-up',
      facts: { ...kept, problem: { ...problem } },
    });
    return { next: 'done' };
  }
  journal.add({ kind: 'step-failed', at: now(), ...originOf(step), attempt: Math.max(1, attempt), problem, isFinal: true, facts: kept });
  if (exit === 'end') journal.add({ kind: 'run-ended', at: now(), outcome: 'failed' });
  return { next: 'done' };
}

/** What later steps read of it: how its sentence was made is no business of theirs. */
const asData = ({ said: _said, ...problem }: Problem): JsonObject => problem;

function journalProblem(error: HoldfastError, nodeName: string): Problem {
  const detail = nodeName === '' ? error.words.detail : say`“${nodeName}”: ${error.words.detail}`;
  return {
    ...(journalProblemOf(error) as Problem), // as: journalProblemOf makes it of a HoldfastError
    detail: String(detail),
    ...saidOf({ detail, hint: error.words.hint }),
  };
}

/** Put off: nothing left the house, and the attempt does not count. */
export function putOff(session: RunSession, step: StepState, attempt: number, later: Later): { next: 'later' } {
  const problem = journalProblemOf(new HoldfastError(later.code, { detail: later.reason }));
  session.journal.add({
    kind: 'step-failed',
    at: now(),
    ...originOf(step),
    attempt,
    problem,
    isFinal: false,
    facts: { ...later.facts, isPutOff: true },
    ...(later.notBefore ? { retryAt: later.notBefore.toISOString() } : {}),
  });
  return { next: 'later' };
}

export const now = (): string => new Date().toISOString();
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
