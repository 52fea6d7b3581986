import { notifyLive } from '@holdfast/db';
import { asHoldfastError } from '@holdfast/errors';
import { advance, joinOutput, originOf, type Advance, type StepState } from '@holdfast/graph';
import type { ExecutionDeps } from './deps.ts';
import { isSuperseded } from './errors.ts';
import { finishStretch } from './finish-stretch.ts';
import type { CutShort } from './hand-over-cause.ts';
import { openWait } from './open-wait.ts';
import { isHeldCall, isPutOff } from './put-off.ts';
import { giveUp, now, runAttempt } from './run-attempt.ts';
import { openRun, type Express, type RunSession } from './run-session.ts';
import { settlePendingOverrides } from './settle-overrides.ts';
import { settleWait } from './settle-wait.ts';
import { createUnderway } from './underway.ts';

export interface StretchInput {
  runId: string;
  epoch: number;
  owner: string;
  /** Steps that run as activities of their own: left alone here. */
  inFlight: string[];
}

export interface StretchEffect {
  stepId: string;
  startInMs: number;
  maximumAttempts: number;
  initialIntervalMs: number;
  backoff: number;
  maximumIntervalMs: number;
  timeoutMs: number;
}

export interface StretchResult {
  status: 'open' | 'ended' | 'superseded';
  effects: StretchEffect[];
  wakeInMs: number | null;
}

/** Beyond this a stretch comes back for a new turn: a local activity should not outlive many workflow tasks. */
const maxStretchMs = 90_000;
/**
 * Beyond this an express stretch is handed over: half of what a webhook's caller waits for by default. A run that takes longer gains nothing
 * here, and it holds a place that ten short ones could have had.
 */
const maxExpressMs = 10_000;
/** Pure steps run without a pause in between, so this many hold the process up for some tens of milliseconds at most. */
const maxExpressSteps = 200;

const supersededResult: StretchResult = { status: 'superseded', effects: [], wakeInMs: null };

/**
 * The only executor. Takes the run over (or finds that it is another's), goes on from its journal as far as it can, and says what is left: effects
 * for activities of their own, and when to look again.
 */
export async function stretch(deps: ExecutionDeps, input: StretchInput, express: Express | null = null): Promise<StretchResult> {
  try {
    const session = await openRun(deps, input, express);
    if (!session) return supersededResult;
    const inFlight = new Set(input.inFlight);
    const cutShort = await drive(session, inFlight);
    const result = await finishStretch(session, inFlight, cutShort);
    return cutShort && result.status === 'open' ? { ...result, wakeInMs: 1 } : result;
  } catch (error) {
    if (isSuperseded(error)) return supersededResult;
    throw error;
  }
}

/** Runs everything that can run now. Steps run side by side; each boundary of one is a chance for the next. Answers what stopped it before all was done. */
async function drive(session: RunSession, inFlight: ReadonlySet<string>): Promise<CutShort> {
  const { journal, express } = session;
  const underway = createUnderway(express?.signal);
  const seen = new Set<string>();
  const isOver = budgetOf(session);
  // Overrides are for the next boundary: nothing new is begun before them.
  const cutShort = (): CutShort =>
    journal.overrides.length > 0 ? 'override' : express?.isClosing() ? 'shutdown' : isOver() ? 'budget' : null;
  while (!underway.hasFailed) {
    // The express lane applies none: with them the run is handed over.
    if (journal.overrides.length > 0 && underway.size === 0 && !express) await settlePendingOverrides(session);
    const isHeldUp = cutShort() !== null;
    const next = advance(journal.plan, journal.state);
    if (!isHeldUp && evaluatePure(session, next)) continue;
    if (!isHeldUp)
      for (const [step, work] of startable(session, next, { inFlight, seen, signal: underway.signal }))
        if (!underway.has(step.step)) underway.start(step.step, work);
    if (underway.size === 0 && (express || journal.overrides.length === 0)) break;
    await underway.next();
    if (journal.state.status !== 'ended') notifyLive(session.deps.pool, session.run.workspaceId, { kind: 'step', run: session.run.id });
  }
  try {
    await underway.finish();
  } catch (error) {
    // What the other steps came to is known here alone.
    await journal.flush().catch(() => undefined);
    throw error;
  }
  return cutShort();
}

/** Whether a stretch that begins now has lasted long enough. */
function budgetOf({ journal, express }: RunSession): () => boolean {
  const startedAt = performance.now();
  const executed = journal.state.executed;
  const maxMs = express ? maxExpressMs : maxStretchMs;
  const maxSteps = express ? maxExpressSteps : Infinity;
  return () => performance.now() - startedAt > maxMs || journal.state.executed - executed > maxSteps;
}

/** Computes every pure step that is ready; answers whether there was one. */
function evaluatePure(session: RunSession, next: Advance): boolean {
  const pure = next.ready.filter((step) => session.journal.plan.node(step.node).definition.kind === 'pure');
  for (const step of pure) evaluate(session, step);
  return pure.length > 0;
}

function evaluate(session: RunSession, step: StepState): void {
  const { journal } = session;
  // An earlier one of the same round may have ended the run.
  if (journal.state.steps.get(step.step)?.status !== 'ready') return;
  const node = journal.plan.node(step.node);
  try {
    if (node.definition.kind !== 'pure') return;
    const scope = session.scope();
    const missing = new Set<string>();
    const outcome = node.definition.evaluate({
      config: node.fill(scope, (name) => missing.add(name)),
      scope,
    });
    journal.add({
      kind: 'step-ended',
      at: now(),
      ...originOf(step),
      port: outcome.port,
      output: node.joins ? joinOutput(journal.state, step) : outcome.output,
      how: 'ran',
      ...(missing.size > 0 ? { facts: { missing: [...missing] } } : {}),
    });
  } catch (thrown) {
    giveUp(session, step, { attempt: 1, error: asHoldfastError(thrown, 'step.crashed') });
  }
}

interface Round {
  inFlight: ReadonlySet<string>;
  /** Waits that were looked at and steps that were begun here: another look needs another stretch. */
  seen: Set<string>;
  signal: AbortSignal;
}

/** What can be begun in this stretch: quick effects, waits to open, waits that may end. */
function* startable(session: RunSession, next: Advance, { inFlight, seen, signal }: Round): Generator<[StepState, () => Promise<unknown>]> {
  for (const step of [...next.ready, ...next.unfinished]) {
    // What was put off in this stretch is not tried again in it.
    if (inFlight.has(step.step) || (isPutOff(step) && (seen.has(`begun ${step.step}`) || isStillHeldBack(session, step)))) continue;
    const { definition } = session.journal.plan.node(step.node);
    const isMine =
      definition.kind === 'wait' ? isDueNow(step) : definition.kind === 'effect' && isForStretch(step, definition.pace === 'slow');
    if (!isMine) continue;
    seen.add(`begun ${step.step}`);
    yield [step, () => (definition.kind === 'wait' ? openWait(session, step, signal) : attemptBoundary(session, step, signal))];
  }
  if (session.journal.state.status === 'paused') return;
  for (const step of next.waiting) {
    if (seen.has(step.step)) continue;
    seen.add(step.step);
    yield [step, () => settleWait(session, step, signal)];
  }
}

/** First attempts and those after a crash or a person's "again" run here; a failed one comes back in an activity, under the node's policy. */
function isForStretch(step: StepState, isSlow: boolean): boolean {
  if (isPutOff(step)) return isDueNow(step) && !isSlow;
  if (step.status === 'retrying') return step.failure === undefined && !isSlow;
  return !isSlow;
}

/** Put off without a time means until somebody rings: then it is tried once in each stretch. A call that waits for its provider is rung before its time when its turn comes earlier. */
const isDueNow = (step: StepState): boolean =>
  !isPutOff(step) || step.failure?.retryAt === undefined || isHeldCall(step) || Date.parse(step.failure.retryAt) <= Date.now();

/** Why it was put off still holds, so trying would only write that down again. */
function isStillHeldBack({ run }: RunSession, step: StepState): boolean {
  const code = step.failure?.problem.code;
  return (code === 'send.paused' && run.sendsPausedAt !== null) || (code === 'send.held' && run.conversation?.heldBy === 'person');
}

async function attemptBoundary(session: RunSession, step: StepState, signal: AbortSignal): Promise<void> {
  await runAttempt(session, step, signal);
  // The run's end is written together with what comes at the end.
  const next = advance(session.journal.plan, session.journal.state);
  if (next.isDone || next.ready.some((each) => session.journal.plan.node(each.node).definition.kind === 'pure')) return;
  await session.journal.flush();
  await session.deps.crashPoint?.('effect-ended');
}
