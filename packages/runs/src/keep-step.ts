import { hasCallGoneOut, lineOfKey, newId, releaseCall, type NewKeptCall } from '@holdfast/db';
import { HoldfastError, toProblem, type ErrorCode } from '@holdfast/errors';
import { portsOf, type Keeping, type Outcome } from '@holdfast/node-kit';
import { providerOf } from '@holdfast/providers';
import { pretending } from './call-from-step.ts';
import { isDatabaseTrouble } from './database-trouble.ts';
import { Later } from './errors.ts';
import type { EffectPlan } from './run-attempt.ts';
import type { RunSession } from './run-session.ts';
import type { StepAttempt } from './step-attempt.ts';

type Plan = Pick<EffectPlan, 'definition' | 'config'>;

/** The step; or, where its provider is away and staff said so, that the whole of it is kept until that is back. */
export async function orKeep(session: RunSession, doing: StepAttempt, plan: Plan, run: () => Promise<Outcome>): Promise<Outcome> {
  const keeping = plan.definition.keeps?.(plan.config) ?? null;
  if (!keeping) return run();
  const keep = (error: HoldfastError | null) => sure(() => kept(session, doing, { plan, keeping, error }));
  // Whoever came first goes first.
  const behind = await keep(null);
  if (behind) return behind;
  try {
    return await run();
  } catch (thrown) {
    const error = awayBy(thrown, doing);
    const instead = error && (await keep(error));
    if (!instead) throw thrown;
    return instead;
  }
}

/** For what people hold back, a step waits. */
const away: ReadonlySet<ErrorCode> = new Set([
  'upstream.unreachable',
  'upstream.timeout',
  'upstream.limited',
  'upstream.broken',
  'upstream.down',
  'step.timeout',
]);

/** That the provider is away: it is known to be, or no attempt is left. Null for anything else, and for what may have been carried out. */
export function awayBy(thrown: unknown, { isLastAttempt, open }: Pick<StepAttempt, 'isLastAttempt' | 'open'>): HoldfastError | null {
  if (open.size > 0) return null;
  if (thrown instanceof Later) return thrown.code === 'upstream.down' ? new HoldfastError(thrown.code, { detail: thrown.reason }) : null;
  if (!(thrown instanceof HoldfastError) || thrown.meaning.retry !== 'later') return null;
  return away.has(thrown.code) && (isLastAttempt || thrown.code === 'upstream.down') ? thrown : null;
}

interface ToKeep {
  plan: Plan;
  keeping: Keeping;
  /** Null: only if one of its key is kept, which it must not pass. */
  error: HoldfastError | null;
}

/** Null: it is not kept. */
async function kept(session: RunSession, doing: StepAttempt, { plan, keeping, error }: ToKeep): Promise<Outcome | null> {
  const facts = { fallback: 'keep', ...(error ? { problem: { ...toProblem(error) } } : {}) };
  // What is pretended leaves the house at no time.
  if (pretending(session, doing)) {
    if (!error) return null;
    Object.assign(doing.facts, facts, { kept: 'pretended' });
    return keptOutcome('pretended');
  }
  const call = await keptStep(session, doing, { plan, keeping, isOnlyBehind: error === null });
  if (!call) return null;
  doing.kept.push(call);
  Object.assign(doing.facts, facts, { kept: call.id });
  return keptOutcome(call.id);
}

export const keptOutcome = (id: string): Outcome => ({ port: 'kept', output: { kept: id, fallback: 'keep' } });

/** The whole step as it is written with its end. Null where it is not: its line is not known, or a call of this attempt has gone out that must not be made twice. */
async function keptStep(
  { deps, run, journal }: RunSession,
  { step, attempt }: StepAttempt,
  { plan, keeping, isOnlyBehind }: Omit<ToKeep, 'error'> & { isOnlyBehind: boolean },
): Promise<NewKeptCall | null> {
  const { orderKey, to } = keeping;
  if (isOnlyBehind && orderKey === '') return null;
  const credential = to.credential ? await deps.lookAtCredential?.(run.workspaceId, to.credential) : undefined;
  const provider = providerOf(run.workspaceId, to, credential);
  if (!provider) return null;
  const line = orderKey === '' ? null : await lineOfKey(deps.pool, { ...provider, orderKey, credential: to.credential });
  if (isOnlyBehind && line === null) return null;
  // What became of its calls is asked of what is written.
  if (journal.isSettling) await journal.flush();
  if (await hasCallGoneOut(deps.pool, { runId: run.id, stepId: step.step, attempt })) return null;
  await releaseCall(deps.pool, { runId: run.id, stepId: step.step });
  const { type, typeVersion } = plan.definition;
  return {
    id: newId('keptCall'),
    provider: line ?? provider.key,
    stepId: step.step,
    orderKey,
    what: whatOf(plan),
    request: { step: { type, typeVersion, node: step.node, nodeName: journal.plan.node(step.node).name, config: plan.config } },
    body: null,
    isRepeatable: true,
  };
}

/** What it would do, in the step's own words. */
export function whatOf({ definition, config }: Plan): string {
  const does = definition.describe?.(config) ?? '';
  return (does === '' ? definition.title : `${definition.title}: ${does}`).slice(0, 500);
}

/** The exit's name, where what leaves by it is for people to look at. */
export function unhappyExit({ definition, config }: Plan, port: string): string | null {
  const { label, unhappy } = portsOf(definition, config)[port] ?? {};
  return unhappy ? (label ?? port) : null;
}

/** Our own database is no failure of the step's: no attempt is counted. */
async function sure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HoldfastError || !isDatabaseTrouble(error)) throw error;
    throw new HoldfastError('database.unavailable', { detail: 'The database did not answer. Nothing was kept.', cause: error });
  }
}
